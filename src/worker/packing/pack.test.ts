import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pack } from './pack.ts';
import { unpack } from './unpack.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
/** Bytes without any order, the same ones each time. */
function noise(count: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state >>> 16;
  });
}
const object = (index: number) =>
  `{"kind":"Pod","metadata":{"name":"web-${index}","uid":"${noise(index + 8)
    .slice(index)
    .join('-')}","labels":{"app":"web"}}},`;

describe('pack', () => {
  it.each([
    ['nothing', new Uint8Array()],
    ['one byte', bytesOf('a')],
    ['all bytes', Uint8Array.from({ length: 512 }, (_, index) => index & 255)],
    ['one byte many times', new Uint8Array(100_000).fill(97)],
    ['noise', noise(20_000)],
    ['Korean', bytesOf('쿠버네티스 노트 '.repeat(50))],
    ['objects', bytesOf(Array.from({ length: 300 }, (_, index) => object(index)).join(''))],
  ])('gives %s back', (_what, bytes) => {
    expect(unpack(pack(bytes))).toEqual(bytes);
  });

  it('needs less than gzip where the same comes again far away', () => {
    const objects = Array.from({ length: 60 }, (_, index) => object(index)).join('');
    const text = bytesOf(objects + [...noise(40_000)].join(',') + objects);
    expect(pack(text).length).toBeLessThan(gzipSync(text).length * 0.9);
  });

  it('needs hardly more than what has no order', () => {
    expect(pack(noise(20_000)).length).toBeLessThan(20_600);
  });
});
