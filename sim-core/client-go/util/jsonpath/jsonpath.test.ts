import { describe, expect, it } from 'vitest';
import { executeJsonPath } from './evaluate.ts';
import { parseJsonPath, relaxedJsonPath } from './parser.ts';

const LIST = {
  kind: 'List',
  items: [
    {
      metadata: { name: 'a', labels: { 'app.io/x': '1' } },
      spec: { cpu: 2, ok: true },
      tags: ['p', 'q', 'r'],
    },
    { metadata: { name: 'b' }, spec: { cpu: 4, ok: false }, tags: ['s'] },
  ],
};
const run = (template: string, allowMissingKeys = true) =>
  executeJsonPath(parseJsonPath(template), LIST, { allowMissingKeys });

describe('jsonpath', () => {
  it.each([
    ['{.kind}', 'List'],
    ['{$.kind}', 'List'],
    ['{.items[*].metadata.name}', 'a b'],
    ['{.items[0].metadata.name}', 'a'],
    ['{.items[-1].metadata.name}', 'b'],
    ['{.items[0].tags[0:2]}', 'p q'],
    ['{.items[0].tags[1:]}', 'q r'],
    ['{.items[0].tags[::2]}', 'p r'],
    ['{.items[0].tags}', '["p","q","r"]'],
    ['{.items[0].metadata.labels.app\\.io/x}', '1'],
    ["{.items[0].metadata.labels['app\\.io/x']}", '1'],
    ["{.items[0].metadata.labels['app.io/x']}", ''],
    ["{.items[0]['metadata','spec']}", '{"labels":{"app.io/x":"1"},"name":"a"} {"cpu":2,"ok":true}'],
    ['{..name}', 'a b'],
    ['{.items[?(@.spec.cpu>2)].metadata.name}', 'b'],
    ['{.items[?(@.metadata.name=="a")].spec.cpu}', '2'],
    ['{.items[?(@.spec.ok==true)].metadata.name}', 'a'],
    ['{.items[?(@.metadata.labels)].metadata.name}', 'a'],
    ['{range .items[*]}{.metadata.name}{"\\t"}{.spec.cpu}{"\\n"}{end}', 'a\t2\nb\t4\n'],
    ['name={.items[0].metadata.name}!', 'name=a!'],
    ['{.nope}', ''],
    ['{range .items[*]}{.metadata.name}', 'ab'],
    ['{range .nope[*]}x{end}y', 'y'],
    ['{range .items[*]}{range .tags[*]}{@},{end};{end}', 'p,q,r,;s,;'],
    ['{.items[0:0].kind}', ''],
    ['plain', 'plain'],
  ])('%s', (template, expected) => expect(run(template)).toBe(expected));

  it.each([
    ['{.kind', 'unclosed action'],
    ['{.kind}{=}', "unrecognized character in action: U+003D '='"],
    ['{"a}', 'unterminated quoted string'],
    ['{.items["a"]}', 'invalid array index "a"'],
    ['{.items[?(@.a]}', 'unterminated filter'],
    ['{.items[?(@.spec.cpu=~2)]}', 'unrecognized character in action'],
    ['{.items[?(@.spec.cpu==true)]}', 'incompatible types for comparison'],
    ['{.kind[0]}', 'string is not array or slice'],
    ['{nope}', 'unrecognized identifier nope'],
    ['{end}', 'not in range, nothing to end'],
    ['{.items[}', 'unterminated array'],
  ])('refuses %s', (template, message) => expect(() => run(template)).toThrow(message));

  it('says which field is missing', () => {
    expect(() => run('{.nope}', false)).toThrow('nope is not found');
    expect(() => run('{.items[5]}')).toThrow('array index out of bounds: index 5, length 2');
  });

  it.each([
    ['x.y', '{.x.y}'],
    ['.x.y', '{.x.y}'],
    ['{x.y}', '{.x.y}'],
    ['{.x.y}', '{.x.y}'],
  ])('relaxes %s', (given, expected) => expect(relaxedJsonPath(given)).toBe(expected));
});
