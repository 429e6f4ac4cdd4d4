/**
 * Keys, values and snapshots are bytes in etcd and texts here: the bytes read as UTF-8, and each byte
 * that is not part of any as one of the code units U+DC80 to U+DCFF, which no UTF-8 stands for. No byte
 * is lost on the way to a text and back, and a text that a person wrote stays as it is.
 * Python names the same idea "surrogateescape" (PEP 383).
 */
const ESCAPE = 0xdc00;

/** A code unit that is not ASCII. */
const NOT_ASCII = /[^\0-\x7f]/;

/** The text that stands for the bytes. */
export function fromBytes(bytes: Uint8Array): string {
  let text = '';
  let index = 0;
  while (index < bytes.length) {
    const end = sequenceEnd(bytes, index);
    if (end === index) {
      text += String.fromCharCode(ESCAPE + bytes[index]!);
      index++;
      continue;
    }
    const length = end - index;
    let point = length === 1 ? bytes[index]! : bytes[index]! & (0x7f >> length);
    for (index++; index < end; index++) point = (point << 6) | (bytes[index]! & 0x3f);
    text += String.fromCodePoint(point);
  }
  return text;
}

/** The bytes that the text stands for. */
export function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(byteLength(text));
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const point = text.codePointAt(index)!;
    if (point > 0xffff) index++;
    if (point < 0x80) bytes[length++] = point;
    else if (isEscape(point)) bytes[length++] = point - ESCAPE;
    else if (point < 0x800) {
      bytes[length++] = 0xc0 | (point >> 6);
      bytes[length++] = 0x80 | (point & 0x3f);
    } else {
      if (point < 0x10000) bytes[length++] = 0xe0 | (point >> 12);
      else {
        bytes[length++] = 0xf0 | (point >> 18);
        bytes[length++] = 0x80 | ((point >> 12) & 0x3f);
      }
      bytes[length++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[length++] = 0x80 | (point & 0x3f);
    }
  }
  return bytes;
}

/** How many bytes the text stands for. */
export function byteLength(text: string): number {
  if (!NOT_ASCII.test(text)) return text.length;
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const point = text.codePointAt(index)!;
    if (point > 0xffff) index++;
    bytes += point < 0x80 || isEscape(point) ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/**
 * A text with one code unit for each byte: JavaScript orders such texts as etcd orders the bytes.
 * For ASCII, as all of Kubernetes' keys are, that is the text itself.
 */
export function byteOrdered(text: string): string {
  if (!NOT_ASCII.test(text)) return text;
  let ordered = '';
  for (const byte of toBytes(text)) ordered += String.fromCharCode(byte);
  return ordered;
}

/** Below 0, 0 or above 0 as the bytes of `a` come before, are, or come after those of `b`. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  return byteOrdered(a) < byteOrdered(b) ? -1 : 1;
}

function isEscape(point: number): boolean {
  return point >= 0xdc80 && point <= 0xdcff;
}

/**
 * Where the UTF-8 sequence that begins at `start` ends; `start` itself if none begins there.
 * Overlong forms, surrogates and points beyond U+10FFFF are no UTF-8.
 */
function sequenceEnd(bytes: Uint8Array, start: number): number {
  const first = bytes[start]!;
  if (first < 0x80) return start + 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || start + length > bytes.length) return start;
  const second = bytes[start + 1]!;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return start;
  for (let index = start + 2; index < start + length; index++) {
    if ((bytes[index]! & 0xc0) !== 0x80) return start;
  }
  return start + length;
}
