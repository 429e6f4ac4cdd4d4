/** The UTF-8 bytes of a text, as a string of which each character is one byte. */
export function toByteString(text: string): string {
  if (!/[^\x00-\x7f]/.test(text)) return text;
  let bytes = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) bytes += character;
    else if (code < 0x800) bytes += String.fromCharCode(0xc0 | (code >> 6), continuation(code));
    else if (code < 0x10000) {
      bytes += String.fromCharCode(0xe0 | (code >> 12), continuation(code >> 6), continuation(code));
    } else {
      bytes += String.fromCharCode(
        0xf0 | (code >> 18),
        continuation(code >> 12),
        continuation(code >> 6),
        continuation(code),
      );
    }
  }
  return bytes;
}

/** The inverse of {@link toByteString}; bytes that are no UTF-8 become U+FFFD. */
export function fromByteString(bytes: string): string {
  if (!/[\x80-\xff]/.test(bytes)) return bytes;
  let text = '';
  for (let index = 0; index < bytes.length;) {
    const first = bytes.charCodeAt(index++);
    const more = first < 0x80 ? 0 : first >> 5 === 6 ? 1 : first >> 4 === 14 ? 2 : first >> 3 === 30 ? 3 : -1;
    let code = more < 1 ? first : first & (0x3f >> more);
    let valid = more >= 0;
    for (let count = 0; count < more && valid; count++) {
      const next = bytes.charCodeAt(index);
      valid = next >> 6 === 2;
      if (valid) code = (code << 6) | (bytes.charCodeAt(index++) & 0x3f);
    }
    text += valid && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  }
  return text;
}

export function bytesOf(text: string): Uint8Array {
  const bytes = toByteString(text);
  return Uint8Array.from({ length: bytes.length }, (_, index) => bytes.charCodeAt(index));
}

export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return fromByteString(text);
}

function continuation(code: number): number {
  return 0x80 | (code & 0x3f);
}
