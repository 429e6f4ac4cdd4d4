import type { Deployment, ReplicaSet } from 'kubernetes-types/apps/v1';
import { scaledValue } from '../util/int-or-string.ts';

// Models pkg/controller/deployment/util/deployment_util.go.

export const replicasOf = ({ spec }: Deployment | ReplicaSet): number => spec?.replicas ?? 1;

export const isRollingUpdate = (deployment: Deployment): boolean =>
  (deployment.spec?.strategy?.type ?? 'RollingUpdate') === 'RollingUpdate';

/** Surge rounds up, unavailable rounds down, and they are never both nothing. */
function fenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  const { maxSurge, maxUnavailable } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const replicas = replicasOf(deployment);
  const surge = scaledValue(maxSurge, replicas, 'up');
  const unavailable = scaledValue(maxUnavailable, replicas, 'down');
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

/** How many pods may be missing during a rollout. */
export function maxUnavailable(deployment: Deployment): number {
  if (!isRollingUpdate(deployment) || replicasOf(deployment) === 0) return 0;
  return Math.min(replicasOf(deployment), fenceposts(deployment).unavailable);
}

/** How many pods may be too many during a rollout. */
export function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0;
}

/** What the new ReplicaSet, which has `current` replicas, may grow to now. Models NewRSNewReplicas. */
export function newReplicas(deployment: Deployment, all: readonly ReplicaSet[], current: number): number {
  const wanted = replicasOf(deployment);
  if (!isRollingUpdate(deployment)) return wanted;
  const room = wanted + maxSurge(deployment) - sum(all, replicasOf);
  if (room <= 0) return current;
  return current + Math.min(room, wanted - current);
}

export function sum(sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number): number {
  return sets.reduce((total, set) => total + count(set), 0);
}

export const isActive = (set: ReplicaSet): boolean => replicasOf(set) > 0;

export function byCreation(a: ReplicaSet, b: ReplicaSet): number {
  const [left, right] = [a.metadata!.creationTimestamp ?? '', b.metadata!.creationTimestamp ?? ''];
  if (left !== right) return left < right ? -1 : 1;
  return a.metadata!.name! < b.metadata!.name! ? -1 : 1;
}
