const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/**
 * A text in double quotes as Go's %q prints it. A lone surrogate from U+DC80 on stands for the byte that
 * was no UTF-8. Models strconv.Quote.
 */
export function goQuote(text: string): string {
  let quoted = '"';
  for (const character of text) {
    const escape = ESCAPES[character];
    if (escape !== undefined) quoted += escape;
    else if (isPrintable(character)) quoted += character;
    else {
      const code = character.codePointAt(0)!;
      quoted +=
        code < 0x80 || (code >= 0xdc80 && code <= 0xdcff)
          ? `\\x${(code & 0xff).toString(16).padStart(2, '0')}`
          : code < 0x10000
            ? `\\u${code.toString(16).padStart(4, '0')}`
            : `\\U${code.toString(16).padStart(8, '0')}`;
    }
  }
  return `${quoted}"`;
}

/** What Go's unicode.IsPrint says of one character. */
export function isPrintable(character: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character);
}
