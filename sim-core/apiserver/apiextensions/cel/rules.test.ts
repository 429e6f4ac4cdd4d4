import { describe, expect, test } from 'vitest';
import type { Json } from '../../../apimachinery/object.ts';
import type { JSONSchemaProps, ValidationRule } from '../types.ts';
import { checkRules, rulesOf } from './rules.ts';

const rules = (...list: (string | ValidationRule)[]): JSONSchemaProps => ({
  'x-kubernetes-validations': list.map((rule) => (typeof rule === 'string' ? { rule } : rule)),
});
const SPEC: JSONSchemaProps = {
  type: 'object',
  properties: {
    replicas: { type: 'integer' },
    max: { type: 'integer' },
    ratio: { type: 'number' },
    mode: { type: 'string' },
    since: { type: 'string', format: 'date-time' },
    every: { type: 'string', format: 'duration' },
    port: { 'x-kubernetes-int-or-string': true },
    'my-field': { type: 'string' },
    namespace: { type: 'string' },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    items: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: { type: 'object', properties: { name: { type: 'string' }, size: { type: 'integer' } } },
    },
  },
};
const withRules = (...list: (string | ValidationRule)[]): JSONSchemaProps => ({
  type: 'object',
  properties: { spec: { ...SPEC, ...rules(...list) } },
});
const messages = (schema: JSONSchemaProps, spec: Json, old?: Json) =>
  (rulesOf(schema)?.validate({ spec }, old === undefined ? undefined : { spec: old }, '') ?? []).map(
    ({ message }) => message,
  );

describe('a rule', () => {
  test.each<[string, Json]>([
    ['self.replicas <= self.max', { replicas: 1, max: 2 }],
    ['!has(self.mode)', {}],
    ["self.mode in ['a', 'b']", { mode: 'a' }],
    ['self.ratio < 1.0', { ratio: 0 }],
    ["self.since > timestamp('2020-01-01T00:00:00Z')", { since: '2024-01-01T00:00:00Z' }],
    ["self.every >= duration('1m')", { every: '2m30s' }],
    ["type(self.port) == int ? self.port > 0 : self.port == 'http'", { port: 'http' }],
    ["self.my__dash__field == 'x' && self.__namespace__ == 'y'", { 'my-field': 'x', namespace: 'y' }],
    ["self.labels.all(k, k.startsWith('a')) && self.labels['a1'] == 'x'", { labels: { a1: 'x' } }],
    [
      'self.items.map(i, i.size).sum() == 3',
      {
        items: [
          { name: 'a', size: 1 },
          { name: 'b', size: 2 },
        ],
      },
    ],
    ['self.items.exists(i, i == self.items[0])', { items: [{ name: 'a' }] }],
  ])('%s holds', (rule, spec) => {
    expect(messages(withRules(rule), spec)).toEqual([]);
  });

  test.each<[string, ValidationRule, Json, string]>([
    [
      'no message',
      { rule: 'self.replicas < 2' },
      { replicas: 3 },
      'spec: Invalid value: "object": failed rule: self.replicas < 2',
    ],
    [
      'a message',
      { rule: 'self.replicas < 2', message: 'too many' },
      { replicas: 3 },
      'spec: Invalid value: "object": too many',
    ],
    [
      'a message expression',
      { rule: 'self.replicas < 2', messageExpression: "'at most 1, not ' + string(self.replicas)" },
      { replicas: 3 },
      'spec: Invalid value: "object": at most 1, not 3',
    ],
    [
      'a path and a reason',
      { rule: 'self.replicas < 2', message: 'no', fieldPath: '.replicas', reason: 'FieldValueForbidden' },
      { replicas: 3 },
      'spec.replicas: Forbidden: no',
    ],
    [
      'an error',
      { rule: 'self.mode == "a"' },
      {},
      'spec: Invalid value: "object": no such key: mode evaluating rule: self.mode == "a"',
    ],
  ])('that does not hold, with %s', (_, rule, spec, message) => {
    expect(messages(withRules(rule), spec)).toEqual([message]);
  });

  test('at the root sees metadata', () => {
    const schema: JSONSchemaProps = { type: 'object', ...rules("self.metadata.name.startsWith('x')") };
    const object = rulesOf(schema);
    expect(
      object!.validate({ metadata: { name: 'y' } }, undefined, '').map(({ message }) => message),
    ).toEqual([`<nil>: Invalid value: "object": failed rule: self.metadata.name.startsWith('x')`]);
  });
});

