import { bytesOfText } from '../../crypto/encoding/byte-text.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes that `text` stands for in standard base64. */
export function encodeBase64(text: string): string {
  const bytes = bytesOfText(text);
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
  return bytesOfText(text).length;
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
