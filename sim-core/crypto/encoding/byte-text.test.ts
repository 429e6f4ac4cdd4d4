import { describe, expect, test } from 'vitest';
import { bytesOfText, textOfBytes, unfinished } from './byte-text.ts';

describe('a text of bytes', () => {
  test.each([
    ['ASCII', [0x61, 0, 0x7f], 'a\0\x7f'],
    ['several bytes', [0xc3, 0xa9, 0xea, 0xb0, 0x80, 0xf0, 0x9f, 0x98, 0x80], 'é가😀'],
    ['no character at all', [0xff, 0x80, 0x61], '\udcff\udc80a'],
    ['a character that is cut off', [0xea, 0xb0], '\udcea\udcb0'],
    ['a character in too many bytes', [0xc0, 0x80, 0xe0, 0x80, 0x80], '\udcc0\udc80\udce0\udc80\udc80'],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
  ])('%s', (_name, bytes, text) => {
    expect(textOfBytes(Uint8Array.from(bytes))).toBe(text);
    expect([...bytesOfText(text)]).toEqual(bytes);
  });

  test.each([
    [[0x61], 0],
    [[0x61, 0xea], 1],
    [[0xea, 0xb0], 2],
    [[0xea, 0xb0, 0x80], 0],
    [[0xf0, 0x9f, 0x98], 3],
    [[0x80], 0],
  ])('%j ends with %i bytes of a character that goes on', (bytes, expected) => {
    expect(unfinished(Uint8Array.from(bytes))).toBe(expected);
  });
});
