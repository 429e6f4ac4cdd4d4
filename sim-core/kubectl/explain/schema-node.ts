/** A schema as explain reads it, from the built-in types or from a server's OpenAPI document. */
export interface SchemaNode {
  /** `[]Container`, `map[string]string`, `string`. */
  readonly typeName: string;
  /** The same for structures without names: `[]Object`. */
  readonly plainTypeName: string;
  readonly enum?: readonly unknown[];
  /** The texts of the type and of those inside it; not that of the field which it stands in. */
  readonly descriptions: readonly string[];
  /** The fields of the type, or of what a list or map holds. */
  readonly structure: Structure | undefined;
}

export interface Structure {
  /** Tells structures apart, so that those which contain themselves end. */
  readonly id: unknown;
  /** In the order of the alphabet. */
  readonly fields: ReadonlyMap<string, SchemaField>;
}

export interface SchemaField {
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
  readonly node: SchemaNode;
}

/** A field that has been found along a path. */
export function followPath(root: SchemaNode, path: readonly string[]): SchemaField | undefined {
  let field: SchemaField | undefined;
  for (const name of path) {
    field = (field?.node ?? root).structure?.fields.get(name);
    if (field === undefined) throw new FieldError(name);
  }
  return field;
}

export class FieldError extends Error {
  constructor(name: string) {
    super(`field ${JSON.stringify(name)} does not exist`);
  }
}
