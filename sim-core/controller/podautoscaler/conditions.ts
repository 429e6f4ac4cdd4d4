import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
} from 'kubernetes-types/autoscaling/v2';
import { formatTime } from '../../apimachinery/object.ts';
import type { Clock } from '../../clock/clock.ts';

/**
 * The conditions of an autoscaler while it is looked at: each keeps its place, and its time while its status is the same.
 * Models setConditionInList.
 */
export class Conditions {
  readonly #clock: Clock;
  #list: HorizontalPodAutoscalerCondition[];

  /** Begins with what the autoscaler's status says. */
  constructor({ status }: HorizontalPodAutoscaler, clock: Clock) {
    this.#clock = clock;
    this.#list = status?.conditions ?? [];
  }

  get list(): HorizontalPodAutoscalerCondition[] {
    return this.#list;
  }

  set(type: string, status: 'True' | 'False', reason: string, message: string): void {
    const known = this.#list.find((condition) => condition.type === type);
    const lastTransitionTime =
      known?.status === status ? known.lastTransitionTime! : formatTime(this.#clock.now());
    const next = { type, status, reason, message, lastTransitionTime };
    this.#list =
      known === undefined
        ? [...this.#list, next]
        : this.#list.map((other) => (other === known ? next : other));
  }
}
