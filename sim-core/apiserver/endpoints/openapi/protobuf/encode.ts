import { toYamlV3 } from '../../../../apimachinery/json/yaml-v3-writer.ts';
import type { Json, JsonObject } from '../../../../apimachinery/object.ts';
import { MessageWriter } from '../../../../apimachinery/protobuf/wire.ts';
import type { Field } from './messages.ts';
import { messageFields } from './messages.ts';

/**
 * An OpenAPI v2 document as gnostic's message openapi.v2.Document. Throws an Error for a key that the messages do not
 * know: documents are our own.
 *
 * Models k8s.io/kube-openapi/pkg/handler ToProtoBinary and what gnostic makes of JSON.
 */
export function encodeDocument(document: JsonObject): Uint8Array {
  const writer = new MessageWriter();
  writeFields(writer, 'Document', document);
  return writer.bytes;
}

/** Messages that are there for one value, or for a list of texts: the field that holds it, by what it is. */
const HOLDERS: Readonly<Record<string, (value: Json) => readonly [number: number, type: string]>> = {
  AdditionalPropertiesItem: (value) => (typeof value === 'boolean' ? [2, 'bool'] : [1, 'Schema']),
  Any: () => [2, 'yaml'],
  ItemsItem: () => [1, 'Schema'],
  NonBodyParameter: (value) =>
    placeOf(value) === 'query' ? [3, 'QueryParameterSubSchema'] : [4, 'PathParameterSubSchema'],
  Parameter: (value) => (placeOf(value) === 'body' ? [1, 'BodyParameter'] : [2, 'NonBodyParameter']),
  ParametersItem: () => [1, 'Parameter'],
  ResponseValue: () => [1, 'Response'],
  SchemaItem: () => [1, 'Schema'],
  SecurityDefinitionsItem: () => [2, 'ApiKeySecurity'],
  StringArray: () => [1, 'string'],
  TypeItem: () => [1, 'string'],
};

/** Where a parameter stands: "query", "path", "body". */
const placeOf = (parameter: Json) => (parameter as JsonObject)['in'];

const SCALARS: Readonly<Record<string, (writer: MessageWriter, number: number, value: Json) => void>> = {
  string: (writer, number, value) => writer.text(number, String(value)),
  bool: (writer, number, value) => writer.varint(number, value === true ? 1n : 0n),
  int64: (writer, number, value) => writer.varint(number, BigInt(value as number)),
  double: (writer, number, value) => writer.double(number, value as number),
  yaml: (writer, number, value) => writer.text(number, toYamlV3(value)),
};

function writeFields(writer: MessageWriter, message: string, object: JsonObject): void {
  const left = new Set(Object.keys(object));
  const fields = messageFields(message);
  if (fields === undefined) throw new Error(`gnostic's messages have no ${message}`);
  for (const field of fields) {
    const { number, key, type, repeats } = field;
    if (repeats === 'map') {
      for (const name of [...left].filter((other) => other.startsWith(key))) {
        left.delete(name);
        writer.message(number, () => {
          writer.text(1, name);
          write(writer, 2, type, object[name]!);
        });
      }
    } else if (left.delete(key)) {
      const value = object[key]!;
      if (repeats === 'list') for (const item of value as Json[]) write(writer, number, type, item);
      else if (!isLeftOut(field, value)) write(writer, number, type, value);
    }
  }
  if (left.size > 0) throw new Error(`gnostic's ${message} has no ${[...left].join(', ')}`);
}

/** Zeros of scalars are. */
function isLeftOut({ type }: Field, value: Json): boolean {
  return Object.hasOwn(SCALARS, type) && (value === '' || value === 0 || value === false);
}

function write(writer: MessageWriter, number: number, type: string, value: Json): void {
  const scalar = SCALARS[type];
  if (scalar !== undefined) scalar(writer, number, value);
  else writer.message(number, () => writeMessage(writer, type, value));
}

function writeMessage(writer: MessageWriter, message: string, value: Json): void {
  const holder = HOLDERS[message];
  if (holder === undefined) return writeFields(writer, message, value as JsonObject);
  const [number, type] = holder(value);
  const held = type === 'string' && Array.isArray(value) ? value : [value];
  for (const item of held) write(writer, number, type, item);
}
