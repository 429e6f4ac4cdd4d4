import { expect, test } from 'vitest';
import type { Json } from '../object.ts';
import { toYamlV3 } from './yaml-v3-writer.ts';

/** What go-yaml v3 writes of each, in the hands of gnostic. */
const CASES: readonly (readonly [name: string, value: Json, yaml: string])[] = [
  ['a text', 'get', 'get\n'],
  ['an empty text', '', '""\n'],
  ['a text that reads as a number', '1_000', '"1_000"\n'],
  ['as no number, in this version', '12:30', '12:30\n'],
  ['a text that was a boolean once', 'yes', 'yes\n'],
  ['a boolean', true, 'true\n'],
  ['null', null, 'null\n'],
  ['an indicator', '*/*', "'*/*'\n"],
  ['quotes', 'it\'s: "x"', "'it''s: \"x\"'\n"],
  ['a character beyond 16 bits', 'a 😀', '"a \\U0001F600"\n'],
  ['a tab', 'a\tb', '"a\\tb"\n'],
  ['no break', 'a\u00a0b\tc', '"a\u00a0b\\tc"\n'],
  [
    'a long line',
    'word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word',
    'word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word\n',
  ],
  ['lines', 'a\nb', '|-\n    a\n    b\n'],
  ['lines that end in a newline', '\ta\n\n b\n', '|\n    \ta\n\n     b\n'],
  ['lines that end in several', 'a\n\n', '|+\n    a\n\n'],
  ['lines that begin with one', '\n\na', '|4-\n\n    a\n'],
  ['lines that begin with a space', ' a\nb', '|4-\n     a\n    b\n'],
  ['a space before a newline', 'a \nb', '"a \\nb"\n'],
  ['an object', { group: '', kind: 'Pod', version: 'v1' }, 'group: ""\nkind: Pod\nversion: v1\n'],
  [
    'keys in their order',
    { b: 1, a: { d: [1, [2, 'x\ny'], { e: null, f: { g: 'h\ni' } }], c: {} } },
    'b: 1\na:\n    d:\n        - 1\n        - - 2\n          - |-\n            x\n            y\n        - e: null\n          f:\n            g: |-\n                h\n                i\n    c: {}\n',
  ],
  [
    'a list of objects',
    [{ rule: 'self > 1', reasons: [], list: ['a'] }, []],
    '- rule: self > 1\n  reasons: []\n  list:\n    - a\n- []\n',
  ],
  ['odd keys', { 1: 1, '': 0, 'a: b': 2, true: 3 }, '"1": 1\n"": 0\n\'a: b\': 2\n"true": 3\n'],
];

test.each(CASES)('toYamlV3 writes %s', (_name, value, yaml) => {
  expect(toYamlV3(value)).toBe(yaml);
});
