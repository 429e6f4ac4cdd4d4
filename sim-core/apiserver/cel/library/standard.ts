import { DurationError, parseGoDuration } from '../../../apimachinery/duration.ts';
import { compilePattern } from '../../util/regexp.ts';
import {
  CelDuration,
  CelEntries,
  CelMap,
  CelOptional,
  CelTimestamp,
  CelType,
  CelUint,
  compareValues,
  equalValues,
  sizeOf,
  textOf,
  typeNameOf,
} from '../values.ts';
import type { CelFunction } from './functions.ts';
import { CelFunctionError } from './functions.ts';

const SECOND = 1_000_000_000n;
/** From the year 1 to the end of 9999. */
const MIN_TIME = -62_135_596_800n * SECOND;
const MAX_TIME = 253_402_300_800n * SECOND - 1n;

function fail(message: string): never {
  throw new CelFunctionError(message);
}
const noOverload = (): never => fail('no such overload');

const int = (value: bigint): bigint =>
  BigInt.asIntN(64, value) === value ? value : fail('integer overflow');
const uint = (value: bigint): CelUint =>
  BigInt.asUintN(64, value) === value ? new CelUint(value) : fail('unsigned integer overflow');
const duration = (value: bigint): CelDuration =>
  BigInt.asIntN(64, value) === value ? new CelDuration(value) : fail('duration overflow');
const timestamp = (value: bigint, offset = 0): CelTimestamp =>
  value < MIN_TIME || value > MAX_TIME ? fail('timestamp overflow') : new CelTimestamp(value, offset);
const offsetOf = (value: unknown) => (value instanceof CelTimestamp ? value.offset : 0);

type Numeric = bigint | number | CelUint;

/** The same operation on numbers of one type. */
function arithmetic(
  whole: (a: bigint, b: bigint) => bigint,
  broken: ((a: number, b: number) => number) | undefined,
): (a: Numeric, b: Numeric) => unknown {
  return (a, b) => {
    if (typeof a === 'bigint' && typeof b === 'bigint') return int(whole(a, b));
    if (a instanceof CelUint && b instanceof CelUint) return uint(whole(a.value, b.value));
    if (broken !== undefined && typeof a === 'number' && typeof b === 'number') return broken(a, b);
    return noOverload();
  };
}

const addNumbers = arithmetic(
  (a, b) => a + b,
  (a, b) => a + b,
);
const subtractNumbers = arithmetic(
  (a, b) => a - b,
  (a, b) => a - b,
);

function add(a: unknown, b: unknown): unknown {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...(a as unknown[]), ...(b as unknown[])];
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Uint8Array.from([...a, ...b]);
  if (a instanceof CelDuration && b instanceof CelDuration) return duration(a.nanoseconds + b.nanoseconds);
  if (
    (a instanceof CelTimestamp && b instanceof CelDuration) ||
    (a instanceof CelDuration && b instanceof CelTimestamp)
  ) {
    return timestamp(a.nanoseconds + b.nanoseconds, offsetOf(a) + offsetOf(b));
  }
  return addNumbers(a as Numeric, b as Numeric);
}

function subtract(a: unknown, b: unknown): unknown {
  if (a instanceof CelTimestamp && b instanceof CelTimestamp) return duration(a.nanoseconds - b.nanoseconds);
  if (a instanceof CelTimestamp && b instanceof CelDuration) {
    return timestamp(a.nanoseconds - b.nanoseconds, a.offset);
  }
  if (a instanceof CelDuration && b instanceof CelDuration) return duration(a.nanoseconds - b.nanoseconds);
  return subtractNumbers(a as Numeric, b as Numeric);
}

function negate(value: unknown): unknown {
  if (typeof value === 'bigint') return int(-value);
  return typeof value === 'number' ? -value : noOverload();
}

function comparison(holds: (order: number) => boolean): (a: unknown, b: unknown) => boolean {
  return (a, b) => {
    if (Number.isNaN(a) || Number.isNaN(b)) fail('NaN values cannot be ordered');
    const order = compareValues(a, b);
    return order === undefined ? noOverload() : holds(order);
  };
}

function isIn(item: unknown, container: unknown): boolean {
  if (Array.isArray(container)) return container.some((other) => equalValues(item, other));
  return container instanceof CelMap ? container.get(item) !== undefined : noOverload();
}

const size = (value: unknown): bigint => BigInt(sizeOf(value) ?? noOverload());

/** What a text is of another type; why there is none is not told. */
const noConversion = (from: unknown, to: string): never =>
  fail(`type conversion error from '${typeNameOf(from)}' to '${to}'`);

const WHOLE = /^[+-]?\d+$/;
const FLOAT = /^[+-]?(?:\d+(?:_\d+)*\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|0x[\da-f]+|inf|infinity|nan)$/i;

