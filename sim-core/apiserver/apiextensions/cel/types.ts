import type { Json, JsonObject } from '../../../apimachinery/object.ts';
import type { Type } from '../../cel/checker/types.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listType,
  mapType,
  objectType,
  STRING,
  TIMESTAMP,
} from '../../cel/checker/types.ts';
import { ExpressionError } from '../../cel/errors.ts';
import { durationOf, timestampOf } from '../../cel/library/standard.ts';
import { CelMap, celValue } from '../../cel/values.ts';
import { additionalSchema, isObject } from '../schema/traverse.ts';
import type { JSONSchemaProps } from '../types.ts';

const RESERVED =
  /^(true|false|null|in|as|break|const|continue|else|for|function|if|import|let|loop|package|namespace|return|var|void|while)$/;
const ESCAPES: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};
const METADATA: JSONSchemaProps = {
  type: 'object',
  properties: { name: { type: 'string' }, generateName: { type: 'string' } },
};

/** The largest request, and how large some values are in JSON. Models k8s.io/apiserver/pkg/cel/limits.go. */
export const MAX_REQUEST = 3 * 1024 * 1024;
const MAX_TIME = 32;
const DATE = 12;
const MIN_DATE_TIME = 21;
const MIN_DURATION = 3;

/** A field's name as expressions write it; undefined for one that cannot be written. Models cel/escaping.go. */
function escapeName(name: string): string | undefined {
  if (!/^[A-Za-z_./-][\w./-]*$/.test(name)) return undefined;
  if (RESERVED.test(name)) return `__${name}__`;
  return name.replace(/__|[./-]/g, (found) => ESCAPES[found]!);
}

/** A schema as a type of CEL, how large its values are, and how values become that type's. */
export interface SchemaType {
  readonly type: Type;
  /** The most characters, items or entries; 0 for what has none. */
  readonly maxElements: number;
  /** The fewest bytes that a value takes in JSON. */
  readonly minSize: number;
  /** Of an object, by the names that expressions write. */
  readonly fields?: ReadonlyMap<string, SchemaType>;
  /** Of a list or a map. */
  readonly elements?: SchemaType;
  readonly keys?: SchemaType;
  valueOf(value: Json): unknown;
}

const same = (value: Json) => value;
const scalar = (
  type: Type,
  minSize: number,
  maxElements = 0,
  valueOf: (value: Json) => unknown = same,
): SchemaType => ({ type, minSize, maxElements, valueOf });
const KEY = scalar(STRING, 2);

/**
 * The type of a schema; undefined where expressions see nothing of it. `isResource`: metadata, kind and
 * apiVersion are there without being named. Each object gets a type of its own, below `name`.
 * Models k8s.io/apiserver/pkg/cel/common/schemas.go SchemaDeclType.
 */
export function schemaType(
  schema: JSONSchemaProps,
  isResource: boolean,
  name: string,
): SchemaType | undefined {
  if (schema['x-kubernetes-int-or-string']) return scalar(DYN, 1, MAX_REQUEST - 2, celValue);
  const { maxItems, maxProperties } = schema;
  switch (isResource ? 'object' : schema.type) {
    case 'integer':
      return scalar(INT, 1, 0, celValue);
    case 'number':
      return scalar(DOUBLE, 1);
    case 'boolean':
      return scalar(BOOL, 4);
    case 'string':
      return textType(schema);
    case 'array': {
      const items = schema.items && innerType(schema.items, `${name}.@idx`);
      if (items === undefined) return undefined;
      return {
        type: listType(items.type),
        maxElements: Math.max(maxItems ?? Math.floor((MAX_REQUEST - 2) / (items.minSize + 1)), 0),
        minSize: 2,
        elements: items,
        valueOf: (value) => (Array.isArray(value) ? value.map((item) => items.valueOf(item)) : value),
      };
    }
    case 'object': {
      const values = additionalSchema(schema);
      if (values === undefined || isResource) return objectOf(schema, isResource, name);
      const inner = innerType(values, `${name}.@elem`);
      if (inner === undefined) return undefined;
      return {
        type: mapType(STRING, inner.type),
        maxElements: Math.max(maxProperties ?? Math.floor((MAX_REQUEST - 2) / (inner.minSize + 6)), 0),
        minSize: 2,
        keys: KEY,
        elements: inner,
        valueOf: (value) => (isObject(value) ? new TypedMap(value, inner) : value),
      };
    }
    default:
      return undefined;
  }
}

