import { setField } from '../copy.ts';
import type { JsonObject } from '../object.ts';

/** The order of fields in upstream's structures, which is the order of a response. */
const TOP_LEVEL = ['kind', 'apiVersion', 'metadata'];
const LAST = ['spec', 'status'];
const METADATA = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

/**
 * The object with its own keys and those of its metadata in upstream's order: kind, apiVersion,
 * metadata, other fields as they are, spec, status. Everything below is shared with the original.
 */
export function inFieldOrder<T extends object>(object: T): T {
  const source = object as JsonObject;
  const ordered = reordered(source, TOP_LEVEL, LAST);
  const metadata = source['metadata'];
  if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)) {
    ordered['metadata'] = reordered(metadata, METADATA, []);
  }
  return ordered as T;
}

function reordered(object: JsonObject, first: readonly string[], last: readonly string[]): JsonObject {
  const result: JsonObject = {};
  const named = new Set([...first, ...last]);
  for (const key of first) if (object[key] !== undefined) result[key] = object[key];
  for (const key of Object.keys(object)) if (!named.has(key)) setField(result, key, object[key]);
  for (const key of last) if (object[key] !== undefined) result[key] = object[key];
  return result;
}
