import type { Deployment, DeploymentStatus, ReplicaSet } from 'kubernetes-types/apps/v1';
import {
  conditionOf,
  hasProgressDeadline,
  newCondition,
  replicaFailureOf,
  withCondition,
  withoutCondition,
} from './conditions.ts';
import { maxUnavailable, replicasOf, sum } from './limits.ts';

const NEW_SET_AVAILABLE = 'NewReplicaSetAvailable';
const TIMED_OUT = 'ProgressDeadlineExceeded';

const count = (value: number | undefined): number => value ?? 0;

/** Models pkg/controller/deployment/sync.go calculateStatus. */
export function calculateStatus(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  now: number,
): DeploymentStatus {
  const available = sum(all, ({ status }) => count(status?.availableReplicas));
  const unavailable = Math.max(0, sum(all, replicasOf) - available);
  const condition =
    available >= replicasOf(deployment) - maxUnavailable(deployment)
      ? newCondition(
          'Available',
          'True',
          'MinimumReplicasAvailable',
          'Deployment has minimum availability.',
          now,
        )
      : newCondition(
          'Available',
          'False',
          'MinimumReplicasUnavailable',
          'Deployment does not have minimum availability.',
          now,
        );
  return {
    observedGeneration: deployment.metadata!.generation!,
    replicas: sum(all, ({ status }) => count(status?.replicas)),
    updatedReplicas: count(newSet?.status?.replicas),
    readyReplicas: sum(all, ({ status }) => count(status?.readyReplicas)),
    availableReplicas: available,
    unavailableReplicas: unavailable,
    ...(deployment.status?.collisionCount !== undefined && {
      collisionCount: deployment.status.collisionCount,
    }),
    conditions: withCondition(deployment.status?.conditions ?? [], condition),
  };
}

/** All replicas are of the newest template and available. Models DeploymentComplete. */
export function isComplete(deployment: Deployment, status: DeploymentStatus | undefined): boolean {
  const wanted = replicasOf(deployment);
  return (
    count(status?.updatedReplicas) === wanted &&
    count(status?.replicas) === wanted &&
    count(status?.availableReplicas) === wanted &&
    count(status?.observedGeneration) >= deployment.metadata!.generation!
  );
}

/** Something moved since the last status. Models DeploymentProgressing. */
function isProgressing(old: DeploymentStatus | undefined, status: DeploymentStatus): boolean {
  const outdated = (of: DeploymentStatus | undefined) => count(of?.replicas) - count(of?.updatedReplicas);
  return (
    count(status.updatedReplicas) > count(old?.updatedReplicas) ||
    outdated(status) < outdated(old) ||
    count(status.readyReplicas) > count(old?.readyReplicas) ||
    count(status.availableReplicas) > count(old?.availableReplicas)
  );
}

/** Nothing moved for longer than the deadline. Models DeploymentTimedOut. */
function isTimedOut(deployment: Deployment, now: number): boolean {
  const condition = conditionOf(deployment.status, 'Progressing');
  if (condition === undefined || condition.reason === NEW_SET_AVAILABLE) return false;
  if (condition.reason === TIMED_OUT) return true;
  const deadline = deployment.spec!.progressDeadlineSeconds! * 1000;
  return Date.parse(condition.lastUpdateTime!) + deadline < now;
}

/**
 * The Deployment's status with what is to be said of its progress.
 * Models pkg/controller/deployment/progress.go syncRolloutStatus.
 */
export function rolloutStatus(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  now: number,
): DeploymentStatus {
  const status = calculateStatus(deployment, all, newSet, now);
  const name =
    newSet === undefined
      ? `Deployment ${JSON.stringify(deployment.metadata!.name)}`
      : `ReplicaSet ${JSON.stringify(newSet.metadata!.name)}`;
  const say = (value: 'True' | 'False', reason: string, what: string) =>
    newCondition('Progressing', value, reason, `${name} ${what}.`, now);
  let conditions = status.conditions!;
  const current = conditionOf(deployment.status, 'Progressing');
  const wasComplete =
    count(status.replicas) === count(status.updatedReplicas) && current?.reason === NEW_SET_AVAILABLE;
  if (!hasProgressDeadline(deployment)) {
    conditions = withoutCondition(conditions, 'Progressing');
  } else if (!wasComplete) {
    if (isComplete(deployment, status)) {
      conditions = withCondition(conditions, say('True', NEW_SET_AVAILABLE, 'has successfully progressed'));
    } else if (isProgressing(deployment.status, status)) {
      const condition = say('True', 'ReplicaSetUpdated', 'is progressing');
      const next =
        current?.status === 'True'
          ? { ...condition, lastTransitionTime: current.lastTransitionTime! }
          : condition;
      conditions = [...withoutCondition(conditions, 'Progressing'), next];
    } else if (isTimedOut(deployment, now)) {
      conditions = withCondition(conditions, say('False', TIMED_OUT, 'has timed out progressing'));
    }
  }
  return { ...status, conditions: withFailure(conditions, all, newSet) };
}

/** Repeats the failure of the newest set, or else of an older one. Models getReplicaFailures. */
function withFailure(
  conditions: DeploymentStatus['conditions'] & object,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
): DeploymentStatus['conditions'] & object {
  const own = newSet && replicaFailureOf(newSet);
  const failure = own ?? all.map(replicaFailureOf).find((condition) => condition !== undefined);
  return failure === undefined
    ? withoutCondition(conditions, 'ReplicaFailure')
    : withCondition(conditions, failure);
}

/** When the deadline should be looked at again, in milliseconds; undefined: never. */
export function nextDeadlineCheck(
  deployment: Deployment,
  status: DeploymentStatus,
  now: number,
): number | undefined {
  const current = conditionOf(deployment.status, 'Progressing');
  if (!hasProgressDeadline(deployment) || current === undefined) return undefined;
  if (isComplete(deployment, status) || current.reason === TIMED_OUT) return undefined;
  const deadline = deployment.spec!.progressDeadlineSeconds! * 1000;
  return Math.max(0, Date.parse(current.lastUpdateTime!) + deadline - now) + 1000;
}
