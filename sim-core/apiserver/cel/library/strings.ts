import { findPattern, PatternError } from '../../util/regexp.ts';
import { CelDuration, CelMap, CelTimestamp, CelType, CelUint, textOf, typeNameOf } from '../values.ts';
import type { CelFunction } from './functions.ts';
import { CelFunctionError } from './functions.ts';

const outOfRange = (index: bigint): never => {
  throw new CelFunctionError(`index out of range: ${index}`);
};

function charAt(value: string, index: bigint): string {
  const characters = [...value];
  if (index < 0n || index > BigInt(characters.length)) outOfRange(index);
  return characters[Number(index)] ?? '';
}

/** Positions count characters. */
function indexOf(value: string, part: string, offset = 0n): bigint {
  if (part === '') return offset;
  const characters = [...value];
  if (offset < 0n || offset >= BigInt(characters.length)) outOfRange(offset);
  const from = characters.slice(0, Number(offset)).join('').length;
  const at = value.indexOf(part, from);
  return at < 0 ? -1n : BigInt([...value.slice(0, at)].length);
}

function lastIndexOf(value: string, part: string, offset?: bigint): bigint {
  const characters = [...value];
  if (part === '') return offset ?? BigInt(characters.length);
  const last = offset ?? BigInt(characters.length - 1);
  if (last < 0n || last >= BigInt(characters.length)) outOfRange(last);
  const at = value.lastIndexOf(part, characters.slice(0, Number(last)).join('').length);
  return at < 0 ? -1n : BigInt([...value.slice(0, at)].length);
}

function substring(value: string, start: bigint, end?: bigint): string {
  const characters = [...value];
  const length = BigInt(characters.length);
  if (end !== undefined && start > end) {
    throw new CelFunctionError(`invalid substring range. start: ${start}, end: ${end}`);
  }
  if (start < 0n || start > length) outOfRange(start);
  if (end !== undefined && (end < 0n || end > length)) outOfRange(end);
  return characters.slice(Number(start), end === undefined ? undefined : Number(end)).join('');
}

function replace(value: string, old: string, next: string, limit = -1n): string {
  if (old === '') {
    const characters = [...value];
    const count = limit < 0n ? characters.length + 1 : Math.min(Number(limit), characters.length + 1);
    return (
      characters.map((character, index) => (index < count ? next : '') + character).join('') +
      (count > characters.length ? next : '')
    );
  }
  const parts = value.split(old);
  const count = limit < 0n ? parts.length - 1 : Math.min(Number(limit), parts.length - 1);
  return [parts.slice(0, count + 1).join(next), ...parts.slice(count + 1)].join(old);
}

