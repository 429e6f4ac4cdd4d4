import type { Descriptions } from '../../../apimachinery/schema/descriptions.ts';
import type { JSONSchemaProps } from '../types.ts';
import { OWN_FIELDS } from './openapi.ts';

/**
 * The texts and enums of a schema and of what is in it, by the names that {@link objectType} gives to its types.
 * `name` is that of the whole.
 */
export function descriptionsOf(name: string, schema: JSONSchemaProps): Descriptions {
  const structures = new Map<string, JSONSchemaProps>();
  collect(name, schema, structures);
  const fieldOf = (of: string, field: string) => structures.get(of)?.properties?.[field];
  return {
    describe(of, field) {
      if (field === undefined) return structures.get(of)?.description ?? '';
      const own = of === name ? OWN_FIELDS.get(field) : undefined;
      return fieldOf(of, field)?.description ?? own ?? '';
    },
    enumOf(of, field, items = false) {
      const found = fieldOf(of, field);
      const values = (items ? found?.items : found)?.enum;
      return values?.map(String);
    },
  };
}

/** Lists and maps have no name of their own: what is in them is called as they are. */
function collect(name: string, schema: JSONSchemaProps, into: Map<string, JSONSchemaProps>): void {
  if (schema.properties !== undefined) into.set(name, schema);
  for (const [field, part] of Object.entries(schema.properties ?? {}))
    collect(`${name}.${field}`, part, into);
  if (schema.items !== undefined) collect(name, schema.items, into);
  if (typeof schema.additionalProperties === 'object') collect(name, schema.additionalProperties, into);
}
