import { GO_TYPES } from '../../../apimachinery/schema/go-types.ts';
import { LIST_TYPES } from '../../../apimachinery/schema/list-types.ts';

const MISMATCH = /^json: cannot unmarshal (\w+)(?: (\S+))? into Go (struct field \S+|value) of type (\S+)$/;
const BASIC: ReadonlySet<string> = new Set(['string', 'bool', 'int32', 'int64', 'float64']);
const SCALARS: ReadonlySet<string> = new Set(
  [...BASIC, ...GO_TYPES.values()].filter((type) => !LIST_TYPES.has(type)),
);

/**
 * What a decoder's complaint is called where a value, not a text, is decoded.
 * Models k8s.io/apimachinery/pkg/runtime/converter.go fromUnstructured.
 */
export function unstructuredMessage(message: string): string {
  const mismatch = MISMATCH.exec(message);
  // Bytes and times read JSON by themselves.
  if (mismatch === null)
    return message.startsWith('illegal base64') ? `error decoding from json: ${message}` : message;
  const [, found, literal = '', place, type] = mismatch as unknown as [
    string,
    string,
    string | undefined,
    string,
    string,
  ];
  // IntOrString reads JSON by itself.
  if (place === 'value' && BASIC.has(type)) return message;
  const kind = goKind(found, literal);
  if (type === 'v1.ResourceList') return `cannot restore map from ${kind}`;
  if (SCALARS.has(type)) {
    // Go's conversion is tried where its types allow one at all: of numbers, into numbers and texts.
    const basic = BASIC.has(type) ? type : 'string';
    const convertible = (kind === 'int64' || kind === 'float64') && basic !== 'bool';
    return convertible ? `cannot convert ${kind} to ${type}` : `unrecognized type: ${basic}`;
  }
  if (type.startsWith('[]') || LIST_TYPES.has(type)) return `cannot restore slice from ${kind}`;
  if (type.startsWith('map[')) return `cannot restore map from ${kind}`;
  return `cannot restore struct from: ${kind}`;
}

function goKind(found: string, literal: string): string {
  switch (found) {
    case 'number':
      return literal.includes('.') ? 'float64' : 'int64';
    case 'array':
      return 'slice';
    case 'object':
      return 'map';
    default:
      return found;
  }
}
