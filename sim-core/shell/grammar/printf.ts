import { formatDate } from '../commands/date-format.ts';
import { unescape } from '../text/escapes.ts';
import { type Conversion, formatFloat, formatInteger, formatText } from '../text/c-format.ts';

export interface PrintfResult {
  readonly text: string;
  /** What was wrong with arguments: bash says so and goes on. */
  readonly problems: readonly string[];
}

const DIRECTIVE =
  /%(%|([-+ 0#]*)(\*|\d+)?(?:\.(\*|-?\d+)?)?(?:\(([^)]*)\))?([diouxXfeEgGaAcsbqT]))|(?:\\[^]|[^%\\])+|%/g;

/** Formats as bash's printf; the format is used again until there are no more arguments. */
export function printf(format: string, args: readonly string[], now: number): PrintfResult {
  const rest = [...args];
  const problems: string[] = [];
  let text = '';
  let cut = false;
  do {
    const before = rest.length;
    for (const [piece, kind, flags = '', width, precision, time, conversion] of format.matchAll(DIRECTIVE)) {
      if (!piece.startsWith('%')) {
        text += unescape(piece, 'format').text;
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
        ? -1
        : precision === '*'
          ? Number(rest.shift() ?? 0)
          : Number(precision ?? 0);
      const argument = rest.shift() ?? '';
      const directive = {
        flags,
        width: wide,
        precision: precise < 0 ? undefined : precise,
        conversion,
        time,
        now,
      };
      const formatted = convert(directive, argument, problems);
      text += formatted.text;
      if (formatted.cut) {
        cut = true;
        break;
      }
    }
    if (rest.length === before) break;
  } while (rest.length > 0 && !cut);
  return { text, problems };
}

interface Directive extends Conversion {
  readonly time: string | undefined;
  readonly now: number;
}

function convert(
  directive: Directive,
  argument: string,
  problems: string[],
): { readonly text: string; readonly cut: boolean } {
  const whole = (text: string) => ({ text, cut: false });
  const { conversion, time, now } = directive;
  const padding = { ...directive, precision: undefined };
  switch (conversion) {
    case 's':
      return whole(formatText(argument, directive));
    case 'b': {
      const { text, cut } = unescape(argument, 'argument');
      return { text: formatText(text, directive), cut };
    }
    case 'c':
      return whole(formatText(argument.slice(0, 1), padding));
    case 'q':
      return whole(formatText(shellQuoted(argument), padding));
    case 'T': {
      const seconds = argument === '' || argument === '-1' ? Math.floor(now / 1000) : Number(argument);
      return whole(formatText(formatDate(new Date(seconds * 1000), time || '%H:%M:%S'), padding));
    }
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
      return whole(formatInteger(integerOf(argument, problems), directive));
    default:
      return whole(formatFloat(numberOf(argument, problems), directive));
  }
}

function integerOf(argument: string, problems: string[]): bigint {
  if (argument === '') return 0n;
  if (/^["']/.test(argument)) return BigInt(argument.codePointAt(1) ?? 0);
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(argument);
  if (match === null || match[0].length < argument.length) problems.push(`${argument}: invalid number`);
  if (match === null) return 0n;
  const digits = match[2]!;
  const octal = /^0[0-7]+$/.test(digits);
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  return match[1] === '-' ? -value : value;
}

function numberOf(argument: string, problems: string[]): number {
  if (argument === '') return 0;
  if (/^["']/.test(argument)) return argument.codePointAt(1) ?? 0;
  const number = Number(argument);
  if (Number.isNaN(number)) {
    problems.push(`${argument}: invalid number`);
    return Number.parseFloat(argument) || 0;
  }
  return number;
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
