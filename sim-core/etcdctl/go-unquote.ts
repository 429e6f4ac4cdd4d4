import { fromBytes, toBytes } from '../etcd/clientv3/bytes.ts';

const NAMED: Readonly<Record<string, number>> = {
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
  '\\': 0x5c,
  '"': 0x22,
};

/** One piece of what stands between double quotes: a run of plain text, or an escape. */
const PIECE =
  /([^"\\\n]+)|\\(?:([abfnrtv\\"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;

/**
 * The text that a Go string literal at the beginning of `source` stands for, and how long the literal is:
 * `"a\x00\u00e9" rest` gives "a\0é" and 13. Undefined if there is none. Models strconv.QuotedPrefix and Unquote.
 */
export function goUnquotePrefix(
  source: string,
): { readonly text: string; readonly length: number } | undefined {
  if (source[0] === '`') {
    const end = source.indexOf('`', 1);
    return end < 0 ? undefined : { text: source.slice(1, end).replaceAll('\r', ''), length: end + 1 };
  }
  if (source[0] !== '"') return undefined;
  const bytes: number[] = [];
  PIECE.lastIndex = 1;
  for (;;) {
    const at = PIECE.lastIndex;
    if (source[at] === '"') return { text: fromBytes(Uint8Array.from(bytes)), length: at + 1 };
    const [, plain, named, hex, octal, short, long] = PIECE.exec(source) ?? [];
    const point = short ?? long;
    if (plain !== undefined) bytes.push(...toBytes(plain));
    else if (named !== undefined) bytes.push(NAMED[named]!);
    else if (hex !== undefined) bytes.push(parseInt(hex, 16));
    else if (octal !== undefined && parseInt(octal, 8) <= 0xff) bytes.push(parseInt(octal, 8));
    else if (point !== undefined && isCodePoint(parseInt(point, 16)))
      bytes.push(...toBytes(String.fromCodePoint(parseInt(point, 16))));
    else return undefined;
  }
}

function isCodePoint(code: number): boolean {
  return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
}
