import { describe, expect, test } from 'vitest';
import { compile } from './compile.ts';
import { baseEnvironment } from './environment.ts';
import { celValue, jsonOf } from './values.ts';

const BASE = baseEnvironment();
const environment = BASE.clone().registerVariable('object', 'dyn');
const OBJECT = {
  metadata: { name: 'web', labels: { app: 'web', tier: 'front' } },
  spec: { replicas: 3, hosts: ['a.example.com'], ratio: 0.5, big: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' },
};

const run = (expression: string) =>
  jsonOf(compile(environment, expression, []).evaluate({ object: celValue(OBJECT) }));

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
])('%s', (expression, value) => {
  expect(run(expression)).toEqual(value);
});

describe('what does not compile', () => {
  test.each([
    ['foo.bar', "ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo.bar\n | ^"],
    [
      '1 + "a"',
      `ERROR: <input>:1:3: found no matching overload for '_+_' applied to '(int, string)'\n | 1 + "a"\n | ..^`,
    ],
    [
      '1 > "a"',
      `ERROR: <input>:1:3: found no matching overload for '_>_' applied to '(int, string)'\n | 1 > "a"\n | ..^`,
    ],
    [
      '1 ==',
      "ERROR: <input>:1:5: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | 1 ==\n | ....^",
    ],
    ['object.', 'ERROR: <input>:1:8: Syntax error: Expected IDENTIFIER, got EOF\n | object.\n | .......^'],
  ])('%s', (expression, message) => {
    expect(messageOf(() => compile(environment, expression, ['bool']))).toBe(
      `compilation failed: ${message}`,
    );
  });

  test('the wrong type', () => {
    expect(messageOf(() => compile(environment, '1 + 1', ['bool']))).toBe('must evaluate to bool');
    expect(messageOf(() => compile(environment, 'object.spec.paused', ['bool']))).toBe(
      'must evaluate to bool',
    );
  });
});

describe('what does not evaluate', () => {
  test.each([
    ['object.spec.none == 1', 'no such key: none'],
    ['1 / (object.spec.replicas - 3) == 1', 'division by zero'],
    ['object.spec.hosts[5] == ""', 'index out of bounds: 5'],
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
