import type { Deployment, ReplicaSet } from 'kubernetes-types/apps/v1';
import { DESIRED_REPLICAS, MAX_REPLICAS } from './annotations.ts';
import { byCreation, maxSurge, replicasOf, sum } from './limits.ts';
import type { Resize } from './replica-sets.ts';

/** True if the Deployment was scaled since a set was last sized for it. Models isScalingEvent. */
export function isScalingEvent(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  return sets.some((set) => {
    const desired = set.metadata?.annotations?.[DESIRED_REPLICAS];
    return replicasOf(set) > 0 && desired !== undefined && Number(desired) !== replicasOf(deployment);
  });
}

/**
 * Spreads a change of the Deployment's size over the sets of a rollout that is under way, each by
 * its share. Models the proportional part of pkg/controller/deployment/sync.go scale.
 */
export function proportionalSizes(deployment: Deployment, active: readonly ReplicaSet[]): Resize[] {
  const wanted = replicasOf(deployment);
  const allowed = wanted > 0 ? wanted + maxSurge(deployment) : 0;
  const total = sum(active, replicasOf);
  const toAdd = allowed - total;
  const sets = [...active].sort((a, b) => {
    const bySize = replicasOf(b) - replicasOf(a);
    return bySize !== 0 ? bySize : toAdd > 0 ? byCreation(b, a) : byCreation(a, b);
  });
  let added = 0;
  const sizes = sets.map((set) => {
    const share = toAdd === 0 ? 0 : proportion(set, deployment, toAdd, added, total);
    added += share;
    return { set, replicas: replicasOf(set) + share };
  });
  const first = sizes[0];
  if (first !== undefined && toAdd !== 0) {
    sizes[0] = { set: first.set, replicas: Math.max(0, first.replicas + toAdd - added) };
  }
  return sizes;
}

/** Models GetReplicaSetProportion. */
function proportion(
  set: ReplicaSet,
  deployment: Deployment,
  toAdd: number,
  added: number,
  total: number,
): number {
  if (replicasOf(set) === 0) return 0;
  const share = fraction(set, deployment, total);
  const left = toAdd - added;
  return toAdd > 0 ? Math.min(share, left) : Math.max(share, left);
}

/** Models getReplicaSetFraction. */
function fraction(set: ReplicaSet, deployment: Deployment, total: number): number {
  const replicas = replicasOf(set);
  if (replicasOf(deployment) === 0) return -replicas;
  const size = replicasOf(deployment) + maxSurge(deployment);
  const annotated = Number(set.metadata?.annotations?.[MAX_REPLICAS] ?? 0) || total;
  return Math.round((replicas * size) / annotated) - replicas;
}
