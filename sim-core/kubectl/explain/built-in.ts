import { type Descriptions, loadDescriptions } from '../../apimachinery/schema/descriptions.ts';
import {
  fieldsByName,
  type ObjectSchema,
  objectSchemaIn,
  type TypeSchema,
} from '../../apimachinery/schema/schema.ts';
import { NAMED_ANY, type NamedAny, SCALAR_DESCRIPTIONS } from '../../apimachinery/schema/named-types.ts';
import type { RestMapping } from '../resource/rest-mapper.ts';
import { schemaOfKind } from '../util/schema.ts';
import type { SchemaField, SchemaNode, Structure } from './schema-node.ts';

/** How OpenAPI v3 names the types that hold one scalar or another. */
const UNION_NAMES: Readonly<Record<string, string>> = {
  quantity: 'Quantity',
  'int-or-string': 'IntOrString',
};
/** How OpenAPI calls the scalars. */
const SCALAR_NAMES: Readonly<Record<string, string>> = {
  int32: 'integer',
  int64: 'integer',
  double: 'number',
  boolean: 'boolean',
  quantity: 'string',
  'int-or-string': 'string',
  bytes: 'string',
  time: 'string',
  'micro-time': 'string',
  string: 'string',
  any: 'Object',
};

/** The schema of a built-in kind; undefined for others. */
export async function builtInSchema(mapping: RestMapping): Promise<SchemaNode | undefined> {
  const schema = schemaOfKind(mapping);
  if (schema === undefined) return undefined;
  return new BuiltInNode({ type: 'object', schema }, await loadDescriptions());
}

class BuiltInNode implements SchemaNode {
  readonly #type: TypeSchema;
  readonly #texts: Descriptions;
  readonly #any: NamedAny | undefined;
  readonly enum?: readonly string[];

  /** `any` is what is of any shape in the type. */
  constructor(type: TypeSchema, texts: Descriptions, any?: NamedAny, values?: readonly string[]) {
    this.#type = type;
    this.#texts = texts;
    this.#any = any;
    if (values !== undefined) this.enum = values;
  }

  get typeName(): string {
    const any = this.#any?.name.split('.').at(-1);
    const names = any === undefined ? UNION_NAMES : { ...UNION_NAMES, any };
    return typeText(this.#type, ({ shortName }) => shortName, names);
  }

  get plainTypeName(): string {
    return typeText(this.#type, () => 'Object', { any: this.#any?.isObject === false ? '' : 'map[string]' });
  }

  get descriptions(): string[] {
    const schema = objectSchemaIn(this.#type);
    if (schema !== undefined) return [this.#texts.describe(schema.name)];
    const description = this.#any?.description ?? scalarDescription(this.#type);
    return description === undefined ? [] : [description];
  }

  get structure(): Structure | undefined {
    const schema = objectSchemaIn(this.#type);
    if (schema === undefined) return undefined;
    const fields = new Map<string, SchemaField>();
    for (const { name, required, type } of fieldsByName(schema)) {
      const description = this.#texts.describe(schema.name, name);
      const any = NAMED_ANY.get(`${schema.name}.${name}`);
      const node = new BuiltInNode(type, this.#texts, any, this.#texts.enumOf(schema.name, name));
      fields.set(name, { name, required, description, node });
    }
    return { id: schema.name, fields };
  }
}

/** Of the scalar in lists and maps. */
function scalarDescription(type: TypeSchema): string | undefined {
  switch (type.type) {
    case 'array':
      return scalarDescription(type.items);
    case 'map':
      return scalarDescription(type.values);
    case 'scalar':
      return SCALAR_DESCRIPTIONS[type.scalar];
    case 'object':
      return undefined;
  }
}

function typeText(
  type: TypeSchema,
  objectText: (schema: ObjectSchema) => string,
  unions: Readonly<Record<string, string>>,
): string {
  switch (type.type) {
    case 'array':
      return `[]${typeText(type.items, objectText, unions)}`;
    case 'map':
      return `map[string]${typeText(type.values, objectText, unions)}`;
    case 'object':
      return objectText(type.schema);
    case 'scalar':
      return unions[type.scalar] ?? SCALAR_NAMES[type.scalar] ?? type.scalar;
  }
}
