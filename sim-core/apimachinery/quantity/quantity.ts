/** A text that is no quantity; the message is upstream's. */
export class QuantityError extends Error {
  override readonly name = 'QuantityError';
}

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

const ERR_FORMAT =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const ERR_NUMERIC = 'unable to parse numeric part of quantity';
const ERR_SUFFIX = "unable to parse quantity's suffix";

const DECIMAL_SUFFIXES: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const BINARY_SUFFIXES: ReadonlyMap<string, number> = new Map([
  ['Ki', 10],
  ['Mi', 20],
  ['Gi', 30],
  ['Ti', 40],
  ['Pi', 50],
  ['Ei', 60],
]);
const suffixOf = (table: ReadonlyMap<string, number>, exponent: number) =>
  [...table].find((entry) => entry[1] === exponent)?.[0];

/** Upstream's smallest step. */
const NANO = -9;
const MAX_INT64 = 2n ** 63n - 1n;
/** Exponents beyond this are refused, since a number is held with all its digits. */
const MAX_EXPONENT = 1000;

/**
 * A fixed-point number with a suffix, as resources are written: "500m", "128Mi", "1e3". Immutable.
 * Held exactly, in steps of 10^-9.
 *
 * Models k8s.io/apimachinery/pkg/api/resource Quantity.
 */
export class Quantity {
  /** The value times 10^9. */
  readonly #nanos: bigint;
  readonly format: QuantityFormat;
  /** The text it was read from, where upstream keeps it as canonical. */
  readonly #text: string | undefined;

  private constructor(nanos: bigint, format: QuantityFormat, text?: string) {
    this.#nanos = nanos;
    this.format = format;
    this.#text = text;
  }

  /** Reads "0.5", "500m", "1.5Gi", "12e6". Throws a QuantityError. Models ParseQuantity. */
  static parse(text: string): Quantity {
    const { positive, integer, fraction, suffix } = scan(text);
    const { base, exponent, format } = interpretSuffix(suffix);
    const digits = BigInt(integer + fraction);
    if (Math.abs(exponent) > MAX_EXPONENT) throw new QuantityError(ERR_NUMERIC);

    const scale = (base === 10 ? exponent : 0) - fraction.length;
    const mantissa = base === 2 ? digits * 2n ** BigInt(exponent) : digits;
    let nanos = scaled(mantissa, scale - NANO);
    let shownFormat = format;
    if (format === 'BinarySI') {
      if (nanos > MAX_INT64 * 10n ** 9n) nanos = MAX_INT64 * 10n ** 9n;
      if (nanos > 0n && nanos < 10n ** 9n) shownFormat = 'DecimalSI';
    }
    return new Quantity(
      positive ? nanos : -nanos,
      shownFormat,
      keepsText(integer, fraction, digits, exponent, format, scale) ? text : undefined,
    );
  }

  /** `value` is a whole number. Models NewQuantity. */
  static of(value: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
    return new Quantity(BigInt(value) * 10n ** 9n, format);
  }

  /** `value` is a whole number of thousandths. Models NewMilliQuantity. */
  static ofMilli(value: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
    return new Quantity(BigInt(value) * 10n ** 6n, format);
  }

