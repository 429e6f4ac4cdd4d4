import { expect, test } from 'vitest';
import type { ServerRequest } from '../request.ts';
import { respondError, warningHeaders } from './response-writer.ts';

const a = (count: number) => 'a'.repeat(count);

test.each<[what: string, warnings: string[], header: string | string[] | undefined]>([
  ['none', [], undefined],
  ['quotes and backslashes', ['unknown field "a\\b"'], '299 - "unknown field \\"a\\\\b\\""'],
  ['a text twice', ['x', 'x', 'y'], ['299 - "x"', '299 - "y"']],
  ['other languages', ['한글'], '299 - "한글"'],
  ['control characters cannot be sent', ['a\nb', 'c\u0085'], undefined],
  ['one that is long but not too long', [a(4000)], `299 - "${a(4000)}"`],
  ['too much altogether', [a(4000), `b${a(300)}`], [`299 - "${a(256)}"`, `299 - "b${a(255)}"`]],
])('warnings: %s', (_what, warnings, header) => {
  expect(warningHeaders({ warnings }).warning).toEqual(header);
});

test('an error of the server itself is told without its words', () => {
  const { status, headers, body } = respondError({} as ServerRequest, new RangeError('stack'));
  expect([status, headers['content-type'], body]).toEqual([
    500,
    'text/plain; charset=utf-8',
    'This request caused apiserver to panic. Look in the logs for details.\n',
  ]);
});
