import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64, encodeBase64Url } from './base64.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

const bytesOf = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 251 + 17) % 256);

test.each([0, 1, 2, 3, 4, 5, 62, 63, 64, 4095, 10_000])('%d bytes are what others make of them', (length) => {
  const bytes = bytesOf(length);
  const letters = encodeBase64(bytes);
  expect(letters).toBe(Buffer.from(bytes).toString('base64'));
  expect(encodeBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
  expect(decodeBase64(letters)).toEqual(bytes);
});

test.each(['', 'plain', 'a\u007f', 'é', 'plain 한글', '한글 plain', '😀', 'x'.repeat(5000)])(
  'the text %j is what others make of it',
  (text) => {
    const bytes = encodeUtf8(text);
    expect(Buffer.from(bytes).equals(Buffer.from(text))).toBe(true);
    expect(decodeUtf8(bytes)).toBe(text);
  },
);
