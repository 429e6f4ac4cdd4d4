import { deepCopy, setField } from '../../../apimachinery/copy.ts';
import type { Json } from '../../../apimachinery/object.ts';
import type { JSONSchemaProps } from '../types.ts';
import { additionalSchema, fieldSchema, isObject } from './traverse.ts';

const isUnwantedNull = (value: Json | undefined, schema: JSONSchemaProps | undefined) =>
  value === null && schema !== undefined && schema.nullable !== true;

/**
 * Fills in what the schema has defaults for. Changes `value`.
 * Models pkg/apiserver/schema/defaulting/algorithm.go.
 */
export function applyDefaults(value: Json, schema: JSONSchemaProps | undefined): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    const { items } = schema;
    value.forEach((item, index) => {
      if (isUnwantedNull(item, items) && items!.default !== undefined)
        value[index] = deepCopy(items!.default);
      applyDefaults(value[index]!, items);
    });
    return;
  }
  if (!isObject(value)) return;
  const { properties = {} } = schema;
  for (const name of Object.keys(properties)) {
    const field = properties[name]!;
    if (field.default === undefined) continue;
    const found = Object.hasOwn(value, name) ? value[name] : undefined;
    if (found === undefined || isUnwantedNull(found, field)) setField(value, name, deepCopy(field.default));
  }
  const additional = additionalSchema(schema);
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(properties, name)) {
      applyDefaults(value[name]!, properties[name]);
    } else if (additional !== undefined) {
      if (isUnwantedNull(value[name], additional) && additional.default !== undefined) {
        setField(value, name, deepCopy(additional.default));
      }
      applyDefaults(value[name]!, additional);
    }
  }
}

/**
 * Removes nulls that may not be there and have no default to take their place. Changes `value`.
 * Models defaulting/prunenulls.go PruneNonNullableNullsWithoutDefaults.
 */
export function pruneNulls(value: Json, schema: JSONSchemaProps | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) pruneNulls(item, schema?.items);
  } else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      const field = fieldSchema(schema, name);
      if (isUnwantedNull(value[name], field) && field!.default === undefined) delete value[name];
      else pruneNulls(value[name]!, field);
    }
  }
}
