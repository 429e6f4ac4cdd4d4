import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from 'kubernetes-types/core/v1';
import type { StorageClass } from 'kubernetes-types/storage/v1';
import { semanticEqual } from '../apimachinery/copy.ts';
import type { SharedInformer } from '../client-go/tools/cache/shared-informer.ts';
import type { Stored } from '../client-go/tools/cache/store.ts';
import type { SchedulerCache } from './cache/cache.ts';
import type { ClusterEvent } from './framework/interface.ts';
import type { SchedulingQueue } from './queue/scheduling-queue.ts';

/** The name by which a pod asks for this scheduler. */
export const SCHEDULER_NAME = 'default-scheduler';

const isAssigned = (pod: Pod): boolean => Boolean(pod.spec?.nodeName);
const isOurs = (pod: Pod): boolean =>
  (pod.spec?.schedulerName || SCHEDULER_NAME) === SCHEDULER_NAME && !isGated(pod);
const isGated = (pod: Pod): boolean => (pod.spec?.schedulingGates ?? []).length > 0;

/**
 * Keeps cache and queue up to date with pods and nodes.
 * Models pkg/scheduler/eventhandlers.go addAllEventHandlers.
 */
export function addEventHandlers(
  pods: SharedInformer<Pod>,
  nodes: SharedInformer<Node>,
  cache: SchedulerCache,
  queue: SchedulingQueue,
): void {
  pods.addHandler({
    onAdd(pod) {
      if (isAssigned(pod)) {
        cache.setPod(pod);
        queue.moveAll({ type: 'assigned-pod-changed', pod });
      } else if (isOurs(pod)) queue.add(pod);
    },
    onUpdate(old, pod) {
      if (isAssigned(pod)) {
        if (!isAssigned(old)) queue.delete(pod);
        if (!isAssigned(old) || mattersToOthers(old, pod)) {
          cache.setPod(pod);
          queue.moveAll({ type: 'assigned-pod-changed', pod });
        }
      } else if (isOurs(pod) && !cache.isAssumed(pod)) queue.update(old, pod);
    },
    onDelete(pod) {
      if (isAssigned(pod)) {
        cache.removePod(pod);
        queue.moveAll({ type: 'assigned-pod-deleted', pod });
      } else {
        const wasNominated = queue.nominator.nodeOf(pod) !== undefined;
        queue.delete(pod);
        cache.forget(pod);
        // The place that was kept for it is free.
        if (wasNominated) queue.moveAll({ type: 'assigned-pod-deleted', pod });
      }
    },
  });
  nodes.addHandler({
    onAdd(node) {
      cache.setNode(node);
      queue.moveAll({ type: 'node-added', node });
    },
    onUpdate(old, node) {
      cache.setNode(node);
      if (mattersToScheduling(old, node)) queue.moveAll({ type: 'node-updated', old, node });
    },
    onDelete(node) {
      cache.removeNode(node.metadata!.name!);
      queue.moveAll({ type: 'node-deleted', node });
    },
  });
}

/** Tells the queue of what happens to claims and volumes, once somebody needs to know them. */
export function addVolumeHandlers(
  queue: SchedulingQueue,
  claims: SharedInformer<PersistentVolumeClaim>,
  volumes: SharedInformer<PersistentVolume>,
  storageClasses: SharedInformer<StorageClass>,
): void {
  const tell = <T extends Stored>(informer: SharedInformer<T>, eventOf: (object: T) => ClusterEvent) => {
    const move = (object: T) => queue.moveAll(eventOf(object));
    informer.addHandler({ onAdd: move, onUpdate: (_, object) => move(object) });
  };
  tell(claims, (claim) => ({ type: 'claim-changed', claim }));
  tell(volumes, (volume) => ({ type: 'volume-changed', volume }));
  tell(storageClasses, () => ({ type: 'storage-class-changed' }));
}

/** A status changes nothing for other pods; labels, resources and a beginning end do. */
function mattersToOthers(old: Pod, pod: Pod): boolean {
  return !(
    old.metadata?.deletionTimestamp === pod.metadata?.deletionTimestamp &&
    semanticEqual(old.metadata?.labels, pod.metadata?.labels) &&
    semanticEqual(old.spec, pod.spec)
  );
}

/** A heartbeat does not. Models framework nodeSchedulingPropertiesChange. */
function mattersToScheduling(old: Node, node: Node): boolean {
  return !(
    old.spec?.unschedulable === node.spec?.unschedulable &&
    semanticEqual(old.spec?.taints, node.spec?.taints) &&
    semanticEqual(old.metadata?.labels, node.metadata?.labels) &&
    semanticEqual(old.status?.allocatable, node.status?.allocatable)
  );
}
