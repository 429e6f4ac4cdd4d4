import { parseApiVersion } from '../../../apimachinery/object.ts';
import type { Json, JsonObject } from '../../../apimachinery/object.ts';
import type { FieldSchema, ObjectSchema, Scalar, TypeSchema } from '../../../apimachinery/schema/schema.ts';
import { schemaOf } from '../../../apimachinery/schema/schema.ts';
import { fieldsOfMessage } from '../../../apimachinery/schema/messages.ts';
import type { WireField } from '../../../apimachinery/protobuf/wire.ts';
import { readFields, WireError } from '../../../apimachinery/protobuf/wire.ts';

/** "k8s" and a zero byte: what every protobuf body of Kubernetes begins with. */
const MAGIC = [0x6b, 0x38, 0x73, 0x00];
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/**
 * A protobuf body as the JSON that the same client would have sent. Undefined for what is no such body, or
 * for a kind that the table does not know; throws a {@link WireError} for one that is broken.
 *
 * Models k8s.io/apimachinery/pkg/runtime/serializer/protobuf Decode.
 */
export function decodeProtobuf(body: Uint8Array): JsonObject | undefined {
  if (!MAGIC.every((byte, index) => body[index] === byte)) return undefined;
  // runtime.Unknown: typeMeta = 1 {apiVersion = 1, kind = 2}, raw = 2.
  const unknown = fieldsByNumber(body.subarray(MAGIC.length));
  const typeMeta = fieldsByNumber(bytesOf(unknown.get(1)));
  const apiVersion = textOf(bytesOf(typeMeta.get(1)));
  const kind = textOf(bytesOf(typeMeta.get(2)));
  const schema = schemaOfKind(apiVersion, kind);
  if (schema === undefined) return undefined;
  return { kind, apiVersion, ...messageOf(schema, bytesOf(unknown.get(2))) };
}

function schemaOfKind(apiVersion: string, kind: string): ObjectSchema | undefined {
  // Options are written under the group of what they are for.
  if (kind.endsWith('Options')) return schemaOf(`${META}.${kind}`);
  const { group, version } = parseApiVersion(apiVersion);
  const schema = schemaOf(`io.k8s.api.${group === '' ? 'core' : group.split('.')[0]!}.${version}.${kind}`);
  return schema !== undefined && numbersOf(schema, schema.shortName) !== undefined ? schema : undefined;
}

function numbersOf(schema: ObjectSchema, message: string) {
  const path = schema.name.split('.');
  return fieldsOfMessage(path.slice(-3, -1).join('.'), message);
}

/** `message` names the one that is read where it is embedded in the object's own. */
function messageOf(schema: ObjectSchema, bytes: Uint8Array, message = schema.shortName): JsonObject {
  const numbers = numbersOf(schema, message);
  if (numbers === undefined) throw new Error(`no field numbers are known for ${schema.name}`);
  const object: Record<string, Json> = {};
  for (const { number, value } of readFields(bytes)) {
    const entry = numbers.get(number);
    if (entry === undefined) continue;
    if ('embedded' in entry) {
      Object.assign(object, messageOf(schema, bytesOf(value), entry.embedded));
      continue;
    }
    const field = schema.fields.get(entry.name)!;
    addField(object, field, value);
  }
  return object;
}

/** Lists and maps come element by element; the rest once. A zero that Go's JSON leaves out is left out. */
function addField(object: Record<string, Json>, field: FieldSchema, value: WireField['value']): void {
  const { name, type } = field;
  if (type.type === 'array') {
    const list = (object[name] ??= []) as Json[];
    list.push(valueOf(type.items, value) ?? null);
    return;
  }
  if (type.type === 'map') {
    const map = (object[name] ??= {}) as Record<string, Json>;
    const pair = fieldsByNumber(bytesOf(value));
    map[textOf(bytesOf(pair.get(1)))] = valueOf(type.values, pair.get(2) ?? new Uint8Array()) ?? null;
    return;
  }
  const decoded = valueOf(type, value);
  if (decoded === undefined || (field.omitsZero && isZero(decoded))) return;
  object[name] = decoded;
}

function isZero(value: Json): boolean {
  return value === '' || value === 0 || value === false;
}

function valueOf(type: TypeSchema, value: WireField['value']): Json | undefined {
  switch (type.type) {
    case 'object':
      return messageOf(type.schema, bytesOf(value));
    case 'scalar':
      return SCALARS[type.scalar](value);
    // A list or map inside of a list or map is a message with one field: ExtraValue.
    case 'array':
      return [...readFields(bytesOf(value))].map((field) => valueOf(type.items, field.value) ?? null);
    case 'map':
      throw new Error('the API has no maps of maps');
  }
}

type Read = (value: WireField['value']) => Json | undefined;

const readInteger: Read = (value) => Number(BigInt.asIntN(64, numberOf(value)));
/** {seconds = 1, nanos = 2}; an empty message is no time. */
const readTime =
  (digits: number): Read =>
  (value) => {
    const parts = fieldsByNumber(bytesOf(value));
    if (parts.size === 0) return undefined;
    const seconds = Number(BigInt.asIntN(64, numberOf(parts.get(1))));
    const text = new Date(seconds * 1000).toISOString().slice(0, 19);
    const fraction = String(Number(numberOf(parts.get(2))))
      .padStart(9, '0')
      .slice(0, digits);
    return `${text}${digits > 0 ? `.${fraction}` : ''}Z`;
  };

const SCALARS: Readonly<Record<Scalar, Read>> = {
  string: (value) => textOf(bytesOf(value)),
  int32: readInteger,
  int64: readInteger,
  boolean: (value) => numberOf(value) !== 0n,
  double(value) {
    const bytes = bytesOf(value);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getFloat64(0, true);
  },
  bytes: (value) => Buffer.from(bytesOf(value)).toString('base64'),
  time: readTime(0),
  'micro-time': readTime(6),
  quantity: (value) => textOf(bytesOf(fieldsByNumber(bytesOf(value)).get(1))),
  // {type = 1 (0: int, 1: string), intVal = 2, strVal = 3}
  'int-or-string'(value) {
    const parts = fieldsByNumber(bytesOf(value));
    return numberOf(parts.get(1)) === 1n ? textOf(bytesOf(parts.get(3))) : readInteger(parts.get(2) ?? 0n);
  },
  // FieldsV1 and RawExtension hold JSON as text.
  any(value) {
    const text = textOf(bytesOf(fieldsByNumber(bytesOf(value)).get(1)));
    if (text === '') return undefined;
    try {
      return JSON.parse(text) as Json;
    } catch {
      throw new WireError('the embedded object is not JSON');
    }
  },
};

function fieldsByNumber(bytes: Uint8Array): ReadonlyMap<number, WireField['value']> {
  return new Map([...readFields(bytes)].map(({ number, value }) => [number, value]));
}

function bytesOf(value: WireField['value'] | undefined): Uint8Array {
  if (value === undefined) return new Uint8Array();
  if (typeof value === 'bigint') throw new WireError('proto: wrong wireType');
  return value;
}

function numberOf(value: WireField['value'] | undefined): bigint {
  if (value === undefined) return 0n;
  if (typeof value !== 'bigint') throw new WireError('proto: wrong wireType');
  return value;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new WireError('string field contains invalid UTF-8');
  }
}
