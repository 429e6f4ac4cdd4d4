const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const LONG = /^(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))/;

/** The text that a quoted one stands for; undefined if it names no character. Models parser/unescape.go. */
export function unescapeText(literal: string): string | undefined {
  let result = '';
  for (const part of partsOf(literal)) {
    if (typeof part === 'number' && (part > 0x10ffff || (part >= 0xd800 && part < 0xe000))) return undefined;
    result += typeof part === 'string' ? part : String.fromCodePoint(part);
  }
  return result;
}

/** The bytes of b"…": escapes are bytes, everything else is UTF-8. */
export function unescapeBytes(literal: string): Uint8Array {
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  for (const part of partsOf(literal.slice(1))) {
    if (typeof part === 'number') bytes.push(part & 0xff);
    else bytes.push(...encoder.encode(part));
  }
  return Uint8Array.from(bytes);
}

/** The characters of a literal; those that stand as a number are numbers. */
function* partsOf(literal: string): Iterable<string | number> {
  const raw = /^[rR]/.test(literal);
  const quotes = literal.slice(raw ? 1 : 0);
  const width = /^("""|''')/.test(quotes) && quotes.length >= 6 ? 3 : 1;
  const body = quotes.slice(width, -width).replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  if (raw) {
    yield body;
    return;
  }
  for (let at = 0; at < body.length;) {
    if (body[at] !== '\\') {
      const character = String.fromCodePoint(body.codePointAt(at)!);
      yield character;
      at += character.length;
      continue;
    }
    const long = LONG.exec(body.slice(at + 1));
    if (long === null) {
      const character = body[at + 1]!;
      yield SIMPLE[character] ?? character;
      at += 2;
    } else {
      yield long[4] === undefined ? parseInt((long[1] ?? long[2] ?? long[3])!, 16) : parseInt(long[4], 8);
      at += 1 + long[0].length;
    }
  }
}
