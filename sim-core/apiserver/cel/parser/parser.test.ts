import { expect, test } from 'vitest';
import { Issues } from '../common/issues.ts';
import { parse } from './parser.ts';

function issuesOf(expression: string): string {
  const issues = new Issues(expression);
  parse(expression, issues, '0.16');
  return issues.toString();
}

const START =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const error = (column: number, message: string, expression: string) =>
  `ERROR: <input>:1:${column}: ${message}\n | ${expression}\n | ${'.'.repeat(column - 1)}^`;

// What a kube-apiserver v1.28 says of these.
test.each<[string, ...(readonly [column: number, message: string])[]]>([
  ['1 ==', [5, `Syntax error: mismatched input '<EOF>' expecting ${START}`]],
  ['self.', [6, "Syntax error: no viable alternative at input '.'"]],
  ['self.true == 1', [6, "Syntax error: mismatched input 'true' expecting IDENTIFIER"]],
  ['a b', [3, "Syntax error: extraneous input 'b' expecting <EOF>"]],
  ['a.b c d', [5, "Syntax error: mismatched input 'c' expecting <EOF>"]],
  ['(1 + 2', [7, "Syntax error: missing ')' at '<EOF>'"]],
  ['[1,,2]', [4, "Syntax error: mismatched input ',' expecting ']'"]],
  ['a && && b', [6, `Syntax error: extraneous input '&&' expecting ${START}`]],
  ['a ? b', [6, "Syntax error: mismatched input '<EOF>' expecting ':'"]],
  [
    'a = 1',
    [3, "Syntax error: token recognition error at: '= '"],
    [5, "Syntax error: extraneous input '1' expecting <EOF>"],
  ],
  [
    '1 + +',
    [5, `Syntax error: mismatched input '+' expecting ${START}`],
    [6, `Syntax error: mismatched input '<EOF>' expecting ${START}`],
  ],
  [
    '*@a | b',
    [1, `Syntax error: extraneous input '*' expecting ${START}`],
    [2, "Syntax error: token recognition error at: '@'"],
    [5, "Syntax error: token recognition error at: '| '"],
    [7, "Syntax error: extraneous input 'b' expecting <EOF>"],
  ],
  [
    '"abc',
    [1, "Syntax error: token recognition error at: '\"abc'"],
    [5, `Syntax error: mismatched input '<EOF>' expecting ${START}`],
  ],
  ['for == 1', [1, 'reserved identifier: for']],
  ['a.all(1, true)', [7, 'argument must be a simple name']],
  ['a.map(1, true)', [6, 'argument is not an identifier']],
  ['has(a)', [4, 'invalid argument to has() macro']],
  ['99999999999999999999', [1, 'invalid int literal']],
])('%s', (expression, ...found) => {
  expect(issuesOf(expression)).toBe(
    found.map(([column, message]) => error(column, message, expression)).join('\n'),
  );
});

test.each([
  '[,]',
  '[1,]',
  '{1: 2,}',
  'a.?b',
  'a[?0]',
  '--1',
  `r'\\q' + '''a'b'''`,
  '1 // two',
  `b'\\xff'`,
  '.a.b',
])('%s is an expression', (expression) => {
  expect(issuesOf(expression)).toBe('');
});

test('characters of more than one byte are marked wide', () => {
  expect(issuesOf('é == 1')).toContain(' | é == 1\n | ＾');
});

test('what stands within too much', () => {
  expect(issuesOf('('.repeat(300) + '1' + ')'.repeat(300))).toBe(
    'ERROR: <input>:-1:0: expression recursion limit exceeded: 250',
  );
  expect(issuesOf(Array.from({ length: 300 }, () => '1').join(' + '))).toBe(
    'ERROR: <input>:-1:0: max recursion depth exceeded',
  );
});
