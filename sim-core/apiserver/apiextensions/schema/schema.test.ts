import { describe, expect, test } from 'vitest';
import type { Json } from '../../../apimachinery/object.ts';
import type { JSONSchemaProps } from '../types.ts';
import { applyDefaults, pruneNulls } from './defaulting.ts';
import { validateListTypes } from './list-type.ts';
import { prune } from './prune.ts';
import { SchemaValidator } from './validate.ts';

const object = (
  properties: Record<string, JSONSchemaProps>,
  more: JSONSchemaProps = {},
): JSONSchemaProps => ({
  type: 'object',
  properties,
  ...more,
});

describe('validation', () => {
  test.each<[string, JSONSchemaProps, Json, string[]]>([
    [
      'a wrong type',
      object({ a: { type: 'integer' } }),
      { a: 'x' },
      ['a: Invalid value: "string": a in body must be of type integer: "string"'],
    ],
    ['a whole number is a number', object({ a: { type: 'number' } }), { a: 1 }, []],
    [
      'null',
      object({ a: { type: 'string' } }),
      { a: null },
      ['a: Invalid value: "null": a in body must be of type string: "null"'],
    ],
    ['null where it may be', object({ a: { type: 'string', nullable: true } }), { a: null }, []],
    ['required', object({}, { required: ['a'] }), {}, ['a: Required value']],
    [
      'enum',
      object({ a: { type: 'string', enum: ['x', 'y'] } }),
      { a: 'z' },
      ['a: Unsupported value: "z": supported values: "x", "y"'],
    ],
    [
      'pattern',
      object({ a: { type: 'string', pattern: '^x+$' } }),
      { a: 'y' },
      ['a: Invalid value: "y": a in body should match \'^x+$\''],
    ],
    [
      'bounds',
      object({ a: { type: 'integer', minimum: 1, maximum: 3, exclusiveMaximum: true } }),
      { a: 3 },
      ['a: Invalid value: 3: a in body should be less than 3'],
    ],
    [
      'a format',
      object({ a: { type: 'string', format: 'ipv4' } }),
      { a: 'x' },
      ['a: Invalid value: "x": a in body must be of type ipv4: "x"'],
    ],
    ['an unknown format', object({ a: { type: 'string', format: 'nonsense' } }), { a: 'x' }, []],
    [
      'items',
      object({ a: { type: 'array', maxItems: 1, items: { type: 'string', minLength: 2 } } }),
      { a: ['x', 'yy'] },
      [
        'a[0]: Invalid value: "x": a[0] in body should be at least 2 chars long',
        'a: Too many: 2: must have at most 1 items',
      ],
    ],
    [
      'other fields',
      object({ a: { type: 'object', additionalProperties: { type: 'integer' } } }),
      { a: { x: 'y' } },
      ['a.x: Invalid value: "string": a.x in body must be of type integer: "string"'],
    ],
    ['int or string', object({ a: { 'x-kubernetes-int-or-string': true } }), { a: '25%' }, []],
    [
      'oneOf',
      object({ a: { type: 'object', oneOf: [{ required: ['x'] }, { required: ['y'] }] } }),
      { a: { x: 1, y: 2 } },
      [
        '<nil>: Invalid value: "": "a" must validate one and only one schema (oneOf). Found 2 valid alternatives',
      ],
    ],
    [
      'not',
      object({ a: { type: 'string', not: { enum: ['x'] } } }),
      { a: 'x' },
      ['<nil>: Invalid value: "": "a" must not validate the schema (not)'],
    ],
  ])('%s', (_, schema, value, messages) => {
    expect(new SchemaValidator(schema).validate(value).map(({ message }) => message)).toEqual(messages);
  });

  test('a pattern that makes other engines hang does not', () => {
    const validator = new SchemaValidator({ type: 'string', pattern: '^(a+)+$' });
    expect(validator.validate(`${'a'.repeat(2000)}!`)).toHaveLength(1);
  });
});

test.each<[string, JSONSchemaProps, Json, string[], Json]>([
  [
    'unknown fields',
    object({ a: object({ b: { type: 'string' } }) }),
    { a: { b: '', c: 1 }, d: 2 },
    ['a.c', 'd'],
    { a: { b: '' } },
  ],
  [
    'in lists and maps',
    object({
      l: { type: 'array', items: object({}) },
      m: { type: 'object', additionalProperties: object({ x: {} }) },
    }),
    { l: [{ y: 1 }], m: { k: { x: 1, y: 2 } } },
    ['l[0].y', 'm.k.y'],
    { l: [{}], m: { k: { x: 1 } } },
  ],
  [
    'not where they are preserved',
    object({ a: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }),
    { a: { b: { c: 1 } } },
    [],
    { a: { b: { c: 1 } } },
  ],
])('pruning: %s', (_, schema, value, unknown, left) => {
  expect(prune(value, schema)).toEqual(unknown);
  expect(value).toEqual(left);
});

test('defaults take the place of what is missing and of nulls that may not be', () => {
  const schema = object({
    a: { type: 'string', default: 'x' },
    b: object({ c: { type: 'integer', default: 1 } }, { default: {} }),
    n: { type: 'string', default: 'y' },
    gone: { type: 'string' },
  });
  const value: Json = { n: null, gone: null };
  pruneNulls(value, schema);
  applyDefaults(value, schema);
  expect(value).toEqual({ a: 'x', b: { c: 1 }, n: 'y' });
});

test('lists of type set and map hold nothing twice', () => {
  const schema = object({
    s: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    m: {
      type: 'array',
      items: object({ k: { type: 'string' } }),
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
    },
  });
  const errors = validateListTypes({ s: ['a', 'b', 'a'], m: [{ k: 'x' }, { k: 'x', v: 1 }] }, schema);
  expect(errors.map(({ message }) => message)).toEqual([
    's[2]: Duplicate value: "a"',
    'm[1]: Duplicate value: map[string]interface {}{"k":"x"}',
  ]);
});

describe('numbers against bounds with fractions', () => {
  test.each<[string, JSONSchemaProps, number, string[]]>([
    ['an integer meets what is left of a minimum', { minimum: 1.5 }, 1, []],
    ['and of a maximum', { maximum: 1.5, exclusiveMaximum: true }, 1, ['should be less than 1']],
    ['a fraction meets all of it', { minimum: 1.5 }, 1.25, ['should be greater than or equal to 1.5']],
    ['a factor below one is none for an integer', { multipleOf: 0.5 }, 1, ['must be positive: 0']],
    ['a factor for a fraction', { multipleOf: 0.5 }, 1.5, []],
  ])('%s', (_, bounds, value, ends) => {
    const errors = new SchemaValidator({ type: 'number', ...bounds }).validate(value);
    expect(errors.map(({ detail }) => detail)).toEqual(
      ends.map((end) => expect.stringContaining(end) as string),
    );
  });
});

test.each<[keepsFormats: boolean, value: Json, wanted: string]>([
  [false, true, 'must be of type integer: "boolean"'],
  [true, true, 'must be of type int32: ""'],
  [true, 1.5, 'must be of type int32: "float64"'],
  [true, 'x', 'must be of type integer: "string"'],
])('formats of numbers (kept: %s) word the wrong type of %s', (keepsFormats, value, wanted) => {
  const validator = new SchemaValidator({ type: 'integer', format: 'int32' }, { keepsFormats });
  expect(validator.validate(value).map(({ detail }) => detail)).toEqual([
    expect.stringContaining(wanted) as string,
  ]);
});