const innerType = (schema: JSONSchemaProps, name: string) =>
  schemaType(schema, schema['x-kubernetes-embedded-resource'] === true, name);

function objectOf(schema: JSONSchemaProps, isResource: boolean, name: string): SchemaType {
  const properties = isResource ? resourceProperties(schema) : (schema.properties ?? {});
  const fields = new Map<string, SchemaType>();
  const names = new Map<string, string>();
  // An object takes at least its braces and what it must have; defaults need not be sent.
  let minSize = 2;
  for (const [property, inner] of Object.entries(properties)) {
    const escaped = escapeName(property);
    const type = innerType(inner, `${name}.${escaped ?? property}`);
    if (type === undefined) continue;
    if (escaped !== undefined) {
      fields.set(escaped, type);
      names.set(escaped, property);
    }
    if ((schema.required ?? []).includes(property) && inner.default === undefined) {
      minSize += property.length + type.minSize + 4;
    }
  }
  return {
    type: objectType(name),
    maxElements: 0,
    minSize,
    fields,
    valueOf: (value) => (isObject(value) ? new TypedObject(value, fields, names) : value),
  };
}

const resourceProperties = ({ properties = {} }: JSONSchemaProps): Record<string, JSONSchemaProps> => ({
  ...properties,
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: METADATA,
});

/** Texts of some formats are values of their own. */
function textType({ format, maxLength }: JSONSchemaProps): SchemaType {
  // Characters take up to four bytes.
  const longest = maxLength === undefined ? MAX_REQUEST - 2 : Math.max(maxLength, 0);
  switch (format) {
    case 'byte':
      return scalar(BYTES, 2, longest, bytesOf);
    case 'duration':
      return scalar(DURATION, MIN_DURATION, MAX_TIME, (value) => durationOf(String(value)) ?? value);
    case 'date':
      return scalar(TIMESTAMP, DATE, DATE, (value) => timestampOf(`${String(value)}T00:00:00Z`) ?? value);
    case 'date-time':
      return scalar(TIMESTAMP, MIN_DATE_TIME, MAX_TIME, (value) => timestampOf(String(value)) ?? value);
    default:
      return scalar(STRING, 2, maxLength === undefined ? longest : longest * 4);
  }
}

function bytesOf(value: Json): unknown {
  if (typeof value !== 'string') return value;
  try {
    return Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
  } catch {
    return value;
  }
}

/** Throws an ExpressionError for what cannot be the name of a field. */
function nameOf(key: unknown): string {
  if (typeof key === 'string') return key;
  throw new ExpressionError('no such overload');
}

/** An object of JSON by its fields. */
class TypedObject extends CelMap {
  readonly #object: JsonObject;
  readonly #fields: ReadonlyMap<string, SchemaType>;
  /** Properties by what expressions call them. */
  readonly #names: ReadonlyMap<string, string>;

  constructor(
    object: JsonObject,
    fields: ReadonlyMap<string, SchemaType>,
    names: ReadonlyMap<string, string>,
  ) {
    super();
    this.#object = object;
    this.#fields = fields;
    this.#names = names;
  }
  get size(): number {
    return [...this.keys()].length;
  }
  get(key: unknown): unknown {
    const name = this.#names.get(nameOf(key));
    if (name === undefined || !Object.hasOwn(this.#object, name)) return undefined;
    const value = this.#object[name]!;
    // What is null is not there.
    return value === null ? undefined : this.#fields.get(nameOf(key))!.valueOf(value);
  }
  *keys(): Iterable<string> {
    for (const escaped of this.#names.keys()) if (this.get(escaped) !== undefined) yield escaped;
  }
}

/** An object of JSON whose values are all of one type. */
class TypedMap extends CelMap {
  readonly #object: JsonObject;
  readonly #values: SchemaType;

  constructor(object: JsonObject, values: SchemaType) {
    super();
    this.#object = object;
    this.#values = values;
  }
  get size(): number {
    return Object.keys(this.#object).length;
  }
  get(key: unknown): unknown {
    const name = nameOf(key);
    return Object.hasOwn(this.#object, name) ? this.#values.valueOf(this.#object[name]!) : undefined;
  }
  keys(): Iterable<string> {
    return Object.keys(this.#object);
  }
}
