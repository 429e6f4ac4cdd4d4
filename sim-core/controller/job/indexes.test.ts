import { describe, expect, it } from 'vitest';
import { firstPendingIndexes, formatIndexes, parseIndexes } from './indexes.ts';

describe('indexes', () => {
  it.each([
    ['', []],
    ['0', [0]],
    ['0,1', [0, 1]],
    ['1,3-5,7', [1, 3, 4, 5, 7]],
  ])('reads and writes %j', (text, indexes) => {
    expect([...parseIndexes(text, 10)]).toEqual(indexes);
    expect(formatIndexes(new Set(indexes))).toBe(text);
  });

  it('leaves out indexes beyond the completions', () => {
    expect([...parseIndexes('1-9', 4)]).toEqual([1, 2, 3]);
  });

  it('finds the lowest indexes that nobody has', () => {
    expect(firstPendingIndexes(2, 6, [new Set([0]), new Set([2])])).toEqual([1, 3]);
  });
});
