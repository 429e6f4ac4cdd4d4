import { byteLength, decodeBase64 } from '../util/base64.ts';
import { goTypeName } from '../../apimachinery/go-values.ts';
import { isTrue, printed } from './values.ts';

export type TemplateFunction = (args: readonly unknown[]) => unknown;

/** A call that went wrong; the message is what text/template says after "error calling NAME: ". */
export class CallError extends Error {}

/** The functions of text/template, and kubectl's two. `and` and `or` are the evaluator's own. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['not', ([value]) => !isTrue(value)],
  ['len', ([value]) => lengthOf(value)],
  ['index', ([value, ...keys]) => keys.reduce(elementOf, value)],
  ['slice', ([value, from, to]) => sliceOf(value, from, to)],
  ['print', (args) => printAll(args)],
  ['println', (args) => `${args.map(printed).join(' ')}\n`],
  ['printf', ([format, ...args]) => formatted(String(format), args)],
  ['html', (args) => printAll(args).replace(/[<>&'"\0]/g, (one) => HTML[one]!)],
  ['js', (args) => JSON.stringify(printAll(args)).slice(1, -1).replaceAll("'", "\\'")],
  ['urlquery', (args) => encodeURIComponent(printAll(args)).replaceAll('%20', '+')],
  ['eq', ([first, ...others]) => others.some((other) => compare(first, other, 'eq') === 0)],
  ['ne', ([a, b]) => compare(a, b, 'ne') !== 0],
  ['lt', ([a, b]) => compare(a, b, 'lt') < 0],
  ['le', ([a, b]) => compare(a, b, 'le') <= 0],
  ['gt', ([a, b]) => compare(a, b, 'gt') > 0],
  ['ge', ([a, b]) => compare(a, b, 'ge') >= 0],
  ['exists', ([value, ...keys]) => exists(value, keys)],
  ['base64decode', ([value]) => decoded(value)],
]);

const HTML: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  "'": '&#39;',
  '"': '&#34;',
  '\0': '\uFFFD',
};

/** Spaces stand between operands when neither is a text. Models fmt.Sprint. */
function printAll(args: readonly unknown[]): string {
  let text = '';
  for (const [index, value] of args.entries()) {
    if (index > 0 && typeof value !== 'string' && typeof args[index - 1] !== 'string') text += ' ';
    text += printed(value);
  }
  return text;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return byteLength(value);
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length;
  throw new CallError(
    value === null || value === undefined ? 'len of nil pointer' : `len of type ${goTypeName(value)}`,
  );
}

function elementOf(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) {
    if (typeof key !== 'number') throw new CallError(`cannot index slice/array with type ${goTypeName(key)}`);
    if (key < 0 || key >= value.length) throw new CallError(`index out of range: ${key}`);
    return value[key];
  }
  if (typeof value === 'object' && value !== null) {
    if (typeof key !== 'string') throw new CallError(`value has type ${goTypeName(key)}; should be string`);
    return (value as Record<string, unknown>)[key];
  }
  if (typeof value === 'string' && typeof key === 'number') return value.charCodeAt(key);
  throw new CallError(
    value === undefined || value === null
      ? 'index of untyped nil'
      : `can't index item of type ${goTypeName(value)}`,
  );
}

function sliceOf(value: unknown, from: unknown, to: unknown): unknown {
  if (typeof value !== 'string' && !Array.isArray(value))
    throw new CallError(`can't slice item of type ${goTypeName(value)}`);
  return value.slice(typeof from === 'number' ? from : 0, typeof to === 'number' ? to : undefined);
}

/** -1, 0 or 1. Throws for values that cannot be compared. */
function compare(a: unknown, b: unknown, operator: string): number {
  const equality = operator === 'eq' || operator === 'ne';
  if (equality && (a === undefined || a === null || b === undefined || b === null))
    return (a ?? null) === (b ?? null) ? 0 : 1;
  if (typeof a !== typeof b)
    throw new CallError(`incompatible types for comparison: ${comparedType(a)} and ${comparedType(b)}`);
  if (typeof a === 'boolean' && equality) return a === b ? 0 : 1;
  if ((typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string'))
    return a < b ? -1 : a > b ? 1 : 0;
  throw new CallError('non-comparable type');
}

function comparedType(value: unknown): string {
  return typeof value === 'number' ? 'int' : goTypeName(value);
}

/** True if the keys lead somewhere. */
function exists(value: unknown, keys: readonly unknown[]): boolean {
  let at = value;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || !(String(key) in at)) return false;
    at = (at as Record<string, unknown>)[String(key)];
  }
  return at !== undefined;
}

function decoded(value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  if (!/^[A-Za-z0-9+/\s]*={0,2}$/.test(text))
    throw new CallError(
      `base64 decode failed: illegal base64 data at input byte ${text.search(/[^A-Za-z0-9+/\s]/)}`,
    );
  return decodeBase64(text);
}

/** fmt.Sprintf, as far as templates use it. */
function formatted(format: string, args: readonly unknown[]): string {
  let next = 0;
  const text = format.replace(
    /%([-+ #0]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g,
    (_, flags: string, width: string | undefined, precision: string | undefined, verb: string) => {
      if (verb === '%') return '%';
      if (next >= args.length) return `%!${verb}(MISSING)`;
      const shown = formatOne(verb, args[next++], precision);
      const size = Number(width ?? '0');
      if (flags.includes('-')) return shown.padEnd(size);
      return flags.includes('0') && /[dfx]/.test(verb) ? shown.padStart(size, '0') : shown.padStart(size);
    },
  );
  if (next >= args.length) return text;
  return `${text}%!(EXTRA ${args
    .slice(next)
    .map((value) => `${goTypeName(value)}=${printed(value)}`)
    .join(', ')})`;
}

function formatOne(verb: string, value: unknown, precision: string | undefined): string {
  const wrong = () => `%!${verb}(${goTypeName(value)}=${printed(value)})`;
  switch (verb) {
    case 'v':
      return printed(value);
    case 's':
      return typeof value === 'string'
        ? value.slice(0, precision === undefined ? undefined : Number(precision))
        : typeof value === 'object' && value !== null
          ? printed(value)
          : wrong();
    case 'q':
      return typeof value === 'string' ? JSON.stringify(value) : wrong();
    case 'd':
      return typeof value === 'number' && Number.isInteger(value) ? String(value) : wrong();
    case 'x':
      return typeof value === 'number' ? value.toString(16) : wrong();
    case 'f':
      return typeof value === 'number' ? value.toFixed(Number(precision ?? '6')) : wrong();
    case 'g':
      return typeof value === 'number' ? printed(value) : wrong();
    case 't':
      return typeof value === 'boolean' ? String(value) : wrong();
    case 'T':
      return goTypeName(value);
    default:
      return wrong();
  }
}
