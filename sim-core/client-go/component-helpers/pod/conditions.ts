import type { Pod, PodCondition, PodStatus } from 'kubernetes-types/core/v1';
import { formatTime } from '../../../apimachinery/object.ts';

/** A condition as its writer says it; times are filled in. */
export type NewPodCondition = Pick<PodCondition, 'type' | 'status'> & {
  readonly reason?: string;
  readonly message?: string;
};

/**
 * The pod's status with `condition` in its place among the others, or behind them; its time of transition is `now`
 * (milliseconds) unless its status stays what it was.
 *
 * Models pkg/api/v1/pod UpdatePodCondition.
 */
export function withPodCondition({ status = {} }: Pod, condition: NewPodCondition, now: number): PodStatus {
  const known = status.conditions ?? [];
  const old = known.find(({ type }) => type === condition.type);
  const updated = {
    ...condition,
    lastProbeTime: null,
    lastTransitionTime: old?.status === condition.status ? old.lastTransitionTime! : formatTime(now),
  } as unknown as PodCondition;
  return {
    ...status,
    conditions: old === undefined ? [...known, updated] : known.map((one) => (one === old ? updated : one)),
  };
}
