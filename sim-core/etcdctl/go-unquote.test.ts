import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { goQuote } from '../apimachinery/go-format.ts';
import { fromBytes } from '../etcd/clientv3/bytes.ts';
import { goUnquotePrefix } from './go-unquote.ts';

describe('goUnquotePrefix', () => {
  test.each([
    ['"a" rest', 'a', 3],
    [String.raw`"\x00\t\101\u00e9\U0001F600\"\\"`, '\0\tAé😀"\\', 32],
    [String.raw`"\xed\x95\x9c"`, '한', 14],
    [String.raw`"\xff"`, '\udcff', 6],
    ['`raw\\n` x', 'raw\\n', 7],
  ])('%s', (source, text, length) => {
    expect(goUnquotePrefix(source)).toEqual({ text, length });
  });

  test.each([
    '',
    'a',
    '"open',
    String.raw`"\q"`,
    String.raw`"\'"`,
    String.raw`"\ud800"`,
    '"a\nb"',
    String.raw`"\777"`,
  ])('%j is no literal', (source) => {
    expect(goUnquotePrefix(source)).toBeUndefined();
  });

  test('takes back what goQuote prints of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = fromBytes(bytes);
        expect(goUnquotePrefix(goQuote(text))?.text).toBe(text);
      }),
    );
  });
});
