import type { Deployment, ReplicaSet } from 'kubernetes-types/apps/v1';
import { byCreation, maxUnavailable, replicasOf, sum } from './limits.ts';
import type { Resize } from './replica-sets.ts';

const availableOf = ({ status }: ReplicaSet): number => status?.availableReplicas ?? 0;

/**
 * Which old sets may shrink now without leaving too few pods available: first by their pods that
 * are unavailable anyway, then by as many as the new set's pods replace.
 *
 * Models pkg/controller/deployment/rolling.go reconcileOldReplicaSets.
 */
export function shrinkOldSets(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  old: readonly ReplicaSet[],
  newSet: ReplicaSet,
): Resize[] {
  if (sum(old, replicasOf) === 0) return [];
  const minAvailable = replicasOf(deployment) - maxUnavailable(deployment);
  const newUnavailable = replicasOf(newSet) - availableOf(newSet);
  const limit = sum(all, replicasOf) - minAvailable - newUnavailable;
  if (limit <= 0) return [];
  const sizes = new Map(old.map((set) => [set, replicasOf(set)]));
  const sorted = [...old].sort(byCreation);
  cleanupUnhealthy(sorted, sizes, limit);
  const spare = sum(all, availableOf) - minAvailable;
  scaleDown(sorted, sizes, spare);
  return sorted
    .filter((set) => sizes.get(set) !== replicasOf(set))
    .map((set) => ({ set, replicas: sizes.get(set)! }));
}

/** Models cleanupUnhealthyReplicas. */
function cleanupUnhealthy(sets: readonly ReplicaSet[], sizes: Map<ReplicaSet, number>, limit: number): void {
  let left = limit;
  for (const set of sets) {
    if (left <= 0) return;
    const shrink = Math.min(left, Math.max(0, sizes.get(set)! - availableOf(set)));
    sizes.set(set, sizes.get(set)! - shrink);
    left -= shrink;
  }
}

/** Models scaleDownOldReplicaSetsForRollingUpdate. */
function scaleDown(sets: readonly ReplicaSet[], sizes: Map<ReplicaSet, number>, spare: number): void {
  let left = spare;
  for (const set of sets) {
    if (left <= 0) return;
    const shrink = Math.min(left, sizes.get(set)!);
    sizes.set(set, sizes.get(set)! - shrink);
    left -= shrink;
  }
}