/** The rest stays in the last part once there are as many as wanted. */
function split(value: string, separator: string, limit = -1n): string[] {
  if (limit === 0n) return [];
  const parts = separator === '' ? [...value] : value.split(separator);
  if (limit < 0n || parts.length <= Number(limit)) return parts;
  const kept = Number(limit) - 1;
  return [...parts.slice(0, kept), parts.slice(kept).join(separator)];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const quote = (value: string) => `"${value.replace(/[\x07-\r\\"]/g, (found) => ESCAPES[found]!)}"`;

/** A pattern that is none ends the expression. */
function found(pattern: string, value: string, limit: number): string[] {
  try {
    return findPattern(pattern, value, limit);
  } catch (error) {
    if (error instanceof PatternError) throw new CelFunctionError(`Illegal regex: ${error.message}`);
    throw error;
  }
}

/** How format("%s") writes a value; texts within lists and maps are quoted. */
function text(value: unknown, isInside = false): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return isInside ? JSON.stringify(value) : value;
  if (typeof value === 'number' && isInside) return value.toFixed(6);
  if (Array.isArray(value)) return `[${value.map((item) => text(item, true)).join(', ')}]`;
  if (value instanceof CelMap) {
    const entries = [...value.keys()].map((key) => [text(key, true), text(value.get(key), true)] as const);
    return `{${entries
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${key}: ${item}`)
      .join(', ')}}`;
  }
  if (value instanceof CelTimestamp || value instanceof CelDuration) {
    return isInside
      ? `${value instanceof CelTimestamp ? 'timestamp' : 'duration'}(${JSON.stringify(textOf(value))})`
      : textOf(value);
  }
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof CelType) return value.of;
  if (value instanceof CelUint || ['bigint', 'number', 'boolean'].includes(typeof value))
    return textOf(value);
  return wrong(
    'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
    value,
  );
}

function wrong(reason: string, value: unknown): never {
  throw new CelFunctionError(`error during formatting: ${reason}, was given ${typeNameOf(value)}`);
}

const whole = (value: unknown) => (value instanceof CelUint ? value.value : value);
const SPECIAL = ['NaN', 'Infinity', '-Infinity'];

function float(clause: string, write: (value: number, precision: number) => string) {
  return (value: unknown, precision = 6): string => {
    const isSpecial = typeof value === 'string' && SPECIAL.includes(value);
    if (typeof value !== 'number' && !isSpecial) {
      return wrong(`${clause} clause can only be used on doubles`, value);
    }
    const number = Number(value);
    if (Number.isNaN(number)) return 'NaN';
    return Number.isFinite(number) ? write(number, precision) : number > 0 ? '∞' : '-∞';
  };
}

function radix(base: number, reason: string) {
  return (value: unknown): string => {
    const number = whole(value);
    return typeof number === 'bigint' ? number.toString(base) : wrong(reason, value);
  };
}
const binary = radix(2, 'only integers and bools can be formatted as binary');
const hexNumber = radix(16, 'only integers, byte buffers, and strings can be formatted as hex');

function hex(value: unknown): string {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  if (!(bytes instanceof Uint8Array)) return hexNumber(value);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const VERBS: Readonly<Record<string, (value: unknown, precision: number | undefined) => string>> = {
  s: (value) => text(value),
  d: radix(10, 'decimal clause can only be used on integers'),
  f: float('fixed-point', (value, precision) =>
    value.toLocaleString('en-US', { minimumFractionDigits: precision, maximumFractionDigits: precision }),
  ),
  e: float('scientific', (value, precision) => {
    const [digits = '', exponent = ''] = value.toExponential(precision).split('e');
    const power = `${exponent.startsWith('-') ? '-' : ''}${exponent.slice(1).padStart(2, '0')}`;
    return `${digits} × 10${[...power].map((digit) => SUPERSCRIPTS[digit]!).join('')}`;
  }),
  b: (value) => (typeof value === 'boolean' ? (value ? '1' : '0') : binary(value)),
  o: radix(8, 'octal clause can only be used on integers'),
  x: hex,
  X: (value) => hex(value).toUpperCase(),
};

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  0: '⁰',
  1: '¹',
  2: '²',
  3: '³',
  4: '⁴',
  5: '⁵',
  6: '⁶',
  7: '⁷',
  8: '⁸',
  9: '⁹',
};

/** Models cel-go ext/formatting.go. */
function format(template: string, values: readonly unknown[]): string {
  let next = 0;
  return template.replace(/%(%|(?:\.(\d+))?([^])|$)/g, (_, clause: string, precision?: string, verb = '') => {
    if (clause === '%') return '%';
    if (clause === '') throw new CelFunctionError('unexpected end of string');
    if (next >= values.length) throw new CelFunctionError(`index ${next} out of range`);
    const write = VERBS[verb];
    if (write === undefined) {
      throw new CelFunctionError(
        `could not parse formatting clause: unrecognized formatting clause "${verb}"`,
      );
    }
    return write(values[next++], precision === undefined ? undefined : Number(precision));
  });
}

/** Models cel-go ext/strings.go and k8s.io/apiserver/pkg/cel/library/{regex,jsonpatch}.go. */
export const STRINGS: readonly CelFunction[] = [
  ['charAt', 'string.(int) string', charAt],
  ['indexOf', 'string.(string) int | string.(string, int) int', indexOf],
  ['lastIndexOf', 'string.(string) int | string.(string, int) int', lastIndexOf],
  [
    'lowerAscii',
    'string.() string',
    (value: string) => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  ],
  [
    'upperAscii',
    'string.() string',
    (value: string) => value.replace(/[a-z]/g, (letter) => letter.toUpperCase()),
  ],
  ['trim', 'string.() string', (value: string) => value.trim()],
  ['replace', 'string.(string, string) string | string.(string, string, int) string', replace],
  ['split', 'string.(string) list<string> | string.(string, int) list<string>', split],
  ['substring', 'string.(int) string | string.(int, int) string', substring],
  ['format', 'string.(list<dyn>) string', format],
  ['strings.quote', '(string) string', quote],
  [
    'join',
    'list<string>.() string | list<string>.(string) string',
    (list: readonly string[], separator = '') => list.join(separator),
  ],
  ['find', 'string.(string) string', (value: string, pattern: string) => found(pattern, value, 1)[0] ?? ''],
  [
    'findAll',
    'string.(string) list<string> | string.(string, int) list<string>',
    (value: string, pattern: string, limit = -1n) => found(pattern, value, Number(limit)),
  ],
];

/** Only where a mutation is written. */
export const JSON_PATCH: readonly CelFunction[] = [
  [
    'jsonpatch.escapeKey',
    '(string) string',
    (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1'),
  ],
];