describe('a transition rule', () => {
  test('is for updates only', () => {
    const schema = withRules('self.mode == oldSelf.mode');
    expect(messages(schema, { mode: 'a' })).toEqual([]);
    expect(messages(schema, { mode: 'a' }, { mode: 'a' })).toEqual([]);
    expect(messages(schema, { mode: 'a' }, { mode: 'b' })).toHaveLength(1);
  });

  test('may ask whether there was anything', () => {
    const schema = withRules({ rule: 'oldSelf.hasValue() || self.replicas == 1', optionalOldSelf: true });
    expect(messages(schema, { replicas: 2 })).toHaveLength(1);
    expect(messages(schema, { replicas: 2 }, { replicas: 1 })).toEqual([]);
  });

  test('finds the item of the same key', () => {
    const items = SPEC.properties!['items']!;
    const schema: JSONSchemaProps = {
      type: 'object',
      properties: {
        spec: {
          ...SPEC,
          properties: {
            items: { ...items, items: { ...items.items!, ...rules('self.size >= oldSelf.size') } },
          },
        },
      },
    };
    const old = {
      items: [
        { name: 'a', size: 5 },
        { name: 'b', size: 1 },
      ],
    };
    expect(
      messages(
        schema,
        {
          items: [
            { name: 'b', size: 2 },
            { name: 'a', size: 4 },
          ],
        },
        old,
      ),
    ).toEqual(['spec.items[1]: Invalid value: "object": failed rule: self.size >= oldSelf.size']);
  });
});

describe('a rule that is refused', () => {
  test.each<[string, string]>([
    [
      'self.repliccas > 1',
      `compilation failed: ERROR: <input>:1:5: undefined field 'repliccas'\n | self.repliccas > 1\n | ....^`,
    ],
    [
      'self.replicas + self.mode == 1',
      `compilation failed: ERROR: <input>:1:15: found no matching overload for '_+_' applied to '(int, string)'\n | self.replicas + self.mode == 1\n | ..............^`,
    ],
    ['self.replicas', 'cel expression must evaluate to a bool'],
  ])('%s', (rule, detail) => {
    expect(checkRules(withRules(rule), 'schema', []).map((error) => error.detail)).toEqual([detail]);
  });

  test('compares what cannot be compared', () => {
    const schema: JSONSchemaProps = {
      type: 'object',
      properties: {
        l: {
          type: 'array',
          maxItems: 5,
          items: { type: 'string', maxLength: 5, ...rules('self == oldSelf') },
        },
      },
    };
    expect(checkRules(schema, 'schema', []).map((error) => error.message)).toEqual([
      'schema.properties[l].items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within schema.properties[l]',
    ]);
  });
});

describe('what rules cost', () => {
  const string = (maxLength?: number): JSONSchemaProps => ({
    type: 'string',
    ...(maxLength !== undefined && { maxLength }),
  });
  const list = (items: JSONSchemaProps, maxItems?: number): JSONSchemaProps => ({
    type: 'array',
    ...(maxItems !== undefined && { maxItems }),
    items,
  });
  const refused = (schema: JSONSchemaProps) =>
    checkRules({ type: 'object', properties: { spec: schema } }, 'schema', []).map(({ field, detail }) => [
      field.replace('schema.properties[spec]', 'spec').replace('.x-kubernetes-validations', ''),
      /factor of (.*?) \(|^(contributed)/.exec(detail)?.slice(1).join(''),
    ]);
  const TOTAL = [
    ['spec[0].rule', 'more than 100x'],
    ['spec[0].rule', 'contributed'],
    ['schema', 'more than 100x'],
  ] as const;

  // As a kube-apiserver v1.28 estimates.
  test.each<[string, JSONSchemaProps, readonly (readonly [field: string, factor: string])[]]>([
    ['a list with a bound', { ...list(string(10), 10), ...rules("self.all(x, x.startsWith('a'))") }, []],
    ['lists within lists', { ...list(string()), ...rules('self.all(x, self.all(y, x == y))') }, TOTAL],
    ['a pattern on a long text', { ...string(), ...rules("self.matches('^[a-z]+[0-9]+$')") }, []],
    [
      'items without a bound',
      list({ ...string(10), ...rules("self.contains('abcdefghijklmnopqrstuvwxyz')") }),
      [['spec.items[0].rule', '1.363149x']],
    ],
  ])('%s', (_, schema, expected) => {
    expect(refused(schema)).toEqual(expected);
  });

  test('an evaluation that costs too much ends the validation', () => {
    const rule = 'self.all(a, self.all(b, self.all(c, a + b + c >= 0)))';
    const numbers: JSONSchemaProps = { ...list({ type: 'integer' }), ...rules(rule, 'self[0] > 5') };
    const validator = rulesOf({ type: 'object', properties: { l: numbers } });
    const value = { l: Array.from({ length: 150 }, (_, index) => index) };
    expect(validator?.validate(value, undefined, '').map(({ message }) => message)).toEqual([
      `l: Invalid value: "array": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`,
    ]);
  });
});

test("a schema's own defaults are held to its rules", () => {
  const schema: JSONSchemaProps = {
    type: 'object',
    properties: {
      spec: { type: 'object', properties: { l: { type: 'array', items: withDefault({ n: 0 }) } } },
      fine: withDefault({ n: 2 }),
    },
  };
  expect(checkRules(schema, 'schema', []).map((error) => error.message)).toEqual([
    'schema.properties[spec].properties[l].items.default: Invalid value: "object": m',
  ]);

  function withDefault(value: Json): JSONSchemaProps {
    const rule = { rule: 'self.n > 1', message: 'm' };
    return {
      type: 'object',
      properties: { n: { type: 'integer' } },
      'x-kubernetes-validations': [rule],
      default: value,
    };
  }
});
