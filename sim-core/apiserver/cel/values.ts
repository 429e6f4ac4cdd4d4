import type { Json, JsonObject } from '../../apimachinery/object.ts';

// How values of CEL are held: int is bigint, double is number, list is an array, null, bool, string and
// bytes (Uint8Array) are themselves; everything else is one of the classes below or one of a library's, which
// says its type's name.

/** A value whose type has a name of its own. */
interface NamedValue {
  readonly typeName: string;
}

export class CelUint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

/** A span of time, or a moment since 1970, in nanoseconds. */
export class CelDuration implements NamedValue {
  readonly typeName = 'google.protobuf.Duration';
  readonly nanoseconds: bigint;
  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}
export class CelTimestamp implements NamedValue {
  readonly typeName = 'google.protobuf.Timestamp';
  readonly nanoseconds: bigint;
  /** Minutes that its clock is ahead of UTC; only its text tells. */
  readonly offset: number;
  constructor(nanoseconds: bigint, offset = 0) {
    this.nanoseconds = nanoseconds;
    this.offset = offset;
  }
}

/** What type(…) gives, and what "int" is. */
export class CelType implements NamedValue {
  readonly typeName = 'type';
  readonly of: string;
  constructor(of: string) {
    this.of = of;
  }
}

export class CelOptional implements NamedValue {
  static readonly NONE = new CelOptional(undefined);
  readonly typeName = 'optional_type';
  /** undefined for none. */
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
  get isNone(): boolean {
    return this.value === undefined;
  }
}

/** A map, or an object with fields; an object's type has a name. */
export abstract class CelMap {
  abstract readonly size: number;
  /** undefined if there is no such key. */
  abstract get(key: unknown): unknown;
  abstract keys(): Iterable<unknown>;
}

/** Numbers that are equal are the same key, whatever their types. */
function keyOf(key: unknown): unknown {
  if (typeof key === 'string') return `"${key}`;
  if (key instanceof CelUint) return key.value.toString();
  if (typeof key === 'bigint' || typeof key === 'number') return key.toString();
  return key;
}

/** A map that an expression made. */
export class CelEntries extends CelMap {
  readonly #entries = new Map<unknown, readonly [key: unknown, value: unknown]>();

