import { encodeBase64 } from '../../crypto/encoding/base64.ts';
import { setField } from '../copy.ts';
import { goQuote } from '../go-format.ts';
import type { Json, JsonObject } from '../object.ts';
import { Quantity, QuantityError } from '../quantity/quantity.ts';
import { LIST_TYPES } from '../schema/list-types.ts';
import type { FieldSchema, ObjectSchema, Scalar, SchemaOr, TypeSchema } from '../schema/schema.ts';
import { schemaOf, ZERO_SCALARS } from '../schema/schema.ts';
import { noteEmptied } from './emptied.ts';
import { inFieldOrder } from './field-order.ts';
import type { ParsedText } from './parse.ts';
import { parsedValue } from './parse.ts';
import { normalizeTime, TimeError } from './time.ts';
import { jsonKind, unmarshalTypeError } from './unmarshal-type-error.ts';

/** A value that does not fit its type; the message is Go's. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  /** Of a value of the wrong type: what was found, and Go's name of the type. */
  readonly mismatch: { readonly found: string; readonly type: string } | undefined;

  constructor(message: string, mismatch?: DecodeError['mismatch']) {
    super(message);
    this.mismatch = mismatch;
  }
}

export interface Decoded {
  /**
   * Only fields of the type; nulls and zeros of optional fields left out; times, quantities and bytes
   * in canonical form.
   */
  readonly object: JsonObject;
  /**
   * What strict decoding complains of, in order: 'unknown field "spec.foo"',
   * 'duplicate field "metadata.name"'. At most 100.
   */
  readonly strictErrors: readonly string[];
}

const MAX_STRICT_ERRORS = 100;
const JSON_SCHEMA = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps';

/**
 * What a body calls itself; "" for what it leaves out. Throws a DecodeError, whose message begins with
 * "couldn't get version/kind; json parse error: ". A JsonSyntaxError of parseJson needs the same
 * words before it: {@link metaErrorMessage}.
 *
 * Models k8s.io/apimachinery/pkg/runtime/serializer/json/meta.go Interpret.
 */
export function interpretMeta(parsed: ParsedText): { apiVersion: string; kind: string } {
  const { value } = parsed;
  const fail = (text: string) => new DecodeError(metaErrorMessage(text));
  if (value === null) return { apiVersion: '', kind: '' };
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw fail(
      unmarshalTypeError(
        jsonKind(value),
        'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
      ),
    );
  }
  const text = (name: string): string => {
    // This one reader of upstream's takes names in any case.
    const key = Object.hasOwn(value, name)
      ? name
      : Object.keys(value).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    const found = key === undefined ? undefined : value[key];
    if (found === undefined || found === null) return '';
    if (typeof found === 'string') return found;
    throw fail(unmarshalTypeError(jsonKind(found), 'string', `.${name}`));
  };
  const meta = { apiVersion: text('apiVersion'), kind: text('kind') };
  if (meta.apiVersion.indexOf('/') !== meta.apiVersion.lastIndexOf('/')) {
    throw new DecodeError(`unexpected GroupVersion string: ${meta.apiVersion}`);
  }
  return meta;
}

/** The words around a JSON error in a body whose kind could not be read. */
export function metaErrorMessage(error: string): string {
  return `couldn't get version/kind; json parse error: ${error}`;
}

/**
 * Decodes a body as the type. Unknown fields are dropped and reported. Throws a DecodeError for
 * a value that does not fit. The keys of the object and of its metadata come in upstream's order.
 *
 * Models sigs.k8s.io/json UnmarshalStrict with the UnmarshalJSON functions of the API's types.
 */
export function decodeObject(parsed: ParsedText, schema: ObjectSchema): Decoded {
  const decoder = new Decoder(parsed);
  const object = decoder.root(schema);
  const yaml =
    parsed.yamlDuplicates.length === 0
      ? []
      : [`yaml: unmarshal errors:\n  ${parsed.yamlDuplicates.join('\n  ')}`];
  return { object: inFieldOrder(object), strictErrors: [...yaml, ...decoder.strictErrors] };
}

