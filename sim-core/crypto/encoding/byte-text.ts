/*
 * Files and pipes hold text here. Bytes that are no UTF-8 become lone surrogates, 0xff U+DCFF, so that they come out as
 * they went in. Models Python's surrogateescape.
 */

const ESCAPE = 0xdc00;
/** How many bytes follow a first byte, by what it begins with; undefined for one that begins nothing. */
function following(first: number): number | undefined {
  if (first < 0x80) return 0;
  if (first >= 0xc2 && first < 0xe0) return 1;
  if (first >= 0xe0 && first < 0xf0) return 2;
  return first >= 0xf0 && first < 0xf5 ? 3 : undefined;
}

/** The smallest code point that needs so many following bytes. */
const SMALLEST = [0, 0x80, 0x800, 0x10000];

/** The character that begins at `at`, and how many bytes it takes; undefined if there is none. */
function characterAt(bytes: Uint8Array, at: number): { code: number; length: number } | undefined {
  const first = bytes[at]!;
  const more = following(first);
  if (more === undefined) return undefined;
  let code = more === 0 ? first : first & (0x3f >> more);
  for (let index = 1; index <= more; index++) {
    const byte = bytes[at + index];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return undefined;
    code = (code << 6) | (byte & 0x3f);
  }
  const isCharacter = code >= SMALLEST[more]! && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
  return isCharacter ? { code, length: more + 1 } : undefined;
}

/** The text that stands for the bytes. */
export function textOfBytes(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const character = characterAt(bytes, at);
    text += String.fromCodePoint(character?.code ?? ESCAPE + bytes[at]!);
    at += character?.length ?? 1;
  }
  return text;
}

/** The bytes that a text stands for. */
export function bytesOfText(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) bytes.push(code);
    else if (isEscape(code)) bytes.push(code - ESCAPE);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000) {
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    } else {
      bytes.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 0x3f),
        0x80 | ((code >> 6) & 0x3f),
        0x80 | (code & 0x3f),
      );
    }
  }
  return Uint8Array.from(bytes);
}

/** True for a lone surrogate that stands for a byte. */
export function isEscape(code: number): boolean {
  return code >= 0xdc80 && code <= 0xdcff;
}

/** How many bytes at the end of `bytes` may be the beginning of a character that goes on. */
export function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    return (following(byte) ?? 0) >= back ? back : 0;
  }
  return 0;
}
