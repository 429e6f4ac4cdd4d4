import { describe, expect, test } from 'vitest';
import { JsonSyntaxError, parseJson } from './parse.ts';

describe('parseJson', () => {
  test.each([
    '{}',
    '[]',
    ' {"a" : [1, -2.5, 1e3, true, false, null, "x\\n\\u00e9\\"", {"b":{}}, [[]]] } ',
    '"text"',
    '0',
    '"한글"',
    '{"__proto__":{"x":1},"constructor":2}',
  ])('%s is what JSON.parse says', (text) => {
    const { value } = parseJson(text);
    expect(value).toEqual(JSON.parse(text));
    expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
  });

  test('half of a surrogate pair is no character, and there is an end to nesting', () => {
    expect(parseJson(JSON.stringify({ a: ['\ud800', 'x'] })).value).toEqual({ a: ['\ufffd', 'x'] });
    const nested = Array.from({ length: 2000 }).reduce<unknown>((inner) => ({ a: inner }), 1);
    expect(() => parseJson(JSON.stringify(nested))).toThrow('exceeded max depth');
  });

  const failures: [text: string, message: string][] = [
    ['', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['{nope', "invalid character 'n' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{} x', "invalid character 'x' after top-level value"],
    ['nul', 'unexpected end of JSON input'],
    ['nope', "invalid character 'o' in literal null (expecting 'u')"],
    ['truE', "invalid character 'E' in literal true (expecting 'e')"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ['01', "invalid character '1' after top-level value"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
    ['한', "invalid character 'í' looking for beginning of value"],
    ['[1', 'unexpected end of JSON input'],
  ];
  test.each(failures)('%j fails', (text, message) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ name: 'JsonSyntaxError', message }));
  });

  test('deep nesting is refused, not a crash', () => {
    expect(() => parseJson('['.repeat(1_000_000))).toThrow(
      new JsonSyntaxError("invalid character '[' exceeded max depth"),
    );
  });

  test('half of a surrogate pair is no character', () => {
    expect(parseJson('{"a":"x\\ud800y","b":"\\ud83d\\ude00"}').value).toEqual({ a: 'x\ufffdy', b: '😀' });
  });

  test('keeps what duplicates replaced, and numbers as they were written', () => {
    const { value, duplicates, literals } = parseJson('{"a":1,"b":{"c":1.0,"c":2,"c":[1e3]},"a":3}');
    const top = value as { a: number; b: { c: number[] } };
    expect(top).toEqual({ a: 3, b: { c: [1000] } });
    expect(duplicates.get(top)).toEqual([['a', 1]]);
    expect(duplicates.get(top.b)).toEqual([
      ['c', 1],
      ['c', 2],
    ]);
    expect(literals.get(top.b.c)?.get('0')).toBe('1e3');
  });
});
