import { expect, test } from 'vitest';
import type { ServerRequest } from '../request.ts';
import { limitedBody } from './body.ts';

const MEBIBYTE = 1024 * 1024;
const request = (body: string) => ({ http: { body } }) as ServerRequest;

test.each([
  ['3 MiB', 'a'.repeat(3 * MEBIBYTE), true],
  ['one byte more', 'a'.repeat(3 * MEBIBYTE + 1), false],
  ['letters of three bytes', '한'.repeat(MEBIBYTE + 1), false],
  ['as many of them as fit', '한'.repeat(MEBIBYTE), true],
])('a body of %s', (_name, body, fits) => {
  if (fits) expect(limitedBody(request(body))).toBe(body);
  else {
    expect(() => limitedBody(request(body))).toThrow(
      expect.objectContaining({ code: 413, message: 'Request entity too large: limit is 3145728' }),
    );
  }
});
