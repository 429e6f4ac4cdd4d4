import { expect, test } from 'vitest';
import { FieldSetPool } from './field-set-pool.ts';
import type { FieldSet } from './field-set-text.ts';
import { fieldSetText } from './field-set-text.ts';
import { LEAF, parseFieldSet, setOf, union } from './field-set.ts';

test('a pool gives equal sets out as one, whoever made their text', () => {
  const pool = new FieldSetPool();
  const first = pool.shared({ 'f:a': { 'f:b': LEAF } });
  expect(pool.shared({ 'f:a': { 'f:b': {} } })).toBe(first);
  expect(pool.shared(parseFieldSet(JSON.parse(fieldSetText(setOf('f:a', 'f:b')))))).toBe(first);
  expect(pool.shared(union(first, setOf('f:c')))).not.toBe(first);
});

test('equal sets are one in whatever order their elements are', () => {
  const pool = new FieldSetPool();
  const first = pool.shared({ 'f:a': LEAF, 'f:b': LEAF });
  expect(pool.shared({ 'f:b': LEAF, 'f:a': LEAF })).toBe(first);
  expect(pool.shared({ 'f:b': LEAF, 'f:a': LEAF })).toBe(first);
});

test('sets of the same elements at other places are others', () => {
  const pool = new FieldSetPool();
  const sets: readonly FieldSet[] = [
    { 'f:a': { 'f:b': LEAF, 'f:c': LEAF } },
    { 'f:a': { 'f:b': { 'f:c': LEAF } } },
    { 'f:a': { 'f:b': LEAF }, 'f:c': LEAF },
    { 'f:a': LEAF, 'f:b': LEAF, 'f:c': LEAF },
    { 'f:a': { '.': LEAF, 'f:b': LEAF, 'f:c': LEAF } },
  ];
  for (const set of sets) expect(pool.shared(set)).toBe(set);
  for (const set of sets) expect(pool.shared(structuredClone(set))).toBe(set);
});

test('a pool that has grown too large begins anew', () => {
  const pool = new FieldSetPool();
  const first = pool.shared(setOf('f:a'));
  for (let index = 0; index < 1000; index++) pool.shared(setOf(`f:b${index}`));
  const later = pool.shared(setOf('f:a'));
  expect(later).not.toBe(first);
  expect(later).toEqual(first);
});

test('what a pool gives out has its elements in the order in which they are written', () => {
  const pool = new FieldSetPool();
  const shared = pool.shared({ 'f:b': { 'f:c': LEAF, '.': LEAF, 'k:{"name":"a"}': LEAF }, 'f:a': LEAF });
  expect(JSON.stringify(shared)).toBe('{"f:a":{},"f:b":{".":{},"f:c":{},"k:{\\"name\\":\\"a\\"}":{}}}');
  const elements = ['i:0', 'v:1', 'k:{"a":1}', 'f:z', '.'];
  const set = pool.shared(Object.fromEntries(elements.map((element) => [element, LEAF])));
  expect(Object.keys(set)).toEqual([...elements].reverse());
});
