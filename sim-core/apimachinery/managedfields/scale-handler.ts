import type { Json } from '../object.ts';
import type { PathElement } from '../structured-merge-diff/path-element.ts';
import { difference, hasPath, isEmptySet, setOf } from '../structured-merge-diff/field-set.ts';
import type { Managed } from './entry.ts';
import { entryOf, sortedEntries, storedEntries } from './entry.ts';

const SCALE_VERSION = 'autoscaling/v1';
const REPLICAS = ['f:spec', 'f:replicas'] as const;

/**
 * The managed fields of a Scale: who manages the number of replicas of its parent, which stands at `replicas`.
 * Models managedfields/scalehandler.go ToSubresource.
 */
export function scaleEntries(
  parent: readonly Json[] | undefined,
  replicas: readonly PathElement[] = REPLICAS,
): Json[] {
  const entries: Managed = new Map();
  for (const [id, entry] of storedEntries(parent)) {
    if (!hasPath(entry.fieldsV1, ...replicas)) continue;
    entries.set(id, entryOf({ ...entry, apiVersion: SCALE_VERSION }, entry.time, setOf(...REPLICAS)));
  }
  return sortedEntries(entries);
}

/**
 * The parent's managed fields after its Scale was written: whoever does not manage the replicas any more loses
 * them. `apiVersion` is the parent's. As upstream, who took them over has an entry without a time.
 * Models managedfields/scalehandler.go ToParent.
 */
export function parentEntries(
  parent: readonly Json[] | undefined,
  scale: readonly Json[] | undefined,
  apiVersion: string,
  replicas: readonly PathElement[] = REPLICAS,
): Json[] {
  const ofScale = new Map([...storedEntries(scale).values()].map((entry) => [keyOf(entry), entry] as const));
  const entries: Managed = new Map();
  for (const [id, entry] of storedEntries(parent)) {
    if (!hasPath(entry.fieldsV1, ...replicas) || ofScale.delete(keyOf(entry))) {
      entries.set(id, entry);
      continue;
    }
    const left = difference(entry.fieldsV1, setOf(...replicas));
    if (!isEmptySet(left)) entries.set(id, entryOf(entry, entry.time, left));
  }
  for (const [key, entry] of ofScale) {
    if (!hasPath(entry.fieldsV1, ...REPLICAS)) continue;
    entries.set(`scale\0${key}`, entryOf({ ...entry, apiVersion }, undefined, setOf(...replicas)));
  }
  return sortedEntries(entries);
}

/** Who an entry belongs to, whichever of the two kinds it is about. */
function keyOf({
  manager,
  operation,
  subresource = '',
}: {
  manager: string;
  operation: string;
  subresource?: string;
}) {
  return `${manager}\0${operation}\0${subresource}`;
}
