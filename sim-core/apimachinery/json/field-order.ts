import { setField } from '../copy.ts';
import type { JsonObject } from '../object.ts';

/**
 * The object with its own keys and those of its metadata in upstream's order: kind, apiVersion,
 * metadata, other fields as they are, spec, status; the original if that is its order. Everything below is
 * shared with the original.
 */
export function inFieldOrder<T extends object>(object: T): T {
  const source = object as JsonObject;
  const ordered = TOP_LEVEL.of(source);
  const metadata = source['metadata'];
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return ordered as T;
  const orderedMetadata = METADATA.of(metadata);
  return (orderedMetadata === metadata ? ordered : { ...ordered, metadata: orderedMetadata }) as T;
}

/** Names of fields by their place. */
class FieldOrder {
  readonly #first: readonly string[];
  readonly #last: readonly string[];
  readonly #places = new Map<string, number>();

  constructor(first: readonly string[], last: readonly string[]) {
    this.#first = first;
    this.#last = last;
    first.forEach((name, index) => this.#places.set(name, index));
    last.forEach((name, index) => this.#places.set(name, first.length + 1 + index));
  }

  /** True if the keys stand in order, and none is undefined that has a place. */
  #isOrdered(object: JsonObject): boolean {
    let reached = 0;
    for (const key in object) {
      const place = this.#places.get(key) ?? this.#first.length;
      if (place < reached || object[key] === undefined) return false;
      reached = place;
    }
    return true;
  }

  /** The object itself if its keys stand in order, else a copy in which they do. */
  of(object: JsonObject): JsonObject {
    if (this.#isOrdered(object)) return object;
    const result: JsonObject = {};
    for (const key of this.#first) if (object[key] !== undefined) result[key] = object[key];
    for (const key of Object.keys(object)) {
      if (!this.#places.has(key)) setField(result, key, object[key]);
    }
    for (const key of this.#last) if (object[key] !== undefined) result[key] = object[key];
    return result;
  }
}

/** The order of fields in upstream's structures, which is the order of a response. */
const TOP_LEVEL = new FieldOrder(['kind', 'apiVersion', 'metadata'], ['spec', 'status']);
/** ObjectMeta's fields as upstream's structure has them. */
export const METADATA_FIELDS = [
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
] as const;
const METADATA = new FieldOrder(METADATA_FIELDS, []);
