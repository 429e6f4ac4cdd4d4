import type { Json, JsonObject } from '../../../apimachinery/object.ts';
import type { JSONSchemaProps } from '../types.ts';

export const META_FIELDS: readonly string[] = ['apiVersion', 'kind', 'metadata'];

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema of fields that `properties` does not name; undefined if there is none. */
export function additionalSchema({ additionalProperties }: JSONSchemaProps): JSONSchemaProps | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** The schemas right inside of a schema. */
export function partsOf(schema: JSONSchemaProps): JSONSchemaProps[] {
  const { items, not } = schema;
  const additional = additionalSchema(schema);
  return [
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(not === undefined ? [] : [not]),
    ...(items === undefined ? [] : [items]),
    ...Object.values(schema.properties ?? {}),
    ...(additional === undefined ? [] : [additional]),
  ];
}

/** The schema of one field; undefined if the schema says nothing of it. */
export function fieldSchema(schema: JSONSchemaProps | undefined, name: string): JSONSchemaProps | undefined {
  if (schema === undefined) return undefined;
  const { properties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  return additionalSchema(schema);
}

/** "a.b" and "a[0]", as upstream writes paths of unknown fields. */
export const joinKey = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);
export const joinIndex = (path: string, index: number) => `${path}[${index}]`;

/** The schema of a whole resource: it has kind, apiVersion and metadata without naming them. */
export function asResource(schema: JSONSchemaProps): JSONSchemaProps {
  return schema['x-kubernetes-embedded-resource']
    ? schema
    : { ...schema, 'x-kubernetes-embedded-resource': true };
}