/** The complaints of a strict decoder about a text that has no type: duplicate fields only. */
export function duplicateFields(parsed: ParsedText): string[] {
  if (parsed.duplicates.size === 0) return [];
  const found = new Set<string>();
  const walk = (value: Json, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      value.forEach((item, index) => walk(item, `${path}[${index}]`));
      return;
    }
    const at = (key: string) => (path === '' ? key : `${path}.${key}`);
    for (const [key, earlier] of parsed.duplicates.get(value) ?? []) {
      walk(earlier, at(key));
      found.add(`duplicate field ${goQuote(at(key))}`);
    }
    for (const key of Object.keys(value)) walk(value[key]!, at(key));
  };
  walk(parsed.value, '');
  return [...found].slice(0, MAX_STRICT_ERRORS);
}

class Decoder {
  readonly #parsed: ParsedText;
  readonly #strictErrors = new Set<string>();
  /** Where the decoder is: names of fields and keys, and indexes. */
  readonly #path: (string | number)[] = [];
  /** The fields among them, for messages, and the structures that they are of. */
  readonly #fields: string[] = [];
  readonly #structures: ObjectSchema[] = [];
  #firstError: DecodeError | undefined;

  constructor(parsed: ParsedText) {
    this.#parsed = parsed;
  }

  get strictErrors(): string[] {
    return [...this.#strictErrors];
  }

  root(schema: ObjectSchema): JsonObject {
    const { value } = this.#parsed;
    let object: JsonObject = {};
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      object = this.#object(value, schema);
    } else if (value !== null) {
      this.#mismatch(jsonKind(value), goObjectType(schema));
    }
    if (this.#firstError !== undefined) throw this.#firstError;
    return object;
  }

  #object(value: JsonObject, schema: ObjectSchema): JsonObject {
    const object: JsonObject = {};
    const { duplicates } = this.#parsed;
    const literals = this.#parsed.literals.get(value);
    for (const key in value) {
      if (duplicates.size > 0) {
        this.#earlier(value, key, (earlier) => this.#field(object, key, earlier, schema, undefined));
      }
      const field = value[key];
      // As in JSON, which a value from the same process never was.
      if (field !== undefined) this.#field(object, key, field, schema, literals?.get(key));
    }
    for (const { name, type } of schema.alwaysPresent) {
      if (Object.hasOwn(object, name)) continue;
      setField(object, name, this.#zero(type));
    }
    return object;
  }

  /** Takes the values of a field that came before its last one, and reports them. */
  #earlier(value: JsonObject, key: string, visit: (value: Json) => void): void {
    const earlier = this.#parsed.duplicates.get(value)?.filter(([name]) => name === key) ?? [];
    for (const [, earlierValue] of earlier) visit(earlierValue);
    if (earlier.length > 0) this.#strict('duplicate', key);
  }

