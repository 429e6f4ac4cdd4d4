import { formatDate } from '../commands/date.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Replaces `\n`, `\x41`, `\101`, `\u00e9`; undefined in `end` unless `\c` cut the text. */
export function unescape(text: string): { readonly text: string; readonly cut: boolean } {
  let cut = false;
  const shown = text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|0?([0-7]{1,3})|(c[^]*)|([^]))/g,
    (whole, hex?: string, short?: string, long?: string, octal?: string, end?: string, letter?: string) => {
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      if (short !== undefined || long !== undefined)
        return String.fromCodePoint(parseInt(short ?? long!, 16));
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
      if (end !== undefined) {
        cut = true;
        return '';
      }
      return ESCAPES[letter!] ?? whole;
    },
  );
  return { text: shown, cut };
}

export interface PrintfResult {
  readonly text: string;
  /** What was wrong with arguments: bash says so and goes on. */
  readonly problems: readonly string[];
}

const DIRECTIVE =
  /%(%|([-+ 0#]*)(\*|\d+)?(?:\.(\*|-?\d+)?)?(?:\(([^)]*)\))?([diouxXfeEgGaAcsbqT]))|\\[^]|[^%\\]+|%/g;

/** Formats as bash's printf; the format is used again until there are no more arguments. */
export function printf(format: string, args: readonly string[], now: number): PrintfResult {
  const rest = [...args];
  const problems: string[] = [];
  let text = '';
  let cut = false;
  do {
    const before = rest.length;
    for (const [piece, kind, flags = '', width, precision, time, conversion] of format.matchAll(DIRECTIVE)) {
      if (piece.startsWith('\\')) {
        text += unescape(piece).text;
        continue;
      }
      if (!piece.startsWith('%')) {
        text += piece;
        continue;
      }
      if (kind === '%') {
        text += '%';
        continue;
      }
      if (conversion === undefined) {
        problems.push("`%': missing format character");
        continue;
      }
      const wide = width === '*' ? Number(rest.shift() ?? 0) : Number(width ?? 0);
      const hasPrecision = /\./.test(piece.replace(/\([^)]*\)/, ''));
      const precise = !hasPrecision
        ? undefined
        : precision === '*'
          ? Number(rest.shift() ?? 0)
          : Number(precision ?? 0);
      const argument = rest.shift();
      const directive = { flags, precision: precise, conversion, time, now };
      const formatted = convert(directive, argument, problems);
      text += pad(formatted.text, wide, flags, conversion);
      if (formatted.cut) {
        cut = true;
        break;
      }
    }
    if (rest.length === before) break;
  } while (rest.length > 0 && !cut);
  return { text, problems };
}

interface Directive {
  readonly flags: string;
  readonly precision: number | undefined;
  readonly conversion: string;
  readonly time: string | undefined;
  readonly now: number;
}

function convert(
  { flags, precision, conversion, time, now }: Directive,
  argument: string | undefined,
  problems: string[],
): { readonly text: string; readonly cut: boolean } {
  const whole = (text: string) => ({ text, cut: false });
  switch (conversion) {
    case 's':
      return whole((argument ?? '').slice(0, precision));
    case 'b': {
      const { text, cut } = unescape(argument ?? '');
      return { text: text.slice(0, precision), cut };
    }
    case 'c':
      return whole((argument ?? '').slice(0, 1));
    case 'q':
      return whole(shellQuoted(argument ?? ''));
    case 'T': {
      const seconds = argument === undefined || argument === '-1' ? Math.floor(now / 1000) : Number(argument);
      return whole(formatDate(new Date(seconds * 1000), time || '%H:%M:%S'));
    }
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
      return whole(integerText(integerOf(argument, problems), { flags, precision, conversion }));
    default:
      return whole(floatText(numberOf(argument, problems), flags, precision, conversion));
  }
}

function integerOf(argument: string | undefined, problems: string[]): bigint {
  if (argument === undefined || argument === '') return 0n;
  if (/^["']/.test(argument)) return BigInt(argument.codePointAt(1) ?? 0);
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(argument);
  if (match === null || match[0].length < argument.length) problems.push(`${argument}: invalid number`);
  if (match === null) return 0n;
  const digits = match[2]!;
  const octal = /^0[0-7]+$/.test(digits);
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  return match[1] === '-' ? -value : value;
}

function numberOf(argument: string | undefined, problems: string[]): number {
  if (argument === undefined || argument === '') return 0;
  if (/^["']/.test(argument)) return argument.codePointAt(1) ?? 0;
  const number = Number(argument);
  if (Number.isNaN(number)) {
    problems.push(`${argument}: invalid number`);
    return Number.parseFloat(argument) || 0;
  }
  return number;
}

function integerText(
  value: bigint,
  { flags, precision, conversion }: Pick<Directive, 'flags' | 'precision' | 'conversion'>,
): string {
  const signed = conversion === 'd' || conversion === 'i';
  const base = conversion === 'o' ? 8 : /x/i.test(conversion) ? 16 : 10;
  const magnitude = signed ? (value < 0n ? -value : value) : BigInt.asUintN(64, value);
  let digits = magnitude.toString(base).padStart(precision ?? 0, '0');
  if (conversion === 'X') digits = digits.toUpperCase();
  if (flags.includes('#') && value !== 0n)
    digits = (base === 8 ? '0' : base === 16 ? `0${conversion}` : '') + digits;
  const sign = !signed ? '' : value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return sign + digits;
}

function floatText(value: number, flags: string, precision = 6, conversion = 'f'): string {
  const sign = value < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const magnitude = Math.abs(value);
  const exponent = (text: string) => text.replace(/e([+-])(\d)$/, 'e$10$2');
  let text: string;
  if (/f/i.test(conversion)) text = magnitude.toFixed(precision);
  else if (/e/i.test(conversion)) text = exponent(magnitude.toExponential(precision));
  else {
    const digits = precision === 0 ? 1 : precision;
    const power = magnitude === 0 ? 0 : Math.floor(Math.log10(magnitude));
    text =
      power < -4 || power >= digits
        ? exponent(magnitude.toExponential(digits - 1).replace(/\.?0+(?=e)/, ''))
        : magnitude
            .toFixed(Math.max(0, digits - 1 - power))
            .replace(/(\.\d*?)0+$/, '$1')
            .replace(/\.$/, '');
  }
  return sign + (conversion === conversion.toUpperCase() ? text.toUpperCase() : text);
}

/** Wider than anything is shown. */
const MAX_WIDTH = 16_777_216;

function pad(text: string, wanted: number, flags: string, conversion: string): string {
  const width = Math.max(-MAX_WIDTH, Math.min(wanted, MAX_WIDTH));
  if (width < 0 || flags.includes('-')) return text.padEnd(Math.abs(width));
  if (!flags.includes('0') || !/[diouxXfeEgG]/.test(conversion)) return text.padStart(width);
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

/** A word as `printf %q` and `declare -p` write it. */
function shellQuoted(word: string): string {
  if (word === '') return "''";
  if (/[\x00-\x1f\x7f]/.test(word)) {
    const escaped = word
      .replace(/[\\']/g, '\\$&')
      .replaceAll('\n', '\\n')
      .replaceAll('\t', '\\t')
      .replaceAll('\r', '\\r');
    return `$'${escaped}'`;
  }
  return word.replace(/[^\w@%+=:,./\u0080-\uffff-]/g, '\\$&');
}
