import type { KubeObject, ObjectMeta } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import { conflictError } from '../../../apimachinery/status.ts';
import type { DeleteOptions } from './object-store.ts';
import type { ResourceDefinition } from './resource.ts';

/** How an object is to be deleted. */
export interface DeletionPlan {
  /** The object is first marked, and deleted by whoever owns it. */
  readonly graceful: boolean;
  /** It is marked already, and nothing new was asked for. */
  readonly pending: boolean;
  readonly gracePeriodSeconds: number;
}

/**
 * Checks preconditions (409) and decides between a graceful deletion and one at once.
 * Models k8s.io/apiserver/pkg/registry/rest/delete.go BeforeDelete.
 */
export function beforeDelete(
  definition: ResourceDefinition,
  object: KubeObject,
  options: DeleteOptions,
): DeletionPlan {
  checkPreconditions(definition, object, options);
  const { strategy } = definition;
  const atOnce = { graceful: false, pending: false, gracePeriodSeconds: 0 };
  if (strategy.checkGracefulDelete === undefined) return atOnce;
  const { deletionTimestamp, deletionGracePeriodSeconds: current } = object.metadata;
  // A negative period means one second.
  const { gracePeriodSeconds: asked } = options;
  const requested = asked !== undefined && asked < 0 ? 1 : asked;
  if (deletionTimestamp !== undefined) {
    if (current === undefined || current === 0) return atOnce;
    // Only a shorter period changes anything once the object is marked.
    return requested === undefined || requested >= current
      ? { graceful: false, pending: true, gracePeriodSeconds: current }
      : { graceful: true, pending: false, gracePeriodSeconds: requested };
  }
  const effective = { gracePeriodSeconds: requested };
  if (!strategy.checkGracefulDelete(object, effective)) return atOnce;
  if (effective.gracePeriodSeconds === undefined) {
    throw new Error(`checkGracefulDelete of ${definition.kind} must set gracePeriodSeconds`);
  }
  return { graceful: true, pending: false, gracePeriodSeconds: effective.gracePeriodSeconds };
}

/** Sets deletionTimestamp and grace period as of `now`, or shortens them. Changes `object`. */
export function markGracefully({ metadata }: KubeObject, gracePeriodSeconds: number, now: number): void {
  const { deletionTimestamp, deletionGracePeriodSeconds: current } = metadata;
  if (deletionTimestamp !== undefined && current !== undefined) {
    const shorter = (current - gracePeriodSeconds) * 1000;
    metadata.deletionTimestamp = formatTime(Date.parse(deletionTimestamp) - shorter);
  } else {
    metadata.deletionTimestamp = formatTime(now + gracePeriodSeconds * 1000);
    bumpGeneration(metadata);
  }
  metadata.deletionGracePeriodSeconds = gracePeriodSeconds;
}

/**
 * Marks an object that only its finalizers hold. Changes `object`.
 * Models registry.Store markAsDeleting.
 */
export function markAsDeleting({ metadata }: KubeObject, now: number): void {
  const { deletionTimestamp } = metadata;
  if (metadata.deletionGracePeriodSeconds === undefined) bumpGeneration(metadata);
  if (deletionTimestamp === undefined || Date.parse(deletionTimestamp) > now) {
    metadata.deletionTimestamp = formatTime(now);
  }
  metadata.deletionGracePeriodSeconds = 0;
}

/** A deletion changes what is wanted of the object. */
function bumpGeneration(metadata: ObjectMeta): void {
  if ((metadata.generation ?? 0) > 0) metadata.generation = metadata.generation! + 1;
}

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

/**
 * The finalizers that an object has once it is deleted with these options: the garbage collector's
 * two come and go with the propagation policy. Models deletionFinalizersForGarbageCollection.
 */
export function finalizersForDeletion(
  { strategy }: ResourceDefinition,
  { metadata }: KubeObject,
  options: DeleteOptions,
): readonly string[] {
  const finalizers = metadata.finalizers ?? [];
  const { orphanDependents, propagationPolicy } = options;
  const orphan =
    orphanDependents ??
    (propagationPolicy !== undefined
      ? propagationPolicy === 'Orphan'
      : finalizers.includes(ORPHAN) ||
        (strategy.orphansDependents === true && !finalizers.includes(FOREGROUND)));
  const foreground =
    orphanDependents !== undefined
      ? false
      : propagationPolicy !== undefined
        ? propagationPolicy === 'Foreground'
        : finalizers.includes(FOREGROUND) && !orphan;
  return [
    ...finalizers.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND),
    ...(orphan ? [ORPHAN] : []),
    ...(foreground ? [FOREGROUND] : []),
  ];
}

/** Rejects with 409 if the object is not the one that the client meant. */
function checkPreconditions(
  { group, kind }: ResourceDefinition,
  { metadata }: KubeObject,
  { preconditions }: DeleteOptions,
): void {
  const { uid, resourceVersion } = preconditions ?? {};
  const resource = { group, resource: kind };
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflictError(
      resource,
      metadata.name!,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). ` +
        'The object might have been deleted and then recreated',
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflictError(
      resource,
      metadata.name!,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record ` +
        `(${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}
