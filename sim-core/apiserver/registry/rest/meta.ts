import type { KubeObject, ObjectMeta } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import { badRequestError } from '../../../apimachinery/status.ts';
import type { Rand } from '../../../clock/rand.ts';

const MAX_GENERATED_NAME_LENGTH = 63;
const SUFFIX_LENGTH = 5;

/** Removes what only the server sets. Models rest.WipeObjectMetaSystemFields. */
export function wipeSystemFields(meta: ObjectMeta): void {
  for (const field of SYSTEM_FIELDS) if (field in meta) delete meta[field];
}

const SYSTEM_FIELDS = [
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

/** Models rest.FillObjectMetaSystemFields. */
export function fillSystemFields(meta: ObjectMeta, rand: Rand, now: number): void {
  meta.creationTimestamp = formatTime(now);
  meta.uid = rand.uuid();
}

/** "web-" becomes "web-x7k2p". Models storage/names SimpleNameGenerator. */
export function generateName(base: string, rand: Rand): string {
  return base.slice(0, MAX_GENERATED_NAME_LENGTH - SUFFIX_LENGTH) + rand.nameSuffix(SUFFIX_LENGTH);
}

/**
 * Fills in the namespace of the path, or refuses an object that names another.
 * `expected` is "" for cluster-scoped kinds. Models rest.EnsureObjectNamespaceMatchesRequestNamespace.
 */
export function ensureNamespace(expected: string, meta: ObjectMeta): void {
  if ((meta.namespace ?? '') === expected) return;
  if ((meta.namespace ?? '') === '') {
    meta.namespace = expected;
  } else if (expected === '') {
    delete meta.namespace;
  } else {
    throw badRequestError(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
}

/** The object without its managed fields; what it is made of is shared. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}
