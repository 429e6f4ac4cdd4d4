import type { FieldSchema, ObjectSchema, TypeSchema } from '../simulator.ts';
import type { Path } from './documents.ts';

/** What stands at a path: its type, the field it is of, and the type that has this field. */
export interface TypeAt {
  readonly type: TypeSchema;
  readonly field?: FieldSchema;
  readonly owner?: ObjectSchema;
}

/** The type at a path of an object; undefined if there is no such field. */
export function typeAt(schema: ObjectSchema, path: Path): TypeAt | undefined {
  let found: TypeAt = { type: { type: 'object', schema } };
  for (const part of path) {
    const { type } = found;
    if (type.type === 'array' && typeof part === 'number') {
      found = { ...found, type: type.items };
    } else if (type.type === 'map' && typeof part === 'string') {
      found = { type: type.values };
    } else if (type.type === 'object' && typeof part === 'string') {
      const field = type.schema.fields.get(part);
      if (field === undefined) return undefined;
      found = { type: field.type, field, owner: type.schema };
    } else {
      return undefined;
    }
  }
  return found;
}

/** "[]Container", "map[string]string", as kubectl explain writes types. */
export function formatType(type: TypeSchema): string {
  switch (type.type) {
    case 'array':
      return `[]${formatType(type.items)}`;
    case 'map':
      return `map[string]${formatType(type.values)}`;
    case 'object':
      return type.schema.shortName;
    case 'scalar':
      return type.scalar;
  }
}

/** The values that a field's description says it may have: "One of Always, OnFailure, Never." */
export function choicesIn(description: string): readonly string[] {
  const list =
    /\b(?:one of|(?:valid|possible|supported|allowed) (?:values|options)(?: are)?|must be)\b:?\s+((?:["'`]?[A-Z]\w*["'`]?(?:, (?:and |or )?| and | or ))+["'`]?[A-Z]\w*["'`]?)/i.exec(
      description,
    )?.[1];
  return list?.match(/[A-Z]\w*/g) ?? [];
}
