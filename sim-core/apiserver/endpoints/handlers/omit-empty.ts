import type { ObjectSchema, TypeSchema } from '../../../apimachinery/schema/schema.ts';

/**
 * Removes optional lists and maps that are empty, as Go's "omitempty" does when it writes an object.
 * Structures stay: an empty one may mean something (emptyDir: {}).
 */
export function dropEmptyFields(object: object, schema: ObjectSchema): void {
  const fields = object as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const field = schema.fields.get(key);
    if (field === undefined) continue;
    const value = fields[key];
    if (!field.required && isEmptyCollection(value, field.type)) delete fields[key];
    else dropIn(value, field.type);
  }
}

function isEmptyCollection(value: unknown, type: TypeSchema): boolean {
  if (type.type === 'array') return Array.isArray(value) && value.length === 0;
  return (
    type.type === 'map' && typeof value === 'object' && value !== null && Object.keys(value).length === 0
  );
}

function dropIn(value: unknown, type: TypeSchema): void {
  if (typeof value !== 'object' || value === null) return;
  switch (type.type) {
    case 'object':
      dropEmptyFields(value, type.schema);
      break;
    case 'array':
      for (const item of value as unknown[]) dropIn(item, type.items);
      break;
    case 'map':
      for (const item of Object.values(value)) dropIn(item, type.values);
      break;
    case 'scalar':
      break;
  }
}
