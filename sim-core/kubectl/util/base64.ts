const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** What the first byte of a character begins with, by how many bytes follow. */
const LEADING_BITS = [0, 0xc0, 0xe0, 0xf0];

/** The UTF-8 bytes of `text` in standard base64. */
export function encodeBase64(text: string): string {
  const bytes = [...utf8Bytes(text)];
  let encoded = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [a, b, c] = [bytes[index]!, bytes[index + 1], bytes[index + 2]];
    encoded += ALPHABET[a >> 2]! + ALPHABET[((a & 3) << 4) | ((b ?? 0) >> 4)]!;
    encoded += b === undefined ? '=' : ALPHABET[((b & 15) << 2) | ((c ?? 0) >> 6)]!;
    encoded += c === undefined ? '=' : ALPHABET[c & 63]!;
  }
  return encoded;
}

/** The text whose UTF-8 bytes `encoded` holds; what is no base64 is passed over. */
export function decodeBase64(encoded: string): string {
  return utf8Text(decodeBytes(encoded));
}

/** The bytes that `encoded` holds. */
export function decodeBase64Bytes(encoded: string): Uint8Array {
  return Uint8Array.from(decodeBytes(encoded));
}

/** The text that UTF-8 bytes make. */
export function textOfBytes(bytes: Uint8Array): string {
  return utf8Text([...bytes]);
}

/** How many bytes `text` takes in UTF-8. */
export function byteLength(text: string): number {
  return [...utf8Bytes(text)].length;
}

/** How many bytes `encoded` holds. */
export function base64Length(encoded: string): number {
  return decodeBytes(encoded).length;
}

function decodeBytes(encoded: string): number[] {
  const bytes: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const character of encoded) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) continue;
    buffer = ((buffer << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((buffer >> bits) & 0xff);
    }
  }
  return bytes;
}

function* utf8Bytes(text: string): Generator<number> {
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) yield code;
    else {
      const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      yield LEADING_BITS[more]! | (code >> (6 * more));
      for (let shift = more - 1; shift >= 0; shift--) yield 0x80 | ((code >> (6 * shift)) & 0x3f);
    }
  }
}

function utf8Text(bytes: readonly number[]): string {
  let text = '';
  for (let index = 0; index < bytes.length;) {
    const first = bytes[index++]!;
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let code = more === 0 ? first : first & (0x3f >> more);
    for (let count = 0; count < more; count++) code = (code << 6) | ((bytes[index++] ?? 0) & 0x3f);
    text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  }
  return text;
}
