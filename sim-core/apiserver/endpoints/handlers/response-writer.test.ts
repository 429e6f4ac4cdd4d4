import { expect, test } from 'vitest';
import { warningHeaders } from './response-writer.ts';

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
