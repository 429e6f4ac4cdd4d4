import type { GroupVersionKind, Json, JsonObject } from '../../../apimachinery/object.ts';
import type { Descriptions } from '../../../apimachinery/schema/descriptions.ts';
import type { FieldSchema, ObjectSchema, TypeSchema } from '../../../apimachinery/schema/schema.ts';
import { fieldsByName, schemaOf } from '../../../apimachinery/schema/schema.ts';
import type { Dialect } from './dialect.ts';
import { FIELD_DEFAULTS } from './field-defaults.ts';
import { NAMED_ANY, NAMED_SCALARS } from '../../../apimachinery/schema/named-types.ts';
import { PLAIN_SCALARS, SPECIAL_TYPES } from './special-types.ts';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/**
 * Collects the types that a document refers to, each with what it refers to itself.
 * Models k8s.io/kube-openapi/pkg/builder definitions.
 */
export class SchemaCollector {
  readonly #dialect: Dialect;
  readonly #descriptions: Descriptions;
  /** Kinds under which a type is registered: several for DeleteOptions. */
  readonly #kinds: ReadonlyMap<string, readonly GroupVersionKind[]>;
  /** Types of CustomResourceDefinitions, in the form of the dialect. */
  readonly #custom: ReadonlyMap<string, JsonObject>;
  readonly #schemas = new Map<string, JsonObject>();

  constructor(
    dialect: Dialect,
    descriptions: Descriptions,
    kinds: ReadonlyMap<string, readonly GroupVersionKind[]>,
    custom: ReadonlyMap<string, JsonObject>,
  ) {
    this.#dialect = dialect;
    this.#descriptions = descriptions;
    this.#kinds = kinds;
    this.#custom = custom;
  }

  /** A reference to the type `name`, which the document then holds. Undefined if there is no such type. */
  refer(name: string, description = '', hasDefault = false): JsonObject | undefined {
    if (!this.#add(name)) return undefined;
    return this.#dialect.refer(name, description, hasDefault);
  }

  /** All that was referred to, by name. */
  definitions(): JsonObject {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #add(name: string): boolean {
    if (this.#schemas.has(name)) return true;
    const special = Object.hasOwn(SPECIAL_TYPES, name) ? SPECIAL_TYPES[name] : undefined;
    if (special !== undefined) {
      this.#schemas.set(name, special(this.#dialect));
      return true;
    }
    const custom = this.#custom.get(name);
    if (custom !== undefined) {
      this.#schemas.set(name, custom);
      for (const own of [name.replace(/List$/, ''), `${META}.ObjectMeta`, `${META}.ListMeta`]) this.#add(own);
      return true;
    }
    const schema = schemaOf(name);
    if (schema === undefined) return false;
    // Its place is taken first: types may contain themselves.
    this.#schemas.set(name, {});
    this.#schemas.set(name, this.#object(schema));
    return true;
  }

  #object(schema: ObjectSchema): JsonObject {
    const description = this.#descriptions.describe(schema.name);
    const properties: JsonObject = {};
    for (const field of fieldsByName(schema)) properties[field.name] = this.#field(schema, field);
    const required = [...schema.fields.values()].flatMap((field) => (field.required ? [field.name] : []));
    return {
      ...(description !== '' && { description }),
      type: 'object',
      ...(schema.fields.size > 0 && { properties }),
      ...(required.length > 0 && { required }),
      ...this.#kindsOf(schema.name),
      ...(schema.atomic && { 'x-kubernetes-map-type': 'atomic' }),
    };
  }

  #field(owner: ObjectSchema, field: FieldSchema): JsonObject {
    const { name, type } = field;
    const description = this.#descriptions.describe(owner.name, name);
    const any = NAMED_ANY.get(`${owner.name}.${name}`)?.name;
    const text = this.#type(type, description, type.type === 'object' && isStructure(field), any);
    return {
      ...text,
      ...this.#enumOf(owner, field, text),
      ...(this.#dialect.hasDefaults && defaultOf(owner, field)),
      ...mergeExtensions(owner, field),
    };
  }

  /** The values that a field takes, or those of what it holds. */
  #enumOf(owner: ObjectSchema, { name, type }: FieldSchema, text: JsonObject): JsonObject {
    const inner = type.type === 'array' ? 'items' : type.type === 'map' ? 'additionalProperties' : undefined;
    const values = this.#descriptions.enumOf(owner.name, name, inner !== undefined);
    if (values === undefined) return {};
    if (inner === undefined) return { enum: [...values] };
    return { [inner]: { ...(text[inner] as JsonObject), enum: [...values] } };
  }

