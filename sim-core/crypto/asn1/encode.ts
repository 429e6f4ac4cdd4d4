import { concat, fromBigInt } from '../encoding/bytes.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import { context, TAG } from './tags.ts';

/** One element of DER: identifier, length and content. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concat(...contents);
  if (content.length < 0x80) return concat(Uint8Array.of(tag, content.length), content);
  const length = fromBigInt(BigInt(content.length));
  return concat(Uint8Array.of(tag, 0x80 | length.length), length, content);
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => element(TAG.sequence, ...parts);
export const octetString = (bytes: Uint8Array): Uint8Array => element(TAG.octetString, bytes);
export const explicit = (number: number, ...parts: readonly Uint8Array[]): Uint8Array =>
  element(context(number, { constructed: true }), ...parts);
export const boolean = (value: boolean): Uint8Array => element(TAG.boolean, Uint8Array.of(value ? 0xff : 0));

/** A set; DER wants its members sorted. */
export function setOf(...parts: readonly Uint8Array[]): Uint8Array {
  return element(TAG.set, ...[...parts].sort(byBytes));
}

/** A number that is not negative. */
export function integer(value: bigint | number): Uint8Array {
  const bytes = fromBigInt(BigInt(value));
  return element(TAG.integer, ...(bytes[0]! >= 0x80 ? [Uint8Array.of(0)] : []), bytes);
}

/** Bits, the first one in the highest place of the first byte; the last `unused` do not count. */
export function bitString(bytes: Uint8Array, unused = 0): Uint8Array {
  return element(TAG.bitString, Uint8Array.of(unused), bytes);
}

/** "1.2.840.10045.2.1". */
export function oid(text: string): Uint8Array {
  const [first, second, ...rest] = text.split('.').map(Number);
  return element(TAG.oid, Uint8Array.from([first! * 40 + second!, ...rest].flatMap(base128)));
}

/** A PrintableString where the letters allow it, else a UTF8String. Models encoding/asn1 makeField. */
export function text(value: string): Uint8Array {
  const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value);
  return element(printable ? TAG.printableString : TAG.utf8String, encodeUtf8(value));
}

/** Milliseconds since the Unix epoch, in seconds: a UTCTime up to 2049. */
export function time(instant: number): Uint8Array {
  const digits = `${new Date(instant).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return Number(digits.slice(0, 4)) < 2050
    ? element(TAG.utcTime, encodeUtf8(digits.slice(2)))
    : element(TAG.generalizedTime, encodeUtf8(digits));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) digits.unshift(0x80 | (left & 0x7f));
  return digits;
}

function byBytes(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < a.length && at < b.length; at++) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return a.length - b.length;
}
