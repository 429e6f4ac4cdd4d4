import { deepCopy } from '../../../../apimachinery/copy.ts';
import { formatTime } from '../../../../apimachinery/object.ts';
import { conflictError } from '../../../../apimachinery/status.ts';
import type { DeleteOptions } from '../../rest/object-store.ts';
import type { StoreHooks } from '../../rest/subresource.ts';

const NAMESPACES = { group: '', resource: 'namespaces' };

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

/** Models storage.go shouldHaveOrphanFinalizer and shouldHaveDeleteDependentsFinalizer. */
function finalizersFor(
  { orphanDependents, propagationPolicy }: DeleteOptions,
  finalizers: readonly string[],
): string[] {
  const decided = orphanDependents !== undefined || propagationPolicy !== undefined;
  if (!decided) return [...finalizers];
  const orphan = orphanDependents ?? propagationPolicy === 'Orphan';
  const foreground = orphanDependents === undefined ? propagationPolicy === 'Foreground' : !orphanDependents;
  return [
    ...finalizers.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND),
    ...(orphan ? [ORPHAN] : []),
    ...(foreground ? [FOREGROUND] : []),
  ];
}

/**
 * A namespace is first marked as terminating; it goes when its contents are gone and its finalizers empty.
 * Models pkg/registry/core/namespace/storage/storage.go REST Delete.
 */
export const namespaceHooks: StoreHooks = {
  async delete(options, context, proceed) {
    const namespace = await context.store.get(context.name, context);
    const uid = options.preconditions?.uid;
    if (uid !== undefined && uid !== namespace.metadata.uid) {
      throw conflictError(
        NAMESPACES,
        context.name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${namespace.metadata.uid}`,
      );
    }
    const version = options.preconditions?.resourceVersion;
    if (version !== undefined && version !== namespace.metadata.resourceVersion) {
      throw conflictError(
        NAMESPACES,
        context.name,
        `Precondition failed: ResourceVersion in precondition: ${version}, ResourceVersion in object meta: ${namespace.metadata.resourceVersion}`,
      );
    }
    if (namespace.metadata.deletionTimestamp === undefined) {
      await context.validate(namespace, undefined);
      const object = await context.store.guaranteedUpdate(
        context.name,
        (current) => {
          const next = deepCopy(current);
          next.metadata.deletionTimestamp ??= formatTime(context.now);
          next.status = { ...next.status, phase: 'Terminating' };
          const finalizers = finalizersFor(options, current.metadata.finalizers ?? []);
          if (finalizers.length > 0) next.metadata.finalizers = finalizers;
          else delete next.metadata.finalizers;
          return next;
        },
        context,
      );
      return { object, deleted: false };
    }
    if ((namespace.spec?.finalizers ?? []).length > 0) return { object: namespace, deleted: false };
    return proceed();
  },
};
