import { goJson } from '../../../apimachinery/json/go-json.ts';
import type { Json, JsonObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { duplicate, invalid } from '../../../apimachinery/validation/field-error.ts';
import type { JSONSchemaProps } from '../types.ts';
import { additionalSchema, isObject } from './traverse.ts';

/**
 * Lists of type "set" and "map" hold no item twice. Models pkg/apiserver/schema/listtype/validation.go.
 */
export function validateListTypes(value: Json, schema: JSONSchemaProps | undefined, path = ''): FieldError[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) {
    const own =
      schema['x-kubernetes-list-type'] === 'set'
        ? repeated(value).map((index) => duplicate(`${path}[${index}]`, value[index]!))
        : schema['x-kubernetes-list-type'] === 'map'
          ? validateMap(value, schema['x-kubernetes-list-map-keys'] ?? [], path)
          : [];
    return [
      ...own,
      ...value.flatMap((item, index) => validateListTypes(item, schema.items, `${path}[${index}]`)),
    ];
  }
  if (!isObject(value)) return [];
  const additional = additionalSchema(schema);
  return Object.keys(value).flatMap((key) => {
    const isNamed = schema.properties !== undefined && Object.hasOwn(schema.properties, key);
    const inner = isNamed ? schema.properties![key] : additional;
    const at = isNamed ? (path === '' ? key : `${path}.${key}`) : `${path}[${key}]`;
    return validateListTypes(value[key]!, inner, at);
  });
}

function validateMap(list: readonly Json[], keys: readonly string[], path: string): FieldError[] {
  const misfit = list.findIndex((item) => item !== null && !isObject(item));
  if (misfit >= 0) {
    return [invalid(`${path}[${misfit}]`, list[misfit], 'must be an object for an array of list-type map')];
  }
  const ids = list.map((item) => keyOf(item as JsonObject | null, keys));
  return repeated(ids).map((index) => duplicate(`${path}[${index}]`, ids[index]!));
}

function keyOf(item: JsonObject | null, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.filter((key) => item !== null && Object.hasOwn(item, key)).map((key) => [key, item![key]!]),
  );
}

/** Where a value comes for the second time; the third time is not told. */
function repeated(list: readonly Json[]): number[] {
  const seen = new Map<string, number>();
  return list.flatMap((item, index) => {
    const id = goJson(item);
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    return times === 2 ? [index] : [];
  });
}