  #field(
    object: JsonObject,
    key: string,
    value: Json,
    schema: ObjectSchema,
    literal: string | undefined,
  ): void {
    const field = schema.fields.get(key);
    if (field === undefined) {
      this.#strict('unknown', key);
      return;
    }
    this.#structures.push(schema);
    this.#fields.push(key);
    this.#path.push(key);
    const decoded = this.#value(value, field.type, field, literal);
    if (decoded !== undefined) {
      if (field.omitsZero && isZero(decoded, field.type)) {
        if (typeof decoded === 'object') noteEmptied(object, key);
      } else if (this.#parsed.duplicates.size > 0) merge(object, key, decoded, field.type);
      else setField(object, key, decoded);
    }
    this.#path.pop();
    this.#fields.pop();
    this.#structures.pop();
  }

  /** The decoded value, or undefined for null and for what does not fit (which is remembered). */
  #value(
    value: Json,
    type: TypeSchema,
    field: FieldSchema | undefined,
    literal: string | undefined,
  ): Json | undefined {
    if (field?.schemaOr !== undefined && value !== null) return this.#schemaOr(value, field.schemaOr);
    if (type.type === 'scalar') return this.#scalar(value, type.scalar, field?.goType, literal);
    if (value === null) return undefined;
    switch (type.type) {
      case 'object':
        if (typeof value === 'object' && !Array.isArray(value)) return this.#object(value, type.schema);
        break;
      case 'array':
        if (Array.isArray(value)) return this.#list(value, type.items, field);
        break;
      case 'map':
        if (typeof value === 'object' && !Array.isArray(value)) return this.#map(value, type.values, field);
    }
    this.#mismatch(jsonKind(value), goType(type, field?.goType));
    return undefined;
  }

  #list(value: Json[], items: TypeSchema, field: FieldSchema | undefined): Json[] {
    const literals = this.#parsed.literals.get(value);
    return value.map((item, index) => {
      this.#path.push(index);
      const decoded = this.#value(item, items, field, literals?.get(String(index))) ?? this.#zero(items);
      this.#path.pop();
      return decoded;
    });
  }

  #map(value: JsonObject, values: TypeSchema, field: FieldSchema | undefined): JsonObject {
    const map: JsonObject = {};
    const { duplicates, literals } = this.#parsed;
    const set = (key: string, item: Json, literal: string | undefined) => {
      this.#path.push(key);
      setField(map, key, this.#value(item, values, field, literal) ?? this.#zero(values));
      this.#path.pop();
    };
    for (const key of Object.keys(value)) {
      if (duplicates.size > 0) this.#earlier(value, key, (earlier) => set(key, earlier, undefined));
      const item = value[key];
      if (item !== undefined) set(key, item, literals.get(value)?.get(key));
    }
    return map;
  }

  /**
   * Go reads such a field with a decoder of its own, which knows nothing of where it is and is not strict.
   * Models apiextensions/v1/marshal.go.
   */
  #schemaOr(value: Json, other: SchemaOr): Json | undefined {
    if (Array.isArray(value) && other === 'array') return value.map((item) => this.#inner(item));
    if (typeof value === 'object' && !Array.isArray(value)) return this.#inner(value);
    if (other === 'array') return undefined;
    if (typeof value === 'boolean') return value;
    this.#firstError ??= new DecodeError('boolean or JSON schema expected');
    return undefined;
  }

  #inner(value: Json): Json {
    try {
      return new Decoder(parsedValue(value)).root(schemaOf(JSON_SCHEMA)!);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      if (error.mismatch === undefined) this.#firstError ??= error;
      else this.#mismatch(error.mismatch.found, error.mismatch.type);
      return {};
    }
  }

  /** What stands for null among a list's or map's items, and for a field that is never missing. */
  #zero(type: TypeSchema): Json {
    return type.type === 'object' ? this.#object({}, type.schema) : zeroOf(type);
  }

  #scalar(
    value: Json,
    scalar: Scalar,
    goType: string | undefined,
    literal: string | undefined,
  ): Json | undefined {
    if (value === null) return undefined;
    switch (scalar) {
      case 'any':
        // A structure without fields has a name, but no schema.
        return itemName(goType) === undefined || (typeof value === 'object' && !Array.isArray(value))
          ? value
          : this.#misfit(jsonKind(value), scalar, goType);
      case 'string':
        return typeof value === 'string' ? value : this.#misfit(jsonKind(value), scalar, goType);
      case 'boolean':
        return typeof value === 'boolean' ? value : this.#misfit(jsonKind(value), scalar, goType);
      case 'double':
        return typeof value === 'number' ? value : this.#misfit(jsonKind(value), scalar, goType);
      case 'int32':
      case 'int64':
        if (typeof value !== 'number') return this.#misfit(jsonKind(value), scalar, goType);
        if (isInteger(value, literal, scalar)) return value;
        if (this.#parsed.isConverted === true && Number.isInteger(value))
          return scalar === 'int32' ? value | 0 : value;
        return this.#misfit(`number ${literal ?? value}`, scalar, goType);
      case 'bytes':
        if (Array.isArray(value)) return this.#byteList(value);
        return typeof value === 'string' ? this.#bytes(value) : this.#misfit(jsonKind(value), scalar, goType);
      case 'quantity':
        return quantityText(value, literal);
      case 'int-or-string':
        if (typeof value === 'string') return value;
        if (typeof value === 'number' && isInteger(value, literal, 'int32')) return value;
        throw this.#typeError(
          typeof value === 'number' ? `number ${literal ?? value}` : jsonKind(value),
          'int32',
        );
      case 'time':
      case 'micro-time':
        if (typeof value !== 'string') throw this.#typeError(jsonKind(value), 'string');
        return timeText(value, scalar === 'time' ? 'second' : 'microsecond');
    }
  }

  #bytes(value: string): string | undefined {
    const position = base64Fault(value);
    if (position === undefined) return value.replace(/[\r\n]/g, '');
    this.#firstError ??= new DecodeError(`illegal base64 data at input byte ${position}`);
    return undefined;
  }

  /** A list of numbers is bytes, too; only an empty one is of use to anybody. */
  #byteList(value: readonly Json[]): string | undefined {
    const misfit = value.find(
      (item) => item !== null && (typeof item !== 'number' || item < 0 || item > 255),
    );
    if (misfit !== undefined) {
      this.#mismatch(typeof misfit === 'number' ? `number ${misfit}` : jsonKind(misfit), 'uint8');
      return undefined;
    }
    return encodeBase64(Uint8Array.from(value as readonly number[]));
  }

  /** `goType` is that of the field, if it has a name. */
  #misfit(found: string, scalar: Scalar, goType: string | undefined): undefined {
    this.#mismatch(found, itemName(goType) ?? GO_SCALARS[scalar]);
  }

  /** Go's decoder remembers the first value that does not fit and goes on. */
  #mismatch(found: string, type: string): void {
    this.#firstError ??= this.#typeError(found, type);
  }

  #typeError(found: string, type: string): DecodeError {
    const around = this.#structures.at(-1);
    const field = around === undefined ? undefined : `${goName(around)}.${this.#fields.join('.')}`;
    return new DecodeError(unmarshalTypeError(found, type, field), { found, type });
  }

  #strict(what: 'unknown' | 'duplicate', key: string): void {
    if (this.#strictErrors.size >= MAX_STRICT_ERRORS) return;
    const path = [...this.#path, key]
      .map((part) => (typeof part === 'number' ? `[${part}]` : part))
      .map((part, index) => (index === 0 || part.startsWith('[') ? part : `.${part}`))
      .join('');
    this.#strictErrors.add(`${what} field ${goQuote(path)}`);
  }
}

