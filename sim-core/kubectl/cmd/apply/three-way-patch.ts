import { deepEqual } from '../../../apimachinery/copy.ts';
import type { Json } from '../../../apimachinery/object.ts';
import { type FieldSchema, type ObjectSchema, objectSchemaIn } from '../../../apimachinery/schema/schema.ts';

type JsonMap = { [key: string]: Json };

/**
 * What turns `current` into what `modified` asks for, and takes away what `original` had and
 * `modified` lacks, whether `current` has it or not. Lists merge item by item where `schema` says so; without a schema they are
 * replaced, which makes it a JSON merge patch.
 *
 *     original {a: 1, b: 2}   modified {a: 3}   current {a: 1, b: 2, c: 4}   →   {a: 3, b: null}
 *
 * Models apimachinery strategicpatch.CreateThreeWayMergePatch and jsonmergepatch.
 */
export function threeWayPatch(
  original: JsonMap,
  modified: JsonMap,
  current: JsonMap,
  schema: ObjectSchema | undefined,
): JsonMap {
  const patch: JsonMap = {};
  for (const [key, wanted] of Object.entries(modified)) {
    const field = schema?.fields.get(key);
    const live = current[key];
    if (live === undefined) {
      if (wanted !== null) patch[key] = wanted;
    } else if (isMap(wanted) && isMap(live)) {
      const inner = field === undefined ? undefined : objectSchemaIn(field.type);
      const nested = threeWayPatch(mapOf(original[key]), wanted, live, inner);
      if (Object.keys(nested).length > 0) {
        patch[key] = field?.merge?.patchStrategy.includes('retainKeys')
          ? { $retainKeys: Object.keys(wanted).sort(), ...nested }
          : nested;
      }
    } else if (Array.isArray(wanted) && Array.isArray(live) && mergesItems(field)) {
      Object.assign(patch, listPatch(key, field, listOf(original[key]), wanted, live));
    } else if (!deepEqual(wanted, live)) patch[key] = wanted;
  }
  for (const key of Object.keys(original)) {
    if (!Object.hasOwn(modified, key)) patch[key] = null;
  }
  return patch;
}

function mergesItems(field: FieldSchema | undefined): field is FieldSchema {
  return field?.merge?.patchStrategy.includes('merge') ?? false;
}

function listPatch(
  name: string,
  field: FieldSchema,
  original: readonly Json[],
  modified: readonly Json[],
  current: readonly Json[],
): JsonMap {
  const key = field.merge!.patchMergeKey;
  if (key === '') {
    const added = modified.filter((item) => !current.some((live) => deepEqual(live, item)));
    const removed = original.filter((item) => !modified.some((kept) => deepEqual(kept, item)));
    // The live list is sorted by then.
    const sorted = [...current].sort((a, b) => (String(a) < String(b) ? -1 : 1));
    if (removed.length === 0 && deepEqual(sorted, modified)) return {};
    return {
      [`$setElementOrder/${name}`]: [...modified],
      ...(added.length > 0 && { [name]: added }),
      ...(removed.length > 0 && { [`$deleteFromPrimitiveList/${name}`]: removed }),
    };
  }
  const itemSchema = objectSchemaIn(field.type);
  const keyOf = (item: Json) => (isMap(item) ? item[key] : undefined);
  const find = (items: readonly Json[], wanted: Json | undefined) =>
    items.find((item) => deepEqual(keyOf(item), wanted));
  const items: Json[] = [];
  for (const item of modified) {
    if (!isMap(item)) continue;
    const live = find(current, keyOf(item));
    if (live === undefined || !isMap(live)) {
      items.push(item);
      continue;
    }
    const nested = threeWayPatch(mapOf(find(original, keyOf(item))), item, live, itemSchema);
    if (Object.keys(nested).length > 0) items.push({ ...nested, [key]: item[key]! });
  }
  for (const item of original) {
    const identity = keyOf(item);
    if (identity === undefined || find(modified, identity) !== undefined) continue;
    items.push({ $patch: 'delete', [key]: identity });
  }
  const isOrderSame =
    modified.length === current.length &&
    modified.every((item, index) => deepEqual(keyOf(item), keyOf(current[index]!)));
  if (items.length === 0 && isOrderSame) return {};
  const order = modified.map((item): Json => ({ [key]: keyOf(item) ?? null }));
  return { [`$setElementOrder/${name}`]: order, ...(items.length > 0 && { [name]: items }) };
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapOf(value: Json | undefined): JsonMap {
  return isMap(value) ? value : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
