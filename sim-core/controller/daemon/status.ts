import type { DaemonSetStatus } from 'kubernetes-types/apps/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { isPodAvailable, isPodReady } from '../util/pods.ts';
import { isPodUpdated, nodeShouldRun } from './daemon-pods.ts';
import type { RollingView } from './rolling-update.ts';

/** `observed`: the set's template was acted on. Models pkg/controller/daemon updateDaemonSetStatus. */
export function daemonSetStatus(
  { set, nodes, podsByNode, hash, now }: RollingView,
  observed: boolean,
): DaemonSetStatus {
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
  for (const node of nodes) {
    const pods = podsByNode.get(node.metadata!.name!) ?? [];
    if (!nodeShouldRun(set, node).run) {
      if (pods.length > 0) counts.misscheduled++;
      continue;
    }
    counts.desired++;
    const pod = [...pods].sort(byCreation)[0];
    if (pod === undefined) continue;
    counts.current++;
    if (isPodReady(pod)) counts.ready++;
    if (isPodAvailable(pod, set.spec!.minReadySeconds ?? 0, now)) counts.available++;
    if (isPodUpdated(set, pod, hash)) counts.updated++;
  }
  const unavailable = counts.desired - counts.available;
  const generation = observed ? set.metadata!.generation : set.status?.observedGeneration;
  return {
    ...(set.status?.collisionCount && { collisionCount: set.status.collisionCount }),
    currentNumberScheduled: counts.current,
    desiredNumberScheduled: counts.desired,
    ...(counts.available > 0 && { numberAvailable: counts.available }),
    numberMisscheduled: counts.misscheduled,
    numberReady: counts.ready,
    ...(unavailable > 0 && { numberUnavailable: unavailable }),
    ...(generation !== undefined && { observedGeneration: generation }),
    ...(counts.updated > 0 && { updatedNumberScheduled: counts.updated }),
  };
}

/** Scheduled pods first, then the old. Models podByCreationTimestampAndPhase. */
export function byCreation(a: Pod, b: Pod): number {
  const scheduled = Number(Boolean(b.spec?.nodeName)) - Number(Boolean(a.spec?.nodeName));
  if (scheduled !== 0) return scheduled;
  const [left, right] = [a.metadata!.creationTimestamp ?? '', b.metadata!.creationTimestamp ?? ''];
  return left < right ? -1 : left > right ? 1 : a.metadata!.name! < b.metadata!.name! ? -1 : 1;
}
