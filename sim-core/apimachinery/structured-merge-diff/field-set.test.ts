import { describe, expect, test } from 'vitest';
import type { FieldSet } from './field-set.ts';
import { compareElements, fieldSetText } from './field-set-text.ts';
import {
  difference,
  hasPath,
  intersection,
  parseFieldSet,
  pathsOf,
  setOf,
  union,
  without,
} from './field-set.ts';

const LEAF = {};
const A = setOf('f:a');
const AB = setOf('f:a', 'f:b');
const A_AND_AB: FieldSet = { 'f:a': { '.': LEAF, 'f:b': LEAF } };

describe('operations', () => {
  test.each<[string, FieldSet, FieldSet, FieldSet, FieldSet, FieldSet]>([
    // name, a, b, a ∪ b, a \ b, a ∩ b
    ['nothing and something', {}, A, A, {}, {}],
    ['the same', AB, AB, AB, {}, AB],
    ['a parent and its child', A, AB, A_AND_AB, A, {}],
    ['a child and its parent', AB, A, A_AND_AB, AB, {}],
    ['both and the parent', A_AND_AB, A, A_AND_AB, AB, A],
    ['both and the child', A_AND_AB, AB, A_AND_AB, A, AB],
    ['siblings', AB, setOf('f:a', 'f:c'), { 'f:a': { 'f:b': LEAF, 'f:c': LEAF } }, AB, {}],
  ])('%s', (_name, a, b, both, left, common) => {
    expect(union(a, b)).toEqual(both);
    expect(difference(a, b)).toEqual(left);
    expect(intersection(a, b)).toEqual(common);
  });

  test('a set that does not change is the same object', () => {
    expect(union(A_AND_AB, AB)).toBe(A_AND_AB);
    expect(difference(A_AND_AB, setOf('f:c'))).toBe(A_AND_AB);
    expect(without(A_AND_AB, setOf('f:c'))).toBe(A_AND_AB);
  });

  test('without takes everything below as well', () => {
    const set = { 'f:a': { 'f:b': LEAF }, 'f:c': { 'f:d': LEAF, 'f:e': LEAF } };
    expect(without(set, setOf('f:a'))).toEqual({ 'f:c': { 'f:d': LEAF, 'f:e': LEAF } });
    expect(without(set, setOf('f:c', 'f:d'))).toEqual({ 'f:a': { 'f:b': LEAF }, 'f:c': { 'f:e': LEAF } });
  });

  test('an element without "." is no member', () => {
    expect(hasPath(AB, 'f:a')).toBe(false);
    expect(hasPath(A_AND_AB, 'f:a')).toBe(true);
    expect(pathsOf(A_AND_AB)).toEqual([['f:a'], ['f:a', 'f:b']]);
  });
});

test('elements are written in order: numbers by size, fields before keys before values', () => {
  const set: FieldSet = {
    'v:"a"': LEAF,
    'k:{"port":8080,"protocol":"TCP"}': LEAF,
    'k:{"port":443,"protocol":"TCP"}': LEAF,
    'f:b': LEAF,
    '.': LEAF,
  };
  expect(Object.keys(JSON.parse(fieldSetText(set)) as object)).toEqual([
    '.',
    'f:b',
    'k:{"port":443,"protocol":"TCP"}',
    'k:{"port":8080,"protocol":"TCP"}',
    'v:"a"',
  ]);
});

describe('parseFieldSet', () => {
  test('brings keys into their order and leaves out what it does not know', () => {
    expect(parseFieldSet({ 'k:{"b":1, "a":"x"}': {}, 'z:future': {}, 'f:a': { '.': {} } })).toEqual({
      'k:{"a":"x","b":1}': {},
      'f:a': { '.': {} },
    });
  });

  test.each([[{ x: {} }], [{ 'k:{': {} }], [{ 'f:a': 1 }], [[]], [null]])('refuses %j', (fields) => {
    expect(() => parseFieldSet(fields)).toThrow(SyntaxError);
  });
});

test.each([
  // What sorts before the quote at a value's end, and what JSON escapes.
  ['k:{"type":"a"}', 'k:{"type":"a b"}'],
  ['k:{"type":"a"}', 'k:{"type":"a!"}'],
  ['k:{"type":"a"}', 'k:{"type":"ab"}'],
  ['k:{"type":"a"}', 'k:{"type":"a\\"b"}'],
  ['k:{"type":"A\\\\"}', 'k:{"type":"a"}'],
  ['k:{"key":"z"}', 'k:{"keys":"a"}'],
  ['k:{"ip":"10.0.0.1"}', 'k:{"ip":"10.0.0.2"}'],
])('%s is written before %s', (first, second) => {
  expect(compareElements(first, second)).toBeLessThan(0);
  expect(compareElements(second, first)).toBeGreaterThan(0);
  expect(compareElements(first, first)).toBe(0);
});