  get size(): number {
    return this.#entries.size;
  }
  get(key: unknown): unknown {
    return this.#entries.get(keyOf(key))?.[1];
  }
  *keys(): Iterable<unknown> {
    for (const [key] of this.#entries.values()) yield key;
  }
  set(key: unknown, value: unknown): void {
    this.#entries.set(keyOf(key), [key, value]);
  }
}

/** An object of JSON; what is in it becomes values of CEL when it is looked at. */
class CelJson extends CelMap {
  readonly #object: JsonObject;
  constructor(object: JsonObject) {
    super();
    this.#object = object;
  }
  get size(): number {
    return [...this.keys()].length;
  }
  get(key: unknown): unknown {
    if (typeof key !== 'string' || !Object.hasOwn(this.#object, key)) return undefined;
    const value = this.#object[key];
    return value === undefined ? undefined : celValue(value);
  }
  *keys(): Iterable<string> {
    for (const key of Object.keys(this.#object)) if (this.#object[key] !== undefined) yield key;
  }
}

/** A JSON value as expressions see it: whole numbers are integers. */
export function celValue(value: Json | undefined): unknown {
  if (value === undefined) return null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(celValue) : new CelJson(value);
}

/** The JSON that the result of an expression is; undefined for what JSON has no form for, and for none. */
export function jsonOf(value: unknown): Json | undefined {
  if (value instanceof CelOptional) return value.isNone ? undefined : jsonOf(value.value);
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof CelUint) return Number(value.value);
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  if (value instanceof CelTimestamp || value instanceof CelDuration) return textOf(value);
  if (value instanceof Uint8Array) return btoa(String.fromCharCode(...value));
  if (Array.isArray(value)) return value.map((item) => jsonOf(item) ?? null);
  if (!(value instanceof CelMap)) return undefined;
  const result: JsonObject = {};
  for (const key of value.keys()) {
    const json = jsonOf(value.get(key));
    if (json === undefined) continue;
    Object.defineProperty(result, textOf(key), {
      value: json,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return result;
}

/** The name of a value's type, as type(…) gives it. */
export function typeNameOf(value: unknown): string {
  if (value === null) return 'null_type';
  switch (typeof value) {
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
  }
  if (value instanceof CelUint) return 'uint';
  if (value instanceof Uint8Array) return 'bytes';
  if (Array.isArray(value)) return 'list';
  if (value instanceof CelMap) return 'map';
  return (value as NamedValue).typeName;
}

const isNumber = (value: unknown): value is bigint | number | CelUint =>
  typeof value === 'bigint' || typeof value === 'number' || value instanceof CelUint;
const plainNumber = (value: bigint | number | CelUint) => (value instanceof CelUint ? value.value : value);

/** True if they are equal; values of different types are not, but numbers are compared as numbers. */
export function equalValues(a: unknown, b: unknown): boolean {
  // eslint-disable-next-line eqeqeq -- compares a bigint and a number by what they are worth
  if (isNumber(a) && isNumber(b)) return plainNumber(a) == plainNumber(b);
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || a instanceof Uint8Array) {
    if (typeNameOf(a) !== typeNameOf(b)) return false;
    const [left, right] = [a as unknown[], b as unknown[]];
    return left.length === right.length && left.every((item, index) => equalValues(item, right[index]));
  }
  if (a instanceof CelMap) return b instanceof CelMap && equalMaps(a, b);
  if (typeNameOf(a) !== typeNameOf(b)) return false;
  if (a instanceof CelDuration || a instanceof CelTimestamp) {
    return a.nanoseconds === (b as CelDuration).nanoseconds;
  }
  if (a instanceof CelType) return a.of === (b as CelType).of;
  if (a instanceof CelOptional) {
    const other = b as CelOptional;
    return a.isNone || other.isNone ? a.isNone === other.isNone : equalValues(a.value, other.value);
  }
  return 'equals' in a && (a as { equals(other: unknown): boolean }).equals(b);
}

function equalMaps(a: CelMap, b: CelMap): boolean {
  if (a.size !== b.size) return false;
  for (const key of a.keys()) {
    const other = b.get(key);
    if (other === undefined || !equalValues(a.get(key), other)) return false;
  }
  return true;
}

/** Below, above or at 0 as `a` is before, after or at `b`; undefined if they have no order. */
export function compareValues(a: unknown, b: unknown): number | undefined {
  const order = <T>(left: T, right: T) => (left < right ? -1 : left > right ? 1 : 0);
  if (isNumber(a) && isNumber(b)) return order(plainNumber(a), plainNumber(b));
  if (typeNameOf(a) !== typeNameOf(b)) return undefined;
  if (typeof a === 'string') return compareTexts(a, b as string);
  if (typeof a === 'boolean') return order(a, b as boolean);
  if (a instanceof Uint8Array) return compareItems(a, b as Uint8Array);
  if (a instanceof CelDuration || a instanceof CelTimestamp) {
    return order(a.nanoseconds, (b as CelDuration).nanoseconds);
  }
  return undefined;
}

/** By characters, as UTF-8 sorts. */
const compareTexts = (a: string, b: string) =>
  compareItems(
    Array.from(a, (character) => character.codePointAt(0)!),
    Array.from(b, (character) => character.codePointAt(0)!),
  );

function compareItems(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    if (a[index] !== b[index]) return a[index]! - b[index]!;
  }
  return a.length - b.length;
}

/** How many characters, bytes, items or entries; undefined for what has no size. */
export function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'string') return [...value].length;
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length;
  return value instanceof CelMap ? value.size : undefined;
}

/** As string(…) writes it. */
export function textOf(value: unknown): string {
  if (typeof value === 'number') return goFloat(value);
  if (value instanceof CelUint) return value.value.toString();
  if (value instanceof CelTimestamp) return timestampText(value);
  if (value instanceof CelDuration) return `${plainDecimal(value.nanoseconds, 9)}s`;
  return String(value);
}

/** A whole number of 10^-digits parts, without zeros at the end: 1500000000 and 9 is "1.5". */
function plainDecimal(value: bigint, digits: number): string {
  const sign = value < 0n ? '-' : '';
  const all = (value < 0n ? -value : value).toString().padStart(digits + 1, '0');
  const fraction = all.slice(-digits).replace(/0+$/, '');
  return `${sign}${all.slice(0, -digits)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Go's %g with as many digits as needed: an exponent from 1e+06 on and below 1e-04. */
function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

const SECOND = 1_000_000_000n;

function timestampText({ nanoseconds, offset }: CelTimestamp): string {
  const fraction = ((nanoseconds % SECOND) + SECOND) % SECOND;
  const seconds = (nanoseconds - fraction) / SECOND + BigInt(offset * 60);
  const date = new Date(Number(seconds) * 1000).toISOString().replace(/\.000Z$/, '');
  const shown = fraction === 0n ? '' : `.${fraction.toString().padStart(9, '0').replace(/0+$/, '')}`;
  if (offset === 0) return `${date}${shown}Z`;
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date}${shown}${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
}
