import type { Pod } from 'kubernetes-types/core/v1';
import type { SharedInformer } from '../../client-go/tools/cache/shared-informer.ts';
import type { Lister, Stored } from '../../client-go/tools/cache/store.ts';
import { controllerOf } from './owner.ts';

const INDEX = 'controllerUID';
const orphansOf = (namespace: string | undefined) => `orphans of ${namespace}`;

/** Sees that pods can be found by who controls them. Models pkg/controller AddPodControllerIndexer. */
export function indexPodsByOwner(pods: SharedInformer<Pod>): void {
  pods.addIndex(INDEX, (pod) => [controllerOf(pod)?.uid ?? orphansOf(pod.metadata?.namespace)]);
}

/** The pods that `owner` controls. Models pkg/controller FilterPodsByOwner. */
export function podsControlledBy(pods: Lister<Pod>, owner: Stored): readonly Pod[] {
  return pods.byIndex(INDEX, owner.metadata!.uid!);
}

/** The pods that `owner` controls, and those of its namespace that nobody does: it may adopt them. */
export function podsToClaim(pods: Lister<Pod>, owner: Stored): readonly Pod[] {
  const orphans = pods.byIndex(INDEX, orphansOf(owner.metadata!.namespace));
  const own = podsControlledBy(pods, owner);
  return orphans.length === 0 ? own : [...own, ...orphans];
}
