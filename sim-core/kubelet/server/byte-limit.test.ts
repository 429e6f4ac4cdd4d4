import { describe, expect, test } from 'vitest';
import { ByteLimit } from './byte-limit.ts';

describe('ByteLimit', () => {
  test('lets so many bytes through, over several texts', () => {
    const limit = new ByteLimit(5);
    expect([limit.take('abc'), limit.reached, limit.take('defg'), limit.reached, limit.take('h')]).toEqual([
      'abc',
      false,
      'de',
      true,
      '',
    ]);
  });

  test('counts bytes, also within a character', () => {
    // 국 is eab5ad: its first byte is left.
    expect(new ByteLimit(4).take('한국')).toBe('한\udcea');
  });

  test('without a limit all goes through', () => {
    const limit = new ByteLimit(undefined);
    expect([limit.take('한국'), limit.reached]).toEqual(['한국', false]);
  });
});
