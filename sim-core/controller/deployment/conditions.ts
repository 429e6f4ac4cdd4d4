import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from 'kubernetes-types/apps/v1';
import { formatTime } from '../../apimachinery/object.ts';

/** Upstream's stand-in for "no deadline". */
const NO_DEADLINE = 2_147_483_647;

export function conditionOf(
  status: Pick<DeploymentStatus, 'conditions'> | undefined,
  type: string,
): DeploymentCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

export function newCondition(
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  now: number,
): DeploymentCondition {
  const time = formatTime(now);
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message };
}

/**
 * The conditions with `condition` at their end, unless one with its status and reason is there.
 * Models SetDeploymentCondition.
 */
export function withCondition(
  conditions: readonly DeploymentCondition[],
  condition: DeploymentCondition,
): DeploymentCondition[] {
  const known = conditions.find(({ type }) => type === condition.type);
  if (known?.status === condition.status && known.reason === condition.reason) return [...conditions];
  const next =
    known?.status === condition.status
      ? { ...condition, lastTransitionTime: known.lastTransitionTime! }
      : condition;
  return [...withoutCondition(conditions, condition.type), next];
}

export function withoutCondition(
  conditions: readonly DeploymentCondition[],
  type: string,
): DeploymentCondition[] {
  return conditions.filter((condition) => condition.type !== type);
}

export function hasProgressDeadline({ spec }: Deployment): boolean {
  return spec?.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== NO_DEADLINE;
}

/** What a ReplicaSet says of its failure, as the Deployment repeats it. */
export function replicaFailureOf(set: ReplicaSet): DeploymentCondition | undefined {
  const failure = set.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  if (failure === undefined) return undefined;
  return {
    type: 'ReplicaFailure',
    status: failure.status,
    lastTransitionTime: failure.lastTransitionTime!,
    lastUpdateTime: failure.lastTransitionTime!,
    reason: failure.reason!,
    message: failure.message!,
  };
}
