import { describe, expect, test } from 'vitest';
import { compile } from '../compile.ts';
import { CompilationError } from '../errors.ts';
import { FUNCTIONS } from '../library/declarations.ts';
import type { Declarations } from './checker.ts';
import { typeOf } from './declarations.ts';
import { formatType, objectType } from './types.ts';

const FIELDS: Readonly<Record<string, string>> = {
  i: 'int',
  n: 'double',
  s: 'string',
  b: 'bool',
  l: 'list<string>',
  m: 'map<string, int>',
  t: 'timestamp',
  p: 'dyn',
};
const DECLARATIONS: Declarations = {
  variables: new Map([['self', objectType('self')]]),
  celGo: '0.16',
  functions: FUNCTIONS,
  fieldsOf: (type) =>
    type === 'self'
      ? (field) => (FIELDS[field] === undefined ? undefined : typeOf(FIELDS[field]))
      : undefined,
};

function compiled(expression: string): string {
  try {
    return formatType(compile(DECLARATIONS, expression).type);
  } catch (error) {
    if (error instanceof CompilationError) return error.message;
    throw error;
  }
}

test.each([
  ['self.i + 1', 'int'],
  ['self.l.map(x, size(x))', 'list(int)'],
  ['self.m.filter(k, self.m[k] > 1)', 'list(string)'],
  ['self.b ? self.p : 1', 'dyn'],
  ['[]', 'list(dyn)'],
  ['[1] + []', 'list(int)'],
  ['{"a": self.l}', 'map(string, list(string))'],
  ['self.l[?0]', 'optional(string)'],
  ['self.?s.orValue("")', 'string'],
  ['type(1)', 'type(int)'],
  ['self.i < 1.5', 'bool'],
  ['"%s".format([1, "a"])', 'string'],
  ['quantity("1").add(2)', 'kubernetes.Quantity'],
])('%s is %s', (expression, type) => {
  expect(compiled(expression)).toBe(type);
});

// What a kube-apiserver v1.28 says of these.
describe('what does not fit', () => {
  test.each<[string, ...(readonly [column: number, message: string])[]]>([
    ['foo', [1, "undeclared reference to 'foo' (in container '')"]],
    ['foo(1)', [4, "undeclared reference to 'foo' (in container '')"]],
    ['self.x > 1', [5, "undefined field 'x'"]],
    ['self.s.x', [7, "type 'primitive:STRING' does not support field selection"]],
    ['self.l.x', [7, "type 'list_type:{elem_type:{primitive:STRING}}' does not support field selection"]],
    ['self.i + self.s == 1', [8, "found no matching overload for '_+_' applied to '(int, string)'"]],
    ['self.l.all(x, x == 1)', [17, "found no matching overload for '_==_' applied to '(string, int)'"]],
    ['self.s.startsWith(1)', [18, "found no matching overload for 'startsWith' applied to 'string.(int)'"]],
    ['size(self.i)', [5, "found no matching overload for 'size' applied to '(int)'"]],
    ['self.b ? 1 : "a"', [8, "found no matching overload for '_?_:_' applied to '(bool, int, string)'"]],
    ['self.m[1]', [7, "found no matching overload for '_[_]' applied to '(map(string, int), int)'"]],
    ['[1, "a"]', [5, "expected type 'int' but found 'string'"]],
    [
      'self.i.all(x, true)',
      [5, "expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)"],
    ],
    [
      'self.s.foo() == 1',
      [11, "undeclared reference to 'foo' (in container '')"],
      [14, "found no matching overload for '_==_' applied to '(<nil>, int)'"],
    ],
    ['self.x + self.y', [5, "undefined field 'x'"], [14, "undefined field 'y'"]],
    ['int{a: 1}', [4, "'int' is not a message type"], [6, "[internal] unexpected failed resolution of ''"]],
  ])('%s', (expression, ...found) => {
    const errors = found.map(
      ([column, message]) =>
        `ERROR: <input>:1:${column}: ${message}\n | ${expression}\n | ${'.'.repeat(column - 1)}^`,
    );
    expect(compiled(expression)).toBe(`compilation failed: ${errors.join('\n')}`);
  });

  test('what begins a line is told at the end of the line before', () => {
    expect(compiled('self.b &&\nfoo')).toBe(
      "compilation failed: ERROR: <input>:1:11: undeclared reference to 'foo' (in container '')\n | self.b &&\n | .........^",
    );
  });
});
