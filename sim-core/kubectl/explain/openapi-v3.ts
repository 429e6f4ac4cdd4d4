import { wholeBody } from '../../apimachinery/http.ts';
import { errorOfResponse } from '../../client-go/rest/response-error.ts';
import type { Factory } from '../factory.ts';
import type { RestMapping } from '../resource/rest-mapper.ts';
import type { SchemaField, SchemaNode, Structure } from './schema-node.ts';

interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly required?: readonly string[];
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly allOf?: readonly OpenApiSchema[];
  readonly enum?: readonly unknown[];
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}
type Schemas = Readonly<Record<string, OpenApiSchema>>;

/** What the server's OpenAPI v3 documents say of a kind; undefined if they know nothing of it. */
export async function publishedSchema(
  factory: Factory,
  { group, version, kind }: RestMapping,
): Promise<SchemaNode | undefined> {
  const { paths } = await fetchJson<{ paths?: Record<string, { serverRelativeURL: string }> }>(
    factory,
    '/openapi/v3',
  );
  const path = paths?.[group === '' ? `api/${version}` : `apis/${group}/${version}`];
  if (path === undefined) return undefined;
  const document = await fetchJson<{ components?: { schemas?: Schemas } }>(factory, path.serverRelativeURL);
  const schemas = document.components?.schemas ?? {};
  const schema = Object.values(schemas).find(({ 'x-kubernetes-group-version-kind': kinds = [] }) =>
    kinds.some((other) => other.group === group && other.version === version && other.kind === kind),
  );
  return schema === undefined ? undefined : new OpenApiNode(schema, schemas);
}

async function fetchJson<T>(factory: Factory, path: string): Promise<T> {
  const response = await factory.client().raw({ method: 'GET', path });
  if (response.status >= 400) throw errorOfResponse(response);
  return JSON.parse(await wholeBody(response)) as T;
}

class OpenApiNode implements SchemaNode {
  readonly #schema: OpenApiSchema;
  readonly #schemas: Schemas;

  readonly #isField: boolean;

  constructor(schema: OpenApiSchema, schemas: Schemas, isField = false) {
    this.#schema = schema;
    this.#schemas = schemas;
    this.#isField = isField;
  }

  get typeName(): string {
    return this.#typeText(this.#schema, (ref) => ref.split('.').at(-1)!);
  }

  get plainTypeName(): string {
    return this.#typeText(this.#schema, () => 'Object');
  }

  get enum(): readonly unknown[] | undefined {
    return this.#schema.enum;
  }

  get descriptions(): string[] {
    // That of a field stands with the field.
    const isOwn = this.#isField && this.#schema.description !== undefined;
    return this.#descriptions(this.#schema).slice(isOwn ? 1 : 0);
  }

  get structure(): Structure | undefined {
    return this.#structure(this.#schema);
  }

  #resolve(schema: OpenApiSchema): OpenApiSchema {
    return schema.$ref === undefined ? schema : (this.#schemas[nameIn(schema.$ref)] ?? {});
  }

  #typeText(schema: OpenApiSchema, refText: (ref: string) => string): string {
    const { items, additionalProperties, allOf, properties, $ref, type } = schema;
    if (items !== undefined) return `[]${this.#typeText(items, refText)}`;
    if (typeof additionalProperties === 'object')
      return `map[string]${this.#typeText(additionalProperties, refText)}`;
    if (allOf?.length === 1 && properties === undefined) return this.#typeText(allOf[0]!, refText);
    if ($ref !== undefined) {
      const target = this.#resolve(schema);
      return target.type === undefined || target.type === 'object' ? refText($ref) : target.type;
    }
    return type === undefined || type === 'object' ? 'Object' : type;
  }

  #descriptions(schema: OpenApiSchema): string[] {
    const { description, allOf, items, additionalProperties } = this.#resolve(schema);
    return [
      ...(description === undefined ? [] : [description]),
      ...inner(allOf, items, additionalProperties).flatMap((part) => this.#descriptions(part)),
    ];
  }

  #structure(schema: OpenApiSchema): Structure | undefined {
    const resolved = this.#resolve(schema);
    const { properties, required = [], allOf, items, additionalProperties } = resolved;
    if (properties !== undefined) {
      const fields = new Map<string, SchemaField>();
      for (const name of Object.keys(properties).sort()) {
        const own = properties[name]!;
        fields.set(name, {
          name,
          required: required.includes(name),
          description: own.description ?? '',
          node: new OpenApiNode(own, this.#schemas, true),
        });
      }
      return { id: resolved, fields };
    }
    for (const part of inner(allOf, items, additionalProperties)) {
      const structure = this.#structure(part);
      if (structure !== undefined) return structure;
    }
    return undefined;
  }
}

function inner(
  allOf: readonly OpenApiSchema[] = [],
  items: OpenApiSchema | undefined,
  additionalProperties: OpenApiSchema | boolean | undefined,
): OpenApiSchema[] {
  return [
    ...allOf,
    ...(items === undefined ? [] : [items]),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
  ];
}

function nameIn(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}
