import { describe, expect, test } from 'vitest';
import { FieldSelectorError, parseFieldSelector } from './selector.ts';

describe('parseFieldSelector', () => {
  const texts: [text: string, printed: string][] = [
    ['', ''],
    ['metadata.name=a', 'metadata.name=a'],
    ['b==1,a!=2', 'a!=2,b=1'],
    ['spec.nodeName=,', 'spec.nodeName='],
    ['a=x\\,y\\=z\\\\', 'a=x\\,y\\=z\\\\'],
  ];
  test.each(texts)('%j prints as %j', (text, printed) => {
    expect(String(parseFieldSelector(text))).toBe(printed);
  });

  const failures: [text: string, message: string][] = [
    ['nope', "invalid selector: 'nope'; can't understand 'nope'"],
    ['a=b,c', "invalid selector: 'a=b,c'; can't understand 'c'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    ['a=\\x', 'invalid field selector: invalid escape sequence: \\x'],
    ['a=x\\', 'invalid field selector: invalid escape sequence: \\'],
  ];
  test.each(failures)('%j fails', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(new FieldSelectorError(message));
  });
});

test('a missing field counts as empty', () => {
  const fields = { 'metadata.name': 'a' };
  const matches = (text: string) => parseFieldSelector(text).matches(fields);
  expect(['metadata.name=a', 'metadata.name!=a', 'spec.nodeName=', 'spec.nodeName!='].map(matches)).toEqual([
    true,
    false,
    true,
    false,
  ]);
});

test('transform renames and drops', () => {
  const selector = parseFieldSelector('name=a,old=b').transform((field, value) =>
    field === 'old' ? undefined : { field: `metadata.${field}`, value },
  );
  expect(String(selector)).toBe('metadata.name=a');
  expect(selector.requiresExactMatch('metadata.name')).toBe('a');
});
