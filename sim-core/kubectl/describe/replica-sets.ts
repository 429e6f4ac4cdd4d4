import { deepCopy, semanticEqual } from '../../apimachinery/copy.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Invocation } from '../invocation.ts';
import { Helper } from '../resource/helper.ts';
import { formatLabels } from '../printers/table-printer.ts';

/**
 * A deployment's replica sets: the one of its template, and all others.
 * Models pkg/util/deployment GetAllReplicaSetsInChunks.
 */
export async function revisionsOfReplicaSets(
  { factory }: Invocation,
  deployment: KubeObject,
): Promise<{ readonly oldSets: readonly KubeObject[]; readonly newSet: KubeObject | undefined }> {
  const mapping = {
    group: 'apps',
    version: 'v1',
    resource: 'replicasets',
    kind: 'ReplicaSet',
    namespaced: true,
  };
  const { selector, template } = deployment.spec as {
    selector: { matchLabels?: Record<string, string> };
    template: KubeObject;
  };
  const labelSelector = formatLabels(selector.matchLabels);
  const list = await new Helper(factory.client(), mapping).list(deployment.metadata.namespace ?? '', {
    labelSelector,
  });
  const owned = (list.items as KubeObject[])
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid))
    .sort((one, other) => (ageKey(one) < ageKey(other) ? -1 : 1));
  const newSet = owned.find((set) =>
    semanticEqual(withoutHash((set.spec as { template: KubeObject }).template), template),
  );
  return { oldSets: owned.filter((set) => set !== newSet), newSet };
}

/** Sorts the oldest first. Models ReplicaSetsByCreationTimestamp. */
function ageKey({ metadata: { creationTimestamp = '', name = '' } }: KubeObject): string {
  return `${creationTimestamp ?? ''} ${name}`;
}

function withoutHash(template: KubeObject): KubeObject {
  const copy = deepCopy(template);
  if (copy.metadata?.labels !== undefined) delete copy.metadata.labels['pod-template-hash'];
  return copy;
}
