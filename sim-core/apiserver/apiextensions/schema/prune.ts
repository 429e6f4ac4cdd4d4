import type { Json } from '../../../apimachinery/object.ts';
import type { JSONSchemaProps } from '../types.ts';
import { additionalSchema, isObject, joinIndex, joinKey, META_FIELDS } from './traverse.ts';

/**
 * Removes the fields that the schema of a resource does not name. Changes `value`; returns the paths of
 * what was removed, in order.
 *
 * Models pkg/apiserver/schema/pruning/algorithm.go.
 */
export function prune(value: Json, schema: JSONSchemaProps): string[] {
  const unknown: string[] = [];
  pruneValue(value, schema, '', unknown);
  return unknown.sort();
}

function pruneValue(value: Json, schema: JSONSchemaProps | undefined, path: string, unknown: string[]): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => pruneValue(item, schema?.items, joinIndex(path, index), unknown));
    return;
  }
  if (!isObject(value)) return;
  const keepsUnknown = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  for (const key of Object.keys(value)) {
    if (schema?.['x-kubernetes-embedded-resource'] && META_FIELDS.includes(key)) continue;
    if (schema?.properties !== undefined && Object.hasOwn(schema.properties, key)) {
      pruneValue(value[key]!, schema.properties[key], joinKey(path, key), unknown);
    } else if (schema?.additionalProperties !== undefined) {
      pruneValue(value[key]!, additionalSchema(schema), joinKey(path, key), unknown);
    } else if (!keepsUnknown) {
      if (path !== '' || !META_FIELDS.includes(key)) unknown.push(joinKey(path, key));
      delete value[key];
    }
  }
}
