import type { GroupResource, KubeObject } from '../apimachinery/object.ts';
import type { RevisionedReader } from '../apiserver/registry/rest/object-store.ts';

/** A reader of some objects, by resource: `readerOf({ pods: [pod] })`. Groups do not matter; only pods have a trigger. */
export function readerOf(objects: Readonly<Record<string, readonly KubeObject[]>>): RevisionedReader {
  const list = ({ resource }: GroupResource, namespace?: string, node?: string) =>
    (objects[resource] ?? []).filter(
      ({ metadata, spec }) =>
        (!namespace || (metadata.namespace ?? '') === namespace) &&
        (node === undefined || spec?.nodeName === node),
    );
  return {
    get: (resource, namespace, name) =>
      Promise.resolve(list(resource, namespace).find(({ metadata }) => metadata.name === name)),
    list: (resource, namespace, node) => Promise.resolve(list(resource, namespace, node)),
    has: (resource) => Promise.resolve(list(resource).length > 0),
    // They never change.
    revisionOf: () => 1,
  };
}