/** A field that comes again is decoded into what is there: structures and maps take both. */
function merge(object: JsonObject, key: string, value: Json, type: TypeSchema): void {
  const before = Object.hasOwn(object, key) ? object[key] : undefined;
  if (
    (type.type === 'object' || type.type === 'map') &&
    typeof before === 'object' &&
    before !== null &&
    typeof value === 'object'
  ) {
    setField(object, key, { ...before, ...value } as Json);
  } else {
    setField(object, key, value);
  }
}

/** Models omitempty: structures, quantities, times and ports are never empty. */
function isZero(value: Json, type: TypeSchema): boolean {
  switch (type.type) {
    case 'object':
      return false;
    case 'array':
      return (value as Json[]).length === 0;
    case 'map':
      return Object.keys(value as JsonObject).length === 0;
    case 'scalar':
      return !value && ZERO_SCALARS.has(type.scalar);
  }
}

const GO_SCALARS: Readonly<Record<Scalar, string>> = {
  string: 'string',
  int32: 'int32',
  int64: 'int64',
  double: 'float64',
  boolean: 'bool',
  bytes: '[]uint8',
  time: 'v1.Time',
  'micro-time': 'v1.MicroTime',
  quantity: 'resource.Quantity',
  'int-or-string': 'intstr.IntOrString',
  any: 'runtime.RawExtension',
};

