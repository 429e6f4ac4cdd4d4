import type { Pod } from 'kubernetes-types/core/v1';
import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { labelSelectorAsSelector, type Selector } from '../../../apimachinery/labels/selector.ts';
import type { Handle } from '../handle.ts';

/**
 * Chooses the pods like this one: by the selectors of its services and of its controller. Empty: nothing
 * makes pods like it. Models pkg/scheduler/framework/plugins/helper DefaultSelector.
 */
export function defaultSelector(pod: Pod, handle: Handle): Selector {
  const { namespace, labels = {}, ownerReferences } = pod.metadata!;
  const matchLabels: Record<string, string> = {};
  for (const { spec } of handle.services.list(namespace)) {
    const entries = Object.entries(spec?.selector ?? {});
    if (entries.length > 0 && entries.every(([key, value]) => labels[key] === value)) {
      Object.assign(matchLabels, spec!.selector);
    }
  }
  let own: LabelSelector = {};
  const owner = ownerReferences?.find(({ controller }) => controller);
  if (owner !== undefined) {
    const { kind, name } = owner;
    if (kind === 'ReplicationController') {
      Object.assign(matchLabels, handle.replicationControllers.get(namespace!, name)?.spec?.selector);
    } else if (kind === 'ReplicaSet') {
      own = handle.replicaSets.get(namespace!, name)?.spec?.selector ?? {};
    } else if (kind === 'StatefulSet') {
      own = handle.statefulSets.get(namespace!, name)?.spec?.selector ?? {};
    }
  }
  const { matchExpressions } = own;
  return labelSelectorAsSelector({
    matchLabels: { ...matchLabels, ...own.matchLabels },
    ...(matchExpressions !== undefined && { matchExpressions }),
  });
}