function toInt(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof CelUint) return int(value.value);
  if (typeof value === 'number') {
    if (Number.isNaN(value) || value <= -(2 ** 63) || value >= 2 ** 63) fail('integer overflow');
    return BigInt(Math.trunc(value));
  }
  if (value instanceof CelTimestamp) {
    const rest = ((value.nanoseconds % SECOND) + SECOND) % SECOND;
    return (value.nanoseconds - rest) / SECOND;
  }
  if (value instanceof CelDuration) return value.nanoseconds;
  if (typeof value === 'string' && WHOLE.test(value)) {
    const whole = BigInt(value.replace(/^\+/, ''));
    if (BigInt.asIntN(64, whole) === whole) return whole;
  }
  return noConversion(value, 'int');
}

function toUint(value: unknown): CelUint {
  if (value instanceof CelUint) return value;
  if (typeof value === 'bigint') return uint(value);
  if (typeof value === 'number') {
    if (Number.isNaN(value) || value < 0 || value >= 2 ** 64) fail('unsigned integer overflow');
    return new CelUint(BigInt(Math.trunc(value)));
  }
  if (typeof value === 'string' && /^\d+$/.test(value)) {
    const whole = BigInt(value);
    if (BigInt.asUintN(64, whole) === whole) return new CelUint(whole);
  }
  return noConversion(value, 'uint');
}

function toDouble(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof CelUint) return Number(value.value);
  if (typeof value === 'string' && FLOAT.test(value)) {
    const named = /^([+-]?)(inf|nan)/i.exec(value);
    if (named !== null) {
      return named[2]!.toLowerCase() === 'nan' ? NaN : named[1] === '-' ? -Infinity : Infinity;
    }
    return Number(value.replaceAll('_', ''));
  }
  return noConversion(value, 'double');
}

const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

function toBool(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (TRUE.includes(value as string)) return true;
  return FALSE.includes(value as string) ? false : noConversion(value, 'bool');
}

const toBytes = (value: unknown) => (typeof value === 'string' ? new TextEncoder().encode(value) : value);

function toText(value: unknown): string {
  if (!(value instanceof Uint8Array)) return textOf(value);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return fail('invalid UTF-8 in bytes, cannot convert to string');
  }
}

/** "1h30m"; undefined if it is none. */
export function durationOf(text: string): CelDuration | undefined {
  const UNITS: Readonly<Record<string, bigint>> = { ns: 1n, us: 1000n, µs: 1000n, μs: 1000n, ms: 1_000_000n };
  try {
    // Whole milliseconds are exact in the parser of the rest of the apiserver; the smaller units are not.
    const small = /^(-?)(\d+)(ns|us|µs|μs|ms)$/.exec(text);
    if (small !== null) return new CelDuration(BigInt(`${small[1]!}${small[2]!}`) * UNITS[small[3]!]!);
    return new CelDuration(BigInt(Math.round(parseGoDuration(text) * 1_000_000)));
  } catch (error) {
    if (error instanceof DurationError) return undefined;
    throw error;
  }
}

function toDuration(value: unknown): CelDuration {
  if (value instanceof CelDuration) return value;
  if (typeof value === 'bigint') return duration(value);
  const parsed = typeof value === 'string' ? durationOf(value) : undefined;
  return parsed === undefined
    ? noConversion(value, 'google.protobuf.Duration')
    : duration(parsed.nanoseconds);
}

const RFC3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:[.,](\d+))?(Z|[+-]\d{2}:\d{2})$/;

/** The moment of an RFC 3339 text; undefined if it is none. */
export function timestampOf(text: string): CelTimestamp | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, moment = '', fraction = '', zone = ''] = match;
  const milliseconds = Date.parse(`${moment}${zone}`);
  // Date.parse takes the 31st of February for a day of March.
  const day = new Date(Date.parse(`${moment}Z`));
  if (Number.isNaN(milliseconds) || day.toISOString().slice(0, 19) !== moment) return undefined;
  const nanoseconds = BigInt(milliseconds) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return new CelTimestamp(nanoseconds, (day.getTime() - milliseconds) / 60_000);
}

function toTimestamp(value: unknown): CelTimestamp {
  if (value instanceof CelTimestamp) return value;
  if (typeof value === 'bigint') return timestamp(value * SECOND);
  const parsed = typeof value === 'string' ? timestampOf(value) : undefined;
  return parsed === undefined
    ? noConversion(value, 'google.protobuf.Timestamp')
    : timestamp(parsed.nanoseconds, parsed.offset);
}

