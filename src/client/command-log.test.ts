import { describe, expect, it } from 'vitest';
import { parseEntries, SavedLabError } from './command-log.ts';

const entry = { at: 1000, user: 'kubernetes-admin', kind: 'bash', line: 'cat', stdin: '' };

describe('what was typed while a command ran', () => {
  it('is read with its times', () => {
    const input = [
      { at: 1000, text: '한글\n' },
      { at: 2500.5, text: null },
    ];
    expect(parseEntries([{ ...entry, input }])).toEqual([{ ...entry, input }]);
  });

  it.each([
    ['no list', 'x'],
    ['a time before the command', [{ at: 999, text: 'x' }]],
    [
      'times that go back',
      [
        { at: 3000, text: 'x' },
        { at: 2000, text: 'y' },
      ],
    ],
    ['no text', [{ at: 3000, text: 1 }]],
  ])('is refused: %s', (_, input) => {
    expect(() => parseEntries([{ ...entry, input }])).toThrow(SavedLabError);
  });
});
