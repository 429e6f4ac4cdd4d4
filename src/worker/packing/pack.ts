import { ByteModel } from './byte-model.ts';

/** Bytes in a form that {@link unpack} reads, a good third shorter than gzip's for a saved cluster. */
export function pack(bytes: Uint8Array): Uint8Array {
  const packed: number[] = [bytes.length >>> 24, bytes.length >>> 16, bytes.length >>> 8, bytes.length].map(
    (byte) => byte & 255,
  );
  const model = new ByteModel(bytes);
  let low = 0;
  let high = 0xffffffff;
  const code = (bit: number, probability: number) => {
    const middle = low + Math.floor(((high - low) * probability) / 65536);
    if (bit === 1) high = middle;
    else low = middle + 1;
    for (; (low ^ high) >>> 24 === 0; low = (low << 8) >>> 0, high = ((high << 8) | 255) >>> 0)
      packed.push(high >>> 24);
    return bit;
  };
  for (let index = 0; index < bytes.length; index++) model.next(code);
  packed.push(low >>> 24, (low >>> 16) & 255, (low >>> 8) & 255, low & 255);
  return Uint8Array.from(packed);
}
