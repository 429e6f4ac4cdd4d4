import { goQuote } from '../../../apimachinery/go-format.ts';
import { compilePattern, findPattern } from '../../util/regexp.ts';
import type { CelFunction } from './functions.ts';
import { CelFunctionError } from './functions.ts';

/** How cel-go writes a value in format("%s"). */
function text(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  if (value instanceof Map) return mapText([...value]);
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return mapText(Object.entries(value));
  }
  return String(value);
}

const mapText = (entries: readonly (readonly [unknown, unknown])[]) =>
  `{${entries
    .map(([key, value]) => `${text(key)}: ${text(value)}`)
    .sort()
    .join(', ')}}`;

const VERBS: Readonly<Record<string, (value: unknown, precision: number | undefined) => string>> = {
  s: text,
  d: (value) => String(value),
  f: (value, precision = 6) => Number(value).toFixed(precision),
  e: (value, precision = 6) =>
    Number(value)
      .toExponential(precision)
      .replace(/e([+-])(\d)$/, 'e$10$2'),
  b: (value) => (typeof value === 'boolean' ? (value ? '1' : '0') : (value as bigint).toString(2)),
  o: (value) => (value as bigint).toString(8),
  x: hex,
  X: (value) => hex(value).toUpperCase(),
};

function hex(value: unknown): string {
  if (typeof value === 'bigint') return value.toString(16);
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : (value as Uint8Array);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Models cel-go ext/formatting.go. */
function format(template: string, values: readonly unknown[]): string {
  let next = 0;
  return template.replace(
    /%(?:%|(?:\.(\d+))?([a-zA-Z]))/g,
    (found, precision: string | undefined, verb: string) => {
      if (found === '%%') return '%';
      const write = VERBS[verb];
      if (write === undefined) {
        throw new CelFunctionError(
          `could not parse formatting clause: unrecognized formatting clause "${verb}"`,
        );
      }
      if (next >= values.length) throw new CelFunctionError(`index ${next} out of range`);
      return write(values[next++], precision === undefined ? undefined : Number(precision));
    },
  );
}

function charAt(value: string, index: bigint): string {
  const characters = [...value];
  if (index < 0n || index > BigInt(characters.length)) {
    throw new CelFunctionError(`index out of range: ${index}`);
  }
  return characters[Number(index)] ?? '';
}

function replace(value: string, old: string, next: string, limit: bigint): string {
  if (limit < 0n) return value.replaceAll(old, () => next);
  let result = value;
  let from = 0;
  for (let count = 0n; count < limit; count++) {
    const at = result.indexOf(old, from);
    if (at < 0) break;
    result = result.slice(0, at) + next + result.slice(at + old.length);
    from = at + next.length + (old === '' ? 1 : 0);
  }
  return result;
}

/** What cel-go's strings and Kubernetes' regex library have beside cel-js. */
export const STRINGS: readonly CelFunction[] = [
  ['string.charAt(int): string', charAt],
  [
    'string.replace(string, string): string',
    (value: string, old: string, next: string) => replace(value, old, next, -1n),
  ],
  ['string.replace(string, string, int): string', replace],
  ['string.reverse(): string', (value: string) => [...value].reverse().join('')],
  ['string.format(list): string', format],
  ['Strings.quote(string): string', (_: unknown, value: string) => goQuote(value)],
  [
    'string.find(string): string',
    (value: string, pattern: string) => findPattern(pattern, value, 1)[0] ?? '',
  ],
  [
    'string.findAll(string): list<string>',
    (value: string, pattern: string) => findPattern(pattern, value, -1),
  ],
  [
    'string.findAll(string, int): list<string>',
    (value: string, pattern: string, limit: bigint) => findPattern(pattern, value, Number(limit)),
  ],
  [
    'JSONPatches.escapeKey(string): string',
    (_: unknown, key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1'),
  ],
  // In place of cel-js's own "matches", which would run on the engine of the machine.
  ['string.re2matches(string): bool', (value: string, pattern: string) => compilePattern(pattern)(value)],
];
