import { encodeUtf8 } from '../../crypto/encoding/utf8.ts';

/** One field as it stands in a message: a number, or bytes. Eight-byte and four-byte fields come as bytes. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** What is not protobuf, or ends too early. */
export class WireError extends Error {}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * The fields of a message in order; throws a {@link WireError}. For example
 *
 *     0a 03 61 62 63   field 1 (0a = 1 << 3 | 2: bytes), three bytes "abc"
 *     10 96 01         field 2 (10 = 2 << 3 | 0: varint), 150
 */
export function* readFields(bytes: Uint8Array): Generator<WireField, void, undefined> {
  let offset = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[offset++];
      if (byte === undefined) throw new WireError('unexpected EOF');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new WireError('proto: integer overflow');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - offset) throw new WireError('unexpected EOF');
    offset += length;
    return bytes.subarray(offset - length, offset);
  };
  while (offset < bytes.length) {
    const tag = Number(varint());
    const number = Math.floor(tag / 8);
    if (number <= 0) throw new WireError(`proto: illegal tag ${number} (wire type ${tag % 8})`);
    switch (tag % 8) {
      case VARINT:
        yield { number, value: varint() };
        break;
      case FIXED64:
        yield { number, value: take(8) };
        break;
      case BYTES:
        yield { number, value: take(Number(varint())) };
        break;
      case FIXED32:
        yield { number, value: take(4) };
        break;
      default:
        throw new WireError(`proto: illegal wireType ${tag % 8}`);
    }
  }
}

/** Messages, field by field. Zeros that proto3 leaves out are the caller's to leave out. */
export class MessageWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  /** What was written so far. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** An int64 or a bool. */
  varint(number: number, value: bigint): void {
    this.#tag(number, VARINT);
    this.#varint(BigInt.asUintN(64, value));
  }

  double(number: number, value: number): void {
    this.#tag(number, FIXED64);
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.#append(bytes);
  }

  text(number: number, value: string): void {
    const bytes = encodeUtf8(value);
    this.#tag(number, BYTES);
    this.#varint(BigInt(bytes.length));
    this.#append(bytes);
  }

  /** A message within this one: what `write` writes. */
  message(number: number, write: () => void): void {
    this.#tag(number, BYTES);
    const start = this.#length;
    write();
    const end = this.#length;
    this.#varint(BigInt(end - start));
    // Its size is known last and stands first.
    const size = this.#bytes.slice(end, this.#length);
    this.#bytes.copyWithin(start + size.length, start, end);
    this.#bytes.set(size, start);
  }

  #tag(number: number, type: number): void {
    this.#varint(BigInt(number * 8 + type));
  }

  #varint(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    this.#append(bytes);
  }

  #append(bytes: ArrayLike<number>): void {
    const length = this.#length + bytes.length;
    if (length > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(length, this.#bytes.length * 2));
      longer.set(this.bytes);
      this.#bytes = longer;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }
}
