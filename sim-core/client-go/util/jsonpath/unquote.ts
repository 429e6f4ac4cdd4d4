const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/**
 * The text of a Go string literal in double or single quotes; undefined for what is none.
 * Models client-go/util/jsonpath UnquoteExtend.
 */
export function unquote(literal: string): string | undefined {
  const quote = literal[0];
  if (literal.length < 2 || quote === undefined || !literal.endsWith(quote)) return undefined;
  let text = '';
  let rest = literal.slice(1, -1);
  while (rest !== '') {
    const match =
      /^(?:\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))|([^\\]))/su.exec(rest);
    if (match === null) return undefined;
    const [whole, byte, short, long, octal, escape, plain] = match;
    if (plain === quote) return undefined;
    const hexadecimal = byte ?? short ?? long;
    if (hexadecimal !== undefined) text += String.fromCodePoint(parseInt(hexadecimal, 16));
    else if (octal !== undefined) text += String.fromCodePoint(parseInt(octal, 8));
    else if (escape === undefined) text += plain;
    else {
      const meant = escape === quote ? quote : ESCAPES[escape];
      if (meant === undefined) return undefined;
      text += meant;
    }
    rest = rest.slice(whole.length);
  }
  return text;
}
