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
