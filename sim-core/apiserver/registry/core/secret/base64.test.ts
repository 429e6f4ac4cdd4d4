import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.ts';

test.each(['', 'a', 'ab', 'abc', 'admin', '한글', '😀'])(
  'base64 of %j is what the host makes of it',
  (text) => {
    const encoded = Buffer.from(text, 'utf8').toString('base64');
    expect(encodeBase64(text)).toBe(encoded);
    expect(Buffer.from(decodeBase64(encoded), 'latin1').toString('utf8')).toBe(text);
  },
);