/** "v1.PodSpec": the last part of its package, and its name. */
/** Types that had another name when the recordings were made. */
const EARLIER_NAMES: Readonly<Record<string, string>> = {
  VolumeResourceRequirements: 'ResourceRequirements',
};
const goName = ({ shortName }: ObjectSchema) => EARLIER_NAMES[shortName] ?? shortName;
const goObjectType = (schema: ObjectSchema) => `${schema.name.split('.').at(-2)!}.${goName(schema)}`;

/** The name of a field's scalars, if its Go type's name is theirs. */
const itemName = (name: string | undefined) =>
  name !== undefined && LIST_TYPES.has(name) ? undefined : name;

function goType(type: TypeSchema, name: string | undefined): string {
  switch (type.type) {
    case 'object':
      return goObjectType(type.schema);
    case 'array':
      return name !== undefined && LIST_TYPES.has(name) ? name : `[]${goType(type.items, name)}`;
    case 'map':
      return type.values.type === 'scalar' && type.values.scalar === 'quantity'
        ? 'v1.ResourceList'
        : `map[string]${goType(type.values, name)}`;
    case 'scalar':
      return itemName(name) ?? GO_SCALARS[type.scalar];
  }
}

/** Nothing, of a type that is no structure. */
function zeroOf(type: Exclude<TypeSchema, { type: 'object' }>): Json {
  if (type.type === 'map') return {};
  if (type.type === 'array') return [];
  switch (type.scalar) {
    case 'string':
    case 'bytes':
      return '';
    case 'int32':
    case 'int64':
    case 'double':
    case 'int-or-string':
      return 0;
    case 'quantity':
      return '0';
    case 'boolean':
      return false;
    default:
      return null;
  }
}

function isInteger(value: number, literal: string | undefined, scalar: 'int32' | 'int64'): boolean {
  if (literal !== undefined && /[.eE]/.test(literal)) return false;
  if (!Number.isInteger(value)) return false;
  const limit = scalar === 'int32' ? 2 ** 31 : 2 ** 63;
  return value >= -limit && value < limit;
}

// Models k8s.io/apimachinery/pkg/api/resource Quantity UnmarshalJSON.
function quantityText(value: Json, literal: string | undefined): string {
  const text = typeof value === 'string' ? value : (literal ?? JSON.stringify(value));
  try {
    return Quantity.parse(text.trim()).toString();
  } catch (error) {
    if (error instanceof QuantityError) throw new DecodeError(error.message);
    throw error;
  }
}

function timeText(value: string, precision: 'second' | 'microsecond'): string {
  try {
    return normalizeTime(value, precision);
  } catch (error) {
    if (error instanceof TimeError) throw new DecodeError(error.message);
    throw error;
  }
}

/** Where base64 goes wrong, counted as Go does, or undefined. Models base64.StdEncoding DecodeString. */
export function base64Fault(text: string): number | undefined {
  let digits = 0;
  let index = 0;
  for (; index < text.length; index++) {
    const character = text[index]!;
    if (character === '\n' || character === '\r') continue;
    if (/^[A-Za-z0-9+/]$/.test(character)) {
      digits++;
      continue;
    }
    if (character !== '=' || digits % 4 < 2) return index;
    let rest = index + 1;
    const skipBreaks = () => {
      while (text[rest] === '\n' || text[rest] === '\r') rest++;
    };
    if (digits % 4 === 2) {
      skipBreaks();
      if (rest >= text.length) return text.length;
      if (text[rest] !== '=') return rest;
      rest++;
    }
    skipBreaks();
    return rest < text.length ? rest : undefined;
  }
  return digits % 4 === 0 ? undefined : text.length - (digits % 4);
}
