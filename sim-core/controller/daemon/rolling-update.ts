import type { DaemonSet } from 'kubernetes-types/apps/v1';
import type { Node, Pod } from 'kubernetes-types/core/v1';
import { scaledValue } from '../util/int-or-string.ts';
import { isPodAvailable } from '../util/pods.ts';
import { HASH_LABEL, nodeShouldRun } from './daemon-pods.ts';

/**
 * The old pods that may go now, so that no more than maxUnavailable nodes are without a pod that
 * works. Pods of the new template are made on the next sync.
 *
 * Models pkg/controller/daemon/update.go rollingUpdate without surge.
 */
export function podsToReplace(
  set: DaemonSet,
  nodes: readonly Node[],
  podsByNode: ReadonlyMap<string, readonly Pod[]>,
  hash: string,
  now: number,
): Pod[] {
  const minReadySeconds = set.spec!.minReadySeconds ?? 0;
  const wanted = nodes.filter((node) => nodeShouldRun(set, node).run);
  const limit = scaledValue(
    set.spec!.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1,
    wanted.length,
    'up',
  );
  let unavailable = 0;
  const broken: Pod[] = [];
  const working: Pod[] = [];
  for (const node of wanted) {
    const pods = podsByNode.get(node.metadata!.name!) ?? [];
    const old = pods.find((pod) => pod.metadata!.labels?.[HASH_LABEL] !== hash);
    const fresh = pods.find((pod) => pod.metadata!.labels?.[HASH_LABEL] === hash);
    if (fresh !== undefined) {
      if (!isPodAvailable(fresh, minReadySeconds, now)) unavailable++;
    } else if (old === undefined || old.metadata!.deletionTimestamp !== undefined) {
      unavailable++;
    } else if (isPodAvailable(old, minReadySeconds, now)) {
      working.push(old);
    } else {
      unavailable++;
      broken.push(old);
    }
  }
  return [...broken, ...working.slice(0, Math.max(0, limit - unavailable))];
}
