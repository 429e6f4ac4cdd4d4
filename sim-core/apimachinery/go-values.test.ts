import { expect, test } from 'vitest';
import { goSyntax, goText, goTypeName, goValue } from './go-values.ts';

test.each([
  [{ b: [1, 'x'], a: { c: null } }, 'map[a:map[c:<nil>] b:[1 x]]'],
  [{ a: undefined }, 'map[]'],
  [true, 'true'],
  [undefined, '<nil>'],
  [1_000_000, '1000000'],
  [1_000_000.5, '1.0000005e+06'],
  [0.00001, '1e-05'],
  [0.25, '0.25'],
])('goValue %j', (value, text) => {
  expect(goValue(value)).toBe(text);
});

test('goText complains of what is no text', () => {
  expect(goText({ b: [1, 'x'], a: null, c: 1.5 })).toBe(
    'map[a:%!s(<nil>) b:[%!s(int64=1) x] c:%!s(float64=1.5)]',
  );
});

test('goSyntax quotes texts and names types', () => {
  expect(goSyntax({ b: [1, null], a: 'x\u0000' })).toBe(
    'map[string]interface {}{"a":"x\\x00", "b":[]interface {}{1, interface {}(nil)}}',
  );
  expect(goSyntax(undefined)).toBe('interface {}(nil)');
});

test.each([
  [null, '<nil>'],
  ['', 'string'],
  [1, 'int64'],
  [1.5, 'float64'],
  [false, 'bool'],
  [[], '[]interface {}'],
  [{}, 'map[string]interface {}'],
])('goTypeName %j', (value, name) => {
  expect(goTypeName(value)).toBe(name);
});