  /** A zero takes the other's format. Models Add. */
  add(other: Quantity): Quantity {
    return new Quantity(this.#nanos + other.#nanos, this.isZero ? other.format : this.format);
  }

  sub(other: Quantity): Quantity {
    return new Quantity(this.#nanos - other.#nanos, this.isZero ? other.format : this.format);
  }

  neg(): Quantity {
    return new Quantity(-this.#nanos, this.format);
  }

  /** -1, 0 or 1. Models Cmp. */
  compare(other: Quantity): -1 | 0 | 1 {
    return this.#nanos < other.#nanos ? -1 : this.#nanos > other.#nanos ? 1 : 0;
  }

  equals(other: Quantity): boolean {
    return this.#nanos === other.#nanos;
  }

  get isZero(): boolean {
    return this.#nanos === 0n;
  }

  get sign(): -1 | 0 | 1 {
    return this.#nanos < 0n ? -1 : this.#nanos > 0n ? 1 : 0;
  }

  /** The next whole number away from zero; exact up to 2^53. Models Value. */
  value(): number {
    return Number(this.scaledValue(0));
  }

  /** Thousandths, rounded away from zero. Models MilliValue. */
  milliValue(): number {
    return Number(this.scaledValue(-3));
  }

  /** How many 10^exponent it is, rounded away from zero; `exponent` ≥ -9. Models ScaledValue. */
  scaledValue(exponent: number): bigint {
    return scaled(this.#nanos, NANO - exponent);
  }

  /** To a whole number of 10^exponent, away from zero. Models RoundUp. */
  roundUp(exponent: number): Quantity {
    const step = 10n ** BigInt(exponent - NANO);
    if (this.#nanos % step === 0n) return this;
    return new Quantity(this.scaledValue(exponent) * step, this.format);
  }

  /** As a floating-point number. Models AsApproximateFloat64. */
  asFloat(): number {
    return Number(this.#nanos) / 1e9;
  }

  /** The canonical text: "500m" for 0.5, "1Gi" for 1024Mi. Models String. */
  toString(): string {
    if (this.#text !== undefined) return this.#text;
    if (this.isZero) return '0';
    const kibi = 1024n * 10n ** 9n;
    const whole = this.#nanos % 10n ** 9n === 0n;
    if (this.format === 'BinarySI' && whole && (this.#nanos >= kibi || this.#nanos <= -kibi)) {
      let amount = this.#nanos / 10n ** 9n;
      let exponent = 0;
      while (amount % 1024n === 0n) {
        amount /= 1024n;
        exponent += 10;
      }
      return `${amount}${suffixOf(BINARY_SUFFIXES, exponent) ?? ''}`;
    }
    let amount = this.#nanos;
    let exponent = NANO;
    while (amount % 1000n === 0n) {
      amount /= 1000n;
      exponent += 3;
    }
    const suffix = this.format === 'DecimalExponent' ? undefined : suffixOf(DECIMAL_SUFFIXES, exponent);
    return `${amount}${suffix ?? (exponent === 0 ? '' : `e${exponent}`)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** The text that upstream prints for a quantity: "0.5" becomes "500m". Throws a QuantityError. */
export function canonicalQuantity(text: string): string {
  return Quantity.parse(text).toString();
}

/**
 * What upstream's structure holds after it read the text: "200m" is 200 times 10^-3; `kept` is the text where it counts
 * as canonical, "" elsewhere. Throws a QuantityError. Models ParseQuantity for numbers that fit into 64 bits.
 */
export function quantityParts(text: string): {
  readonly value: bigint;
  readonly scale: number;
  readonly kept: string;
  readonly format: QuantityFormat;
} {
  if (text === '0') return { value: 0n, scale: 0, kept: text, format: 'DecimalSI' };
  const { positive, integer, fraction, suffix } = scan(text);
  const { base, exponent, format } = interpretSuffix(suffix);
  const digits = BigInt(integer + fraction);
  const scale = (base === 10 ? exponent : 0) - fraction.length;
  const value = base === 2 ? digits * 2n ** BigInt(exponent) : digits;
  const kept = keepsText(integer, fraction, digits, exponent, format, scale) ? text : '';
  return { value: positive ? value : -value, scale, kept, format };
}

/** Splits a quantity into its parts, leading zeros cut. Models parseQuantityString. */
function scan(text: string): { positive: boolean; integer: string; fraction: string; suffix: string } {
  const match =
    text === '' ? null : /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[+-]?[0-9]*)$/.exec(text);
  if (match === null) throw new QuantityError(ERR_FORMAT);
  return {
    positive: match[1] !== '-',
    integer: match[2] === '' ? '0' : match[2]!,
    fraction: match[3] ?? '',
    suffix: match[4]!,
  };
}

function interpretSuffix(suffix: string): { base: 2 | 10; exponent: number; format: QuantityFormat } {
  const decimal = DECIMAL_SUFFIXES.get(suffix);
  if (decimal !== undefined) return { base: 10, exponent: decimal, format: 'DecimalSI' };
  const binary = BINARY_SUFFIXES.get(suffix);
  if (binary !== undefined) return { base: 2, exponent: binary, format: 'BinarySI' };
  if (/^[eE][+-]?[0-9]+$/.test(suffix)) {
    return { base: 10, exponent: Number(suffix.slice(1)), format: 'DecimalExponent' };
  }
  throw new QuantityError(ERR_SUFFIX);
}

/** `value` times 10^`exponent`, rounded away from zero. */
function scaled(value: bigint, exponent: number): bigint {
  if (exponent >= 0) return value * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(-exponent);
  const quotient = value / divisor;
  if (value % divisor === 0n) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}

/**
 * True if upstream keeps the text as it is: it fits into 64 bits and looks canonical to it,
 * which "1.500" does and "0.5", "1000" and "1024Mi" do not.
 */
function keepsText(
  integer: string,
  fraction: string,
  digits: bigint,
  exponent: number,
  format: QuantityFormat,
  scale: number,
): boolean {
  if (format === 'BinarySI') {
    const precision = 15 - integer.length - Math.trunc((exponent * 3) / 10) - 1;
    const fits = fraction === '' && precision >= 0;
    return fits && digits % 8n !== 0n;
  }
  const shifted = integer + fraction;
  return (
    shifted.length <= 18 &&
    scale >= NANO &&
    scale % 3 === 0 &&
    !shifted.endsWith('000') &&
    !shifted.startsWith('0')
  );
}
