import { deepCopy, deepEqual } from '../../../../../apimachinery/copy.ts';
import type { Json, JsonObject } from '../../../../../apimachinery/object.ts';
import type { FieldSchema, ObjectSchema, TypeSchema } from '../../../../../apimachinery/schema/schema.ts';

/** A patch that would replace what is owned as a whole. */
export class AtomicError extends Error {
  override readonly name = 'AtomicError';
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Lays an apply configuration over an object: maps and structures merge, lists merge by their keys. Returns
 * a new object. Throws an AtomicError that names the fields which may not be written in part.
 *
 * Models policy/mutating/patch/smd.go ApplyStructuredMergeDiff.
 */
export function applyConfiguration(
  object: JsonObject,
  patch: JsonObject,
  type: ObjectSchema | undefined,
): JsonObject {
  const atomics: string[] = [];
  const merged = mergeObject(object, patch, type, '', atomics);
  if (atomics.length > 0) {
    throw new AtomicError(`may not mutate atomic arrays, maps or structs: ${atomics.join(', ')}`);
  }
  return merged;
}

function mergeObject(
  live: JsonObject,
  patch: JsonObject,
  type: ObjectSchema | undefined,
  path: string,
  atomics: string[],
): JsonObject {
  const merged = deepCopy(live);
  for (const [key, value] of Object.entries(patch)) {
    const field = type?.fields.get(key);
    const before = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = mergeValue(before, value, field?.type, field, `${path}.${key}`, atomics);
  }
  return merged;
}

function mergeValue(
  live: Json | undefined,
  patch: Json,
  type: TypeSchema | undefined,
  field: FieldSchema | undefined,
  path: string,
  atomics: string[],
): Json {
  if (Array.isArray(patch))
    return mergeList(Array.isArray(live) ? live : [], patch, type, field, path, atomics);
  if (!isObject(patch)) return patch;
  const isAtomic = field?.merge?.listType === 'atomic' || (type?.type === 'object' && type.schema.atomic);
  if (isAtomic) atomics.push(path);
  if (type?.type === 'map') {
    const merged = isObject(live) ? deepCopy(live) : {};
    for (const [key, value] of Object.entries(patch)) {
      merged[key] = mergeValue(merged[key], value, type.values, undefined, `${path}.${key}`, atomics);
    }
    return merged;
  }
  const schema = type?.type === 'object' ? type.schema : undefined;
  return mergeObject(isObject(live) ? live : {}, patch, schema, path, atomics);
}

function mergeList(
  live: readonly Json[],
  patch: readonly Json[],
  type: TypeSchema | undefined,
  field: FieldSchema | undefined,
  path: string,
  atomics: string[],
): Json[] {
  const { listType = '', listMapKeys = [] } = field?.merge ?? {};
  const items = type?.type === 'array' ? type.items : undefined;
  const merged = deepCopy([...live]);
  if (listType === 'set') {
    return [...merged, ...patch.filter((item) => !live.some((known) => deepEqual(known, item)))];
  }
  if (listType !== 'map') {
    atomics.push(path);
    return [...patch];
  }
  for (const item of patch) {
    const at = merged.findIndex(
      (known) =>
        isObject(known) && isObject(item) && listMapKeys.every((key) => deepEqual(known[key], item[key])),
    );
    const value = mergeValue(merged[at], item, items, undefined, path, atomics);
    if (at < 0) merged.push(value);
    else merged[at] = value;
  }
  return merged;
}
