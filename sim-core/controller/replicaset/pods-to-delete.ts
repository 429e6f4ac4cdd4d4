import type { Pod } from 'kubernetes-types/core/v1';
import { byKeys, leadingKeys } from '../util/active-pods.ts';
import { isPodReady, maxRestarts, podCondition } from '../util/pods.ts';

const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

/**
 * The `count` pods that a ReplicaSet can best do without. `related` are all pods of its owner's sets.
 * Models pkg/controller/replicaset getPodsToDelete and pkg/controller ActivePodsWithRanks.
 */
export function podsToDelete(
  pods: readonly Pod[],
  related: readonly Pod[],
  count: number,
  now: number,
): readonly Pod[] {
  if (count >= pods.length) return pods;
  const crowd = new Map<string, number>();
  for (const pod of related) {
    const node = pod.spec?.nodeName ?? '';
    crowd.set(node, (crowd.get(node) ?? 0) + 1);
  }
  return byKeys(pods, (pod) => sortKey(pod, crowd, now)).slice(0, count);
}

/** Small goes first, the first difference decides. */
function sortKey(pod: Pod, crowd: ReadonlyMap<string, number>, now: number): number[] {
  const node = pod.spec?.nodeName ?? '';
  const ready = isPodReady(pod);
  return [
    ...leadingKeys(pod),
    Number(pod.metadata?.annotations?.[DELETION_COST] ?? 0) || 0,
    -(crowd.get(node) ?? 0),
    ready ? ageRank(podCondition(pod, 'Ready')?.lastTransitionTime, now) : 0,
    -maxRestarts(pod),
    ageRank(pod.metadata?.creationTimestamp, now),
  ];
}

/** Ages within a power of two seconds of each other count as equal; the young are small. */
function ageRank(time: string | undefined, now: number): number {
  if (time === undefined) return Infinity;
  const seconds = Math.floor((now - Date.parse(time)) / 1000);
  return seconds <= 0 ? -1 : Math.floor(Math.log2(seconds));
}