  /** `any` is the name of what is of any shape in it. */
  #type(type: TypeSchema, description = '', hasDefault = false, any?: string): JsonObject {
    const own: JsonObject = description === '' ? {} : { description };
    switch (type.type) {
      case 'object':
        return this.refer(type.schema.name, description, hasDefault)!;
      case 'array':
        return { ...own, type: 'array', items: this.#type(type.items, '', false, any) };
      case 'map':
        return { ...own, type: 'object', additionalProperties: this.#type(type.values, '', false, any) };
      case 'scalar': {
        const name = type.scalar === 'any' ? any : NAMED_SCALARS[type.scalar];
        return name === undefined
          ? { ...own, ...PLAIN_SCALARS[type.scalar] }
          : this.refer(name, description)!;
      }
    }
  }

  #kindsOf(name: string): JsonObject {
    const kinds = this.#kinds.get(name);
    return kinds === undefined ? {} : { 'x-kubernetes-group-version-kind': kinds.map(gvkOf) };
  }
}

/** Structures in Go, not pointers: they are there when nothing is in them. Metadata, spec and status are. */
function isStructure({ name, printedZero }: FieldSchema): boolean {
  const isPrinted = typeof printedZero === 'object' && printedZero !== null;
  return isPrinted || name === 'metadata' || name === 'spec' || name === 'status';
}

/** What a text, number or switch is where nobody sets it: as marked, or what Go prints anyway. */
function defaultOf(owner: ObjectSchema, { name, type, printedZero, keyDefault }: FieldSchema): JsonObject {
  if (type.type !== 'scalar' || NAMED_SCALARS[type.scalar] !== undefined) return {};
  const key = `${owner.name.split('.').slice(-3).join('.')}.${name}`;
  const value = FIELD_DEFAULTS.get(key) ?? keyDefault ?? printedZero;
  return value === undefined || value === null ? {} : { default: value };
}

/** How a field merges, as patches and server-side apply look for it. */
function mergeExtensions(owner: ObjectSchema, { name, merge, type }: FieldSchema): JsonObject {
  if (merge === undefined) {
    // Lists are owned as a whole where nothing else is said; those of objects are no part of any.
    const isList = type.type === 'array' && !(name === 'items' && owner.shortName.endsWith('List'));
    return isList ? { 'x-kubernetes-list-type': 'atomic' } : {};
  }
  const { patchStrategy, patchMergeKey, listType, listMapKeys } = merge;
  const typeKey = type.type === 'array' ? 'x-kubernetes-list-type' : 'x-kubernetes-map-type';
  return {
    ...(listMapKeys.length > 0 && { 'x-kubernetes-list-map-keys': [...listMapKeys] }),
    ...(listType !== '' && { [typeKey]: listType }),
    ...(patchMergeKey !== '' && { 'x-kubernetes-patch-merge-key': patchMergeKey }),
    ...(patchStrategy.length > 0 && { 'x-kubernetes-patch-strategy': patchStrategy.join(',') }),
  };
}

/** The extension's form of a kind. */
export function gvkOf({ group, kind, version }: GroupVersionKind): Json {
  return { group, kind, version };
}
