import { type Conversion, formatFloat, formatInteger, formatText } from '../../text/c-format.ts';
import { AwkProblem } from './problem.ts';
import { Input, toNumber, toText, type Value } from './values.ts';

const DIRECTIVE = /[^%]+|%%|%([-+ #0']*)(\*|\d*)(?:(\.)(\*|\d*))?([lh]*)([^]?)/g;

/** What sprintf gives; throws an {@link AwkProblem}. `format` writes a number as a text. */
export function sprintf(values: readonly Value[], format: string): string {
  return [...printfPieces('sprintf', values, format)].join('');
}

/** What printf (or `name`) says, piece by piece: of what cannot be formatted the beginning is said. */
export function* printfPieces(
  name: 'printf' | 'sprintf',
  [template, ...args]: readonly Value[],
  format: string,
): Generator<string> {
  const text = toText(template, format);
  let at = 0;
  let number = 0;
  for (const [piece, flags, width, point, precision, size, letter] of text.matchAll(DIRECTIVE)) {
    if (!piece.startsWith('%')) yield piece;
    else number++;
    if (piece === '%%') yield '%';
    if (letter === undefined) continue;
    const wide = width === '*' ? toNumber(args[at++]) : Number(width);
    const precise =
      point === undefined ? undefined : precision === '*' ? toNumber(args[at++]) : Number(precision);
    if (at >= args.length) throw new AwkProblem(`not enough arguments passed to ${name}("${text}")`);
    const isInteger = letter !== '' && 'dioxXu'.includes(letter);
    if (!isInteger && (size !== '' || letter === '' || !'sceEfgG'.includes(letter)))
      throw new AwkProblem(`improper conversion(number ${number}) in ${name}("${text}")`);
    yield convert(args[at++], format, {
      flags: flags!,
      width: Math.trunc(wide),
      precision: precise !== undefined && precise >= 0 ? Math.trunc(precise) : undefined,
      conversion: letter,
    });
  }
}

function convert(value: Value, format: string, conversion: Conversion): string {
  switch (conversion.conversion) {
    case 's':
      return formatText(toText(value, format), conversion);
    case 'c':
      return formatText(characterOf(value), conversion);
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
      return formatInteger(integerOf(toNumber(value)), conversion);
    default: {
      const number = toNumber(value);
      return Number.isNaN(number) ? formatText('-nan', conversion) : formatFloat(number, conversion);
    }
  }
}

/** A number is the byte of that code, a text its first one. */
function characterOf(value: Value): string {
  const number = value instanceof Input ? value.number : value;
  if (typeof number === 'number') return String.fromCharCode(Number(BigInt.asUintN(8, integerOf(number))));
  const text = toText(value, '');
  return text === '' ? '\0' : text[0]!;
}

const LARGEST = 2n ** 64n - 1n;
const SMALLEST = -(2n ** 63n);

function integerOf(number: number): bigint {
  if (Number.isNaN(number)) return SMALLEST;
  if (number >= 2 ** 64) return LARGEST;
  return number <= -(2 ** 63) ? SMALLEST : BigInt(Math.trunc(number));
}
