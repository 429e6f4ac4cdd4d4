import { describe, expect, it } from 'vitest';
import { diffLines } from './line-diff.ts';

const shown = (before: string, after: string) =>
  diffLines(before, after).map(({ mark, text }) => ({ same: ' ', added: '+', removed: '-' })[mark] + text);

describe('diffLines', () => {
  it.each([
    ['nothing changed', 'a\nb\n', 'a\nb\n', [' a', ' b']],
    ['a line in the middle', 'a\nb\nc', 'a\nB\nc', [' a', '-b', '+B', ' c']],
    ['a line more', 'a\nc', 'a\nb\nc', [' a', '+b', ' c']],
    ['a line less', 'a\na\nb', 'a\nb', [' a', '-a', ' b']],
    ['all of it', '', 'a\nb', ['+a', '+b']],
  ])('%s', (_, before, after, expected) => {
    expect(shown(before, after)).toEqual(expected);
  });
});