/** The clock of a time zone, as if it were UTC. */
function inZone({ nanoseconds }: CelTimestamp, zone: string | undefined): Date {
  const milliseconds = Number(
    (nanoseconds - (((nanoseconds % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n,
  );
  if (zone === undefined || zone === '' || zone === 'UTC') return new Date(milliseconds);
  const colon = zone.indexOf(':');
  if (colon >= 0) {
    const [hours, minutes] = [zone.slice(0, colon), zone.slice(colon + 1)].map((part) => {
      if (!/^[+-]?\d+$/.test(part)) fail(`strconv.Atoi: parsing ${JSON.stringify(part)}: invalid syntax`);
      return Number(part);
    }) as [number, number];
    const offset = hours < 0 || zone.startsWith('-') ? hours * 60 - minutes : hours * 60 + minutes;
    return new Date(milliseconds + offset * 60_000);
  }
  try {
    const shown = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
    }).format(milliseconds);
    return new Date(Date.parse(`${shown.replace(' ', 'T')}Z`) + (milliseconds % 1000));
  } catch {
    return fail(`unknown time zone ${zone}`);
  }
}

const DAY = 86_400_000;
const dayOfYear = (date: Date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY);

function ofTime(name: string, part: (date: Date) => number): CelFunction {
  return [
    name,
    'timestamp.() int | timestamp.(string) int',
    (time: CelTimestamp, zone?: string) => BigInt(part(inZone(time, zone))),
  ];
}
/** Of a moment a part, of a span all of it in that unit. */
function ofBoth(name: string, part: (date: Date) => number, unit: bigint): CelFunction {
  return [
    name,
    'timestamp.() int | timestamp.(string) int | duration.() int',
    (time: CelTimestamp | CelDuration, zone?: string) =>
      time instanceof CelDuration ? time.nanoseconds / unit : BigInt(part(inZone(time, zone))),
  ];
}

const isZero = (value: unknown) =>
  value === null ||
  value === false ||
  value === '' ||
  value === 0n ||
  value === 0 ||
  sizeOf(value) === 0 ||
  (value instanceof CelUint && value.value === 0n) ||
  (value instanceof CelDuration && value.nanoseconds === 0n);

const presentOf = (values: readonly CelOptional[]) =>
  values.filter((value) => !value.isNone).map(({ value }) => value);

function inserted(map: CelMap, key: unknown, value: unknown): CelEntries {
  const result = new CelEntries();
  const put = (name: unknown, item: unknown) => {
    if (result.get(name) !== undefined) fail(`insert failed: key ${textOf(name)} already exists`);
    result.set(name, item);
  };
  for (const name of map.keys()) put(name, map.get(name));
  if (key instanceof CelMap) for (const name of key.keys()) put(name, key.get(name));
  else put(key, value);
  return result;
}

const ORDERED = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration'];
const NUMBERS = ['int', 'uint', 'double'];
/** Numbers are compared with numbers of any type. */
const COMPARISONS = ORDERED.flatMap((type) => [
  `(${type}, ${type}) bool`,
  ...(NUMBERS.includes(type) ? NUMBERS : [])
    .filter((other) => other !== type)
    .map((other) => `(${type}, ${other}) bool`),
]).join(' | ');

/** CEL's own functions. Models cel-go common/stdlib/standard.go, common/types and cel/library.go. */
export const STANDARD: readonly CelFunction[] = [
  ['_==_', '(A, A) bool', equalValues],
  ['_!=_', '(A, A) bool', (a, b) => !equalValues(a, b)],
  ['_<_', COMPARISONS, comparison((order) => order < 0)],
  ['_<=_', COMPARISONS, comparison((order) => order <= 0)],
  ['_>_', COMPARISONS, comparison((order) => order > 0)],
  ['_>=_', COMPARISONS, comparison((order) => order >= 0)],
  [
    '_+_',
    '(bytes, bytes) bytes | (double, double) double | (duration, duration) duration | (duration, timestamp) timestamp | (timestamp, duration) timestamp | (int, int) int | (list<A>, list<A>) list<A> | (string, string) string | (uint, uint) uint',
    add,
  ],
  [
    '_-_',
    '(double, double) double | (duration, duration) duration | (int, int) int | (timestamp, duration) timestamp | (timestamp, timestamp) duration | (uint, uint) uint',
    subtract,
  ],
  [
    '_*_',
    '(double, double) double | (int, int) int | (uint, uint) uint',
    arithmetic(
      (a, b) => a * b,
      (a, b) => a * b,
    ),
  ],
  [
    '_/_',
    '(double, double) double | (int, int) int | (uint, uint) uint',
    arithmetic(
      (a, b) => (b === 0n ? fail('division by zero') : a / b),
      (a, b) => a / b,
    ),
  ],
  [
    '_%_',
    '(int, int) int | (uint, uint) uint',
    arithmetic((a, b) => (b === 0n ? fail('modulus by zero') : a % b), undefined),
  ],
  ['-_', '(double) double | (int) int', negate],
  ['!_', '(bool) bool', (value: unknown) => (typeof value === 'boolean' ? !value : noOverload())],
  ['@in', '(A, list<A>) bool | (A, map<A, B>) bool', isIn],
  [
    'size',
    'bytes.() int | (bytes) int | list<A>.() int | (list<A>) int | map<A, B>.() int | (map<A, B>) int | string.() int | (string) int',
    size,
  ],
  ['type', '(A) type<A>', (value) => new CelType(typeNameOf(value))],
  ['bool', '(bool) bool | (string) bool', toBool],
  ['bytes', '(bytes) bytes | (string) bytes', toBytes],
  ['double', '(double) double | (int) double | (string) double | (uint) double', toDouble],
  ['duration', '(duration) duration | (int) duration | (string) duration', toDuration],
  ['dyn', '(A) dyn', (value: unknown) => value],
  ['int', '(int) int | (double) int | (duration) int | (string) int | (timestamp) int | (uint) int', toInt],
  [
    'string',
    '(string) string | (bool) string | (bytes) string | (double) string | (duration) string | (int) string | (timestamp) string | (uint) string',
    toText,
  ],
  ['timestamp', '(timestamp) timestamp | (int) timestamp | (string) timestamp', toTimestamp],
  ['uint', '(uint) uint | (double) uint | (int) uint | (string) uint', toUint],
  ['contains', 'string.(string) bool', (text: string, part: string) => text.includes(part)],
  ['endsWith', 'string.(string) bool', (text: string, part: string) => text.endsWith(part)],
  ['startsWith', 'string.(string) bool', (text: string, part: string) => text.startsWith(part)],
  [
    'matches',
    '(string, string) bool | string.(string) bool',
    (text: string, pattern: string) => compilePattern(pattern)(text),
  ],
  ofTime('getFullYear', (date) => date.getUTCFullYear()),
  ofTime('getMonth', (date) => date.getUTCMonth()),
  ofTime('getDayOfYear', dayOfYear),
  ofTime('getDayOfMonth', (date) => date.getUTCDate() - 1),
  ofTime('getDate', (date) => date.getUTCDate()),
  ofTime('getDayOfWeek', (date) => date.getUTCDay()),
  ofBoth('getHours', (date) => date.getUTCHours(), 3600n * SECOND),
  ofBoth('getMinutes', (date) => date.getUTCMinutes(), 60n * SECOND),
  ofBoth('getSeconds', (date) => date.getUTCSeconds(), SECOND),
  ofBoth('getMilliseconds', (date) => date.getUTCMilliseconds(), 1_000_000n),
  ['optional.of', '(V) optional<V>', (value) => new CelOptional(value)],
  [
    'optional.ofNonZeroValue',
    '(V) optional<V>',
    (value) => (isZero(value) ? CelOptional.NONE : new CelOptional(value)),
  ],
  ['optional.none', '() optional<V>', () => CelOptional.NONE],
  ['optional.unwrap', '(list<optional<V>>) list<V>', presentOf],
  ['unwrapOpt', 'list<optional<V>>.() list<V>', presentOf],
  [
    'value',
    'optional<V>.() V',
    ({ value }: CelOptional) => (value === undefined ? fail('optional.none() dereference') : value),
  ],
  ['hasValue', 'optional<V>.() bool', ({ isNone }: CelOptional) => !isNone],
  [
    'first',
    'list<T>.() optional<T>',
    (list: readonly unknown[]) => (list.length === 0 ? CelOptional.NONE : new CelOptional(list[0])),
  ],
  [
    'last',
    'list<T>.() optional<T>',
    (list: readonly unknown[]) => (list.length === 0 ? CelOptional.NONE : new CelOptional(list.at(-1))),
  ],
  ['cel.@mapInsert', '(map<K, V>, map<K, V>) map<K, V> | (map<K, V>, K, V) map<K, V>', inserted],
];

/** What the interpreter does itself, since not all of it is evaluated, or because it is costed otherwise. */
export const SPECIAL: readonly (readonly [name: string, signatures: string])[] = [
  ['_?_:_', '(bool, A, A) A'],
  ['_&&_', '(bool, bool) bool'],
  ['_||_', '(bool, bool) bool'],
  ['@not_strictly_false', '(bool) bool'],
  [
    '_[_]',
    '(list<A>, int) A | (map<A, B>, A) B | (optional<list<V>>, int) optional<V> | (optional<map<K, V>>, K) optional<V>',
  ],
  [
    '_[?_]',
    '(list<V>, int) optional<V> | (optional<list<V>>, int) optional<V> | (map<K, V>, K) optional<V> | (optional<map<K, V>>, K) optional<V>',
  ],
  ['or', 'optional<V>.(optional<V>) optional<V>'],
  ['orValue', 'optional<V>.(V) V'],
];
