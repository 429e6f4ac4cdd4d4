/** A conversion of C's printf: "%-08.3f" has the flags "-0", the width 8, the precision 3 and the conversion "f". */
export interface Conversion {
  readonly flags: string;
  /** Below zero: to the left. */
  readonly width: number;
  readonly precision: number | undefined;
  readonly conversion: string;
}

/** Wider than anything is shown. */
const MAX_WIDTH = 16_777_216;
/** So many digits JavaScript writes behind the point. */
const MAX_DIGITS = 100;

/** Formats for d, i, o, u, x and X; those without a sign show a negative value's 64 bits. */
export function formatInteger(value: bigint, conversion: Conversion): string {
  const { flags, precision, conversion: letter } = conversion;
  const signed = letter === 'd' || letter === 'i';
  const base = letter === 'o' ? 8 : /x/i.test(letter) ? 16 : 10;
  const magnitude = signed ? (value < 0n ? -value : value) : BigInt.asUintN(64, value);
  let digits =
    precision === 0 && value === 0n ? '' : magnitude.toString(base).padStart(within(precision ?? 0), '0');
  if (letter === 'X') digits = digits.toUpperCase();
  const prefix = !flags.includes('#') || value === 0n || base === 10 ? '' : base === 8 ? '0' : `0${letter}`;
  const sign = signed ? signOf(value < 0n, flags) : '';
  return pad(sign + prefix, digits, conversion, precision === undefined);
}

/** Formats for e, f, g and their capitals. */
export function formatFloat(value: number, conversion: Conversion): string {
  const { flags, precision = 6, conversion: letter } = conversion;
  const sign = signOf(value < 0 || Object.is(value, -0), flags);
  const magnitude = Math.abs(value);
  const digits = within(precision);
  const isFinite = Number.isFinite(magnitude);
  let text: string;
  if (!isFinite) text = Number.isNaN(value) ? 'nan' : 'inf';
  else if (/f/i.test(letter)) text = fixed(magnitude, digits);
  else if (/e/i.test(letter)) text = scientific(magnitude, digits);
  else text = general(magnitude, digits, flags.includes('#'));
  const shown = letter === letter.toUpperCase() ? text.toUpperCase() : text;
  return pad(sign, shown, conversion, isFinite);
}

/** Formats for s and c. */
export function formatText(text: string, conversion: Conversion): string {
  return pad('', text.slice(0, conversion.precision), conversion, false);
}

function within(count: number): number {
  return Math.max(0, Math.min(count, MAX_WIDTH));
}

function signOf(isNegative: boolean, flags: string): string {
  return isNegative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

function pad(prefix: string, text: string, { flags, width }: Conversion, mayBeZeros: boolean): string {
  const wide = within(Math.abs(width));
  if (width < 0 || flags.includes('-')) return (prefix + text).padEnd(wide);
  if (flags.includes('0') && mayBeZeros) return prefix + text.padStart(wide - prefix.length, '0');
  return (prefix + text).padStart(wide);
}

/** Of a value that lies in the middle between two, C takes the even one, JavaScript the larger. */
function halfToEven(write: (digits: number) => string, digits: number): string {
  const text = write(digits);
  const [mantissa, exponent] = write(Math.min(MAX_DIGITS, digits + 30)).split('e');
  const cut = mantissa!.replace('.', '').length - mantissa!.split('.')[0]!.length - digits;
  const rest = mantissa!.slice(mantissa!.length - cut);
  const isMiddle = cut > 1 && /^50+$/.test(rest);
  if (!isMiddle || /[13579]\D*$/.test(mantissa!.slice(0, -cut))) return text;
  const kept = mantissa!.slice(0, -cut).replace(/\.$/, '');
  return exponent === undefined ? kept : `${kept}e${exponent}`;
}

function fixed(value: number, digits: number): string {
  // JavaScript writes larger ones with an exponent.
  if (value >= 1e21) return BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
  const written = Math.min(digits, MAX_DIGITS);
  return halfToEven((count) => value.toFixed(count), written) + '0'.repeat(digits - written);
}

function scientific(value: number, digits: number): string {
  const written = Math.min(digits, MAX_DIGITS);
  const text = halfToEven((count) => value.toExponential(count), written);
  const [mantissa, exponent] = text.split('e');
  const power = exponent!.slice(1).padStart(2, '0');
  return `${mantissa}${'0'.repeat(digits - written)}e${exponent![0]}${power}`;
}

function general(value: number, precision: number, keepsZeros: boolean): string {
  const digits = Math.max(1, precision);
  const exponential = scientific(value, digits - 1);
  const power = Number(exponential.split('e')[1]);
  const text = power < -4 || power >= digits ? exponential : fixed(value, digits - 1 - power);
  return keepsZeros ? text : text.replace(/(\.\d*?)0+(?=e|$)/, '$1').replace(/\.(?=e|$)/, '');
}
