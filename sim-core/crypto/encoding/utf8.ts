/** What the first byte of a character begins with, by how many bytes follow. */
const LEADING_BITS = [0, 0xc0, 0xe0, 0xf0];

export function encodeUtf8(text: string): Uint8Array {
  return encodeAscii(text) ?? encodeAny(text);
}

/** Undefined for a text that has other characters. */
function encodeAscii(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) return undefined;
    bytes[at] = code;
  }
  return bytes;
}

function encodeAny(text: string): Uint8Array {
  // No code unit takes more than three bytes.
  const bytes = new Uint8Array(3 * text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.codePointAt(at)!;
    if (code < 0x80) {
      bytes[length++] = code;
      continue;
    }
    const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    if (more === 3) at++;
    bytes[length++] = LEADING_BITS[more]! | (code >> (6 * more));
    for (let left = more - 1; left >= 0; left--) bytes[length++] = 0x80 | ((code >> (6 * left)) & 0x3f);
  }
  return bytes.slice(0, length);
}

/** The text of UTF-8 bytes; what is none becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at++]!;
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let code = more === 0 ? first : first & (0x3f >> more);
    for (let count = 0; count < more; count++) code = (code << 6) | ((bytes[at++] ?? 0) & 0x3f);
    text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  }
  return text;
}
