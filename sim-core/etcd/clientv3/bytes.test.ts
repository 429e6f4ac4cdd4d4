import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteLength, byteOrdered, fromBytes, toBytes } from './bytes.ts';

describe('texts that stand for bytes', () => {
  test.each<[text: string, bytes: readonly number[]]>([
    ['', []],
    ['/registry', [47, 114, 101, 103, 105, 115, 116, 114, 121]],
    ['é', [0xc3, 0xa9]],
    ['한', [0xed, 0x95, 0x9c]],
    ['😀', [0xf0, 0x9f, 0x98, 0x80]],
    ['a\udcffb', [97, 0xff, 98]],
    ['\udced\udca0\udc80', [0xed, 0xa0, 0x80]],
    ['\udcc0\udc80', [0xc0, 0x80]],
    ['\udcf4\udc90\udc80\udc80', [0xf4, 0x90, 0x80, 0x80]],
    ['\udce2\udc82', [0xe2, 0x82]],
  ])('%j is %j', (text, bytes) => {
    expect([...toBytes(text)]).toEqual(bytes);
    expect(fromBytes(Uint8Array.from(bytes))).toBe(text);
    expect(byteLength(text)).toBe(bytes.length);
  });

  test('no bytes are lost on the way to a text and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(toBytes(fromBytes(bytes))).toEqual(bytes);
      }),
    );
  });

  test('a text without lone surrogates is its UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        expect([...toBytes(text)]).toEqual([...new TextEncoder().encode(text)]);
        expect(fromBytes(new TextEncoder().encode(text))).toBe(text);
      }),
    );
  });

  test('byteOrdered puts texts in the order of their bytes', () => {
    const text = fc.uint8Array({ maxLength: 6 }).map(fromBytes);
    fc.assert(
      fc.property(text, text, (a, b) => {
        const order = Math.sign(Buffer.compare(toBytes(a), toBytes(b)));
        const [x, y] = [byteOrdered(a), byteOrdered(b)];
        expect(x < y ? -1 : x === y ? 0 : 1).toBe(order);
      }),
    );
  });
});
