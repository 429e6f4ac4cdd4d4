import { describe, expect, it } from 'vitest';
import { matchSuccessPolicy } from './success-policy.ts';

describe('matchSuccessPolicy', () => {
  it.each([
    ['nothing has succeeded', [{ succeededCount: 1 }], [], undefined],
    ['a count', [{ succeededCount: 2 }], [1, 4], 'Matched rules at index 0'],
    ['too few', [{ succeededCount: 3 }], [1, 4], undefined],
    ['all indexes', [{ succeededIndexes: '0,2-3' }], [0, 2, 3], 'Matched rules at index 0'],
    ['an index is missing', [{ succeededIndexes: '0,2-3' }], [0, 2, 4], undefined],
    [
      'enough of the indexes',
      [{ succeededIndexes: '0,2-3', succeededCount: 2 }],
      [2, 3, 4],
      'Matched rules at index 0',
    ],
    ['too few of the indexes', [{ succeededIndexes: '0,2-3', succeededCount: 2 }], [3, 4], undefined],
    ['the second rule', [{ succeededIndexes: '0' }, { succeededCount: 1 }], [1], 'Matched rules at index 1'],
    ['indexes beyond the completions', [{ succeededIndexes: '7-8' }], [1], undefined],
  ])('%s', (_, rules, succeeded, message) => {
    expect(matchSuccessPolicy({ rules }, 5, new Set(succeeded))).toBe(message);
  });
});
