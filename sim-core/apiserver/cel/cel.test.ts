import { describe, expect, test } from 'vitest';
import { compile } from './compile.ts';
import type { Declarations } from './checker/checker.ts';
import { DYN } from './checker/types.ts';
import type { Evaluation } from './interpreter.ts';
import { FUNCTIONS } from './library/declarations.ts';
import { celValue, jsonOf } from './values.ts';

const DECLARATIONS: Declarations = {
  variables: new Map([['object', DYN]]),
  celGo: '0.16',
  functions: FUNCTIONS,
  fieldsOf: () => undefined,
};
const OBJECT = {
  metadata: { name: 'web', labels: { app: 'web', tier: 'front' } },
  spec: { replicas: 3, hosts: ['a.example.com'], ratio: 0.5, big: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' },
};

const run = (expression: string) =>
  jsonOf((compile(DECLARATIONS, expression).evaluate({ object: celValue(OBJECT) }) as Evaluation).value);

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

test.each<[string, unknown]>([
  ['object.spec.replicas <= 5', true],
  ['object.spec.ratio < 1.0', true],
  ["object.metadata.labels.all(k, k.startsWith('a') || k == 'tier')", true],
  ['has(object.spec.paused)', false],
  ['object.?spec.?paused.orValue(false)', false],
  ["object.metadata.name.matches('^w.b$')", true],
  ["'x=1, y=2'.findAll('[a-z]=[0-9]')", ['x=1', 'y=2']],
  ["'%s has %d'.format([object.metadata.name, 3])", 'web has 3'],
  ["'hello'.charAt(1) + 'abc'.replace('b', 'x')", 'eaxc'],
  ['[3, 1, 2].sum() + [1, 5].max()', 11],
  ['[1, 2, 2].isSorted() && [1, 2].indexOf(2) == 1', true],
  ['sets.contains([1, 2, 3], [2, 3])', true],
  ["quantity('500m').isLessThan(quantity('1')) && quantity('1Gi').asInteger() == 1073741824", true],
  ["quantity('1k') == quantity('1000')", true],
  ["url('https://example.com:8443/a?b=c').getPort()", '8443'],
  ["isURL('nothing at all')", false],
  ["ip('192.168.0.1').family() == 4 && ip('::1').isLoopback()", true],
  ["cidr('10.0.0.0/8').containsIP('10.1.2.3')", true],
  ["ip.isCanonical('::1')", true],
  ["format.dns1123Label().validate('Not a label').hasValue()", true],
  ["semver('1.2.3').isLessThan(semver('1.10.0'))", true],
  ["duration('90m') > duration('1h')", true],
  ["timestamp('2024-01-01T00:00:00Z') < timestamp('2025-01-01T00:00:00Z')", true],
  ["object.spec.hosts.exists(h, h.endsWith('.com')) ? 'yes' : 'no'", 'yes'],
  ['1 < 2 == true', true],
  ['{?"a": object.?spec.?nothing, ?"b": object.?spec.?replicas}', { b: 3 }],
  ['[?object.?nothing, ?optional.of(1)]', [1]],
  ['object.?spec.optMap(s, s.replicas + 1).orValue(0)', 4],
  ['[5, 6].all(i, v, v == i + 5)', true],
  ["object.metadata.labels.transformList(k, v, k + '=' + v)", ['app=web', 'tier=front']],
  ['[1, 2].transformMap(i, v, v * 2)', { 0: 2, 1: 4 }],
  [
    "string(timestamp('2020-01-01T00:00:00.5+01:00')) + ' ' + string(duration('90m'))",
    '2020-01-01T00:00:00.5+01:00 5400s',
  ],
  ["timestamp('2024-02-29T12:34:56Z').getHours('+05:30')", 18],
  ['string(2.5e6) + string(0.1 + 0.2)', '2.5e+060.30000000000000004'],
  ['dyn(1) == 1.0 && dyn(1) == 1u && dyn(1) < 1.5', true],
  ["[1, 2].exists(x, 1 / (x - 1) > 0) && !('a' in {'b': 1})", true],
  ["'hello'.replace('l', 'L', 1).split('L').join('-')", 'he-lo'],
  ["'%s %.2f %x'.format([[1, 2], 1.5, 255])", '[1, 2] 1.50 ff'],
])('%s', (expression, value) => {
  expect(run(expression)).toEqual(value);
});

describe('what does not evaluate', () => {
  test.each([
    ['object.spec.none == 1', 'no such key: none'],
    ['1 / (object.spec.replicas - 3) == 1', 'division by zero'],
    ['object.spec.hosts[5] == ""', 'index out of bounds: 5'],
    ['9223372036854775807 + object.spec.replicas', 'integer overflow'],
    ['uint(0 - object.spec.replicas)', 'unsigned integer overflow'],
    ['int(object.metadata.name)', "type conversion error from 'string' to 'int'"],
    ['object.spec.replicas.size() == 1', 'no such overload: size'],
    ['object.spec.replicas + 1.5', 'no such overload'],
    ['object.spec.replicas.all(x, true)', "got 'types.Int', expected iterable type"],
    ["'hello'.substring(5, 3)", 'invalid substring range. start: 5, end: 3'],
    ['[1, 2].map(x, 1 / (x - 1)).size()', 'division by zero'],
    ['optional.none().value()', 'optional.none() dereference'],
    [
      "ip('1.2.3.400').family()",
      'IP Address "1.2.3.400" parse error during conversion from string: ParseAddr("1.2.3.400"): IPv4 field has value >255',
    ],
    ["'x'.matches('[')", 'error parsing regexp: missing closing ]: `[`'],
    [
      "quantity('nonsense').isInteger()",
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ])('%s', (expression, message) => {
    expect(messageOf(() => run(expression))).toBe(message);
  });

  test('loops within loops end', () => {
    const list = `[${Array.from({ length: 200 }, (_, index) => index).join(',')}]`;
    const expression = `${list}.all(a, ${list}.all(b, ${list}.all(c, a + b + c >= 0)))`;
    expect(messageOf(() => run(expression))).toBe('operation cancelled: actual cost limit exceeded');
  });

  test('patterns take linear time', () => {
    expect(run("object.spec.big.matches('^(a+)+$')")).toBe(false);
  });
});
