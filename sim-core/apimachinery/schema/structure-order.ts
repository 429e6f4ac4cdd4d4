import { setField } from '../copy.ts';
import type { Json, JsonObject } from '../object.ts';
import type { FieldSchema, ObjectSchema, TypeSchema } from './schema.ts';
import { schemaOf } from './schema.ts';

/**
 * The object with the fields of structures in the order of their declaration and the keys of maps in the alphabet's, as
 * Go's encoding/json writes them. Shares with `object` what is in order, and is `object` if all is. `earlier` is an
 * object that came out of here; what `object` holds of it is not looked at again.
 *
 * What has no schema (RawExtension) stays as it is. Keys of maps that are whole numbers come first, as JavaScript has
 * them.
 */
export function inStructureOrder<T extends object>(object: T, schema: ObjectSchema, earlier?: object): T {
  return structureInOrder(object as JsonObject, schema, earlier as JsonObject | undefined) as T;
}

function structureInOrder(
  object: JsonObject,
  { fields }: ObjectSchema,
  earlier: JsonObject | undefined,
): JsonObject {
  let reached = 0;
  let isOrdered = true;
  /** Parts that were not in order. */
  let mended: Map<string, Json> | undefined;
  for (const key in object) {
    const field = fields.get(key);
    const place = field?.place ?? fields.size;
    if (place < reached) isOrdered = false;
    reached = place;
    const value = object[key]!;
    const before = earlier?.[key];
    if (field === undefined || value === before) continue;
    const ordered = inOrder(value, typeOf(field, value), before);
    if (ordered !== value) (mended ??= new Map()).set(key, ordered);
  }
  if (isOrdered && mended === undefined) return object;
  const keys = Object.keys(object);
  if (!isOrdered) {
    const placeOf = (key: string) => fields.get(key)?.place ?? fields.size;
    keys.sort((a, b) => placeOf(a) - placeOf(b));
  }
  return withKeys(keys, object, mended);
}

const JSON_SCHEMA: TypeSchema = {
  type: 'object',
  get schema() {
    return schemaOf('io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps')!;
  },
};
const JSON_SCHEMAS: TypeSchema = { type: 'array', items: JSON_SCHEMA };

/** Where a schema may stand, several may. */
function typeOf({ type, schemaOr }: FieldSchema, value: Json): TypeSchema {
  if (schemaOr === undefined) return type;
  return Array.isArray(value) ? JSON_SCHEMAS : JSON_SCHEMA;
}

function inOrder(value: Json | undefined, type: TypeSchema, earlier: Json | undefined): Json | undefined {
  if (typeof value !== 'object' || value === null) return value;
  const before = typeof earlier === 'object' && earlier !== null ? earlier : undefined;
  switch (type.type) {
    case 'scalar':
      return value;
    case 'object':
      return Array.isArray(value) ? value : structureInOrder(value, type.schema, before as JsonObject);
    case 'array':
      return Array.isArray(value) ? listInOrder(value, type.items, before as Json[] | undefined) : value;
    case 'map':
      return Array.isArray(value) ? value : mapInOrder(value, type.values);
  }
}

function listInOrder(list: Json[], items: TypeSchema, earlier: Json[] | undefined): Json[] {
  if (items.type === 'scalar') return list;
  let ordered: Json[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const item = list[index]!;
    const before = earlier?.[index];
    if (item === before) continue;
    const mended = inOrder(item, items, before)!;
    if (mended !== item) (ordered ??= [...list])[index] = mended;
  }
  return ordered ?? list;
}

function mapInOrder(map: JsonObject, values: TypeSchema): JsonObject {
  let last = '';
  let isOrdered = true;
  let mended: Map<string, Json> | undefined;
  for (const key in map) {
    if (key < last) isOrdered = false;
    last = key;
    if (values.type === 'scalar') continue;
    const ordered = inOrder(map[key], values, undefined)!;
    if (ordered !== map[key]) (mended ??= new Map()).set(key, ordered);
  }
  if (isOrdered && mended === undefined) return map;
  const keys = Object.keys(map);
  return withKeys(isOrdered ? keys : keys.sort(), map, mended);
}

function withKeys(
  keys: readonly string[],
  object: JsonObject,
  mended: ReadonlyMap<string, Json> | undefined,
): JsonObject {
  const result: JsonObject = {};
  for (const key of keys) setField(result, key, mended?.get(key) ?? object[key]);
  return result;
}
