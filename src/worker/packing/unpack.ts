import { ByteModel } from './byte-model.ts';

/** The bytes that {@link pack} was given. */
export function unpack(packed: Uint8Array): Uint8Array {
  let at = 0;
  const word = () =>
    ((packed[at++]! << 24) | (packed[at++]! << 16) | (packed[at++]! << 8) | packed[at++]!) >>> 0;
  const bytes = new Uint8Array(word());
  const model = new ByteModel(bytes);
  let low = 0;
  let high = 0xffffffff;
  let value = word();
  const code = (_bit: number, probability: number) => {
    const middle = low + Math.floor(((high - low) * probability) / 65536);
    const bit = value <= middle ? 1 : 0;
    if (bit === 1) high = middle;
    else low = middle + 1;
    for (; (low ^ high) >>> 24 === 0; low = (low << 8) >>> 0, high = ((high << 8) | 255) >>> 0) {
      value = ((value << 8) | (packed[at++] ?? 0)) >>> 0;
    }
    return bit;
  };
  for (let index = 0; index < bytes.length; index++) model.next(code);
  return bytes;
}
