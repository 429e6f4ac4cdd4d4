import { describe, expect, test } from 'vitest';
import type { Json } from '../object.ts';
import { diff } from './diff.ts';
import type { JsonPatchOperation } from './json-patch.ts';
import { applyJsonPatch, JsonPatchError } from './json-patch.ts';
import { applyMergePatch, createMergePatch, createThreeWayMergePatch } from './merge-patch.ts';

const DOCUMENT = { data: { a: '1', 'x/y': 'z' }, list: [1, 2, 3] };

describe('applyJsonPatch', () => {
  const cases: [what: string, patch: JsonPatchOperation[], result: Json][] = [
    [
      'adds',
      [{ op: 'add', path: '/data/b', value: '2' }],
      { ...DOCUMENT, data: { a: '1', 'x/y': 'z', b: '2' } },
    ],
    ['removes an escaped key', [{ op: 'remove', path: '/data/x~1y' }], { ...DOCUMENT, data: { a: '1' } }],
    ['inserts', [{ op: 'add', path: '/list/1', value: 9 }], { ...DOCUMENT, list: [1, 9, 2, 3] }],
    ['appends', [{ op: 'add', path: '/list/-', value: 9 }], { ...DOCUMENT, list: [1, 2, 3, 9] }],
    [
      'counts from the end',
      [{ op: 'replace', path: '/list/-1', value: 9 }],
      { ...DOCUMENT, list: [1, 2, 9] },
    ],
    ['moves', [{ op: 'move', from: '/list/0', path: '/list/2' }], { ...DOCUMENT, list: [2, 3, 1] }],
    ['copies', [{ op: 'copy', from: '/data/a', path: '/list/0' }], { ...DOCUMENT, list: ['1', 1, 2, 3] }],
    ['replaces the root', [{ op: 'replace', path: '', value: {} }], {}],
    [
      'replaces what is missing by adding it',
      [{ op: 'replace', path: '/data/q', value: '1' }],
      { ...DOCUMENT, data: { a: '1', 'x/y': 'z', q: '1' } },
    ],
    [
      'tests',
      [
        { op: 'test', path: '/list', value: [1, 2, 3] },
        { op: 'test', path: '/no' },
      ],
      DOCUMENT,
    ],
  ];
  test.each(cases)('%s', (_, patch, result) => {
    const before = JSON.stringify(DOCUMENT);
    expect(applyJsonPatch(DOCUMENT, patch)).toEqual(result);
    expect(JSON.stringify(DOCUMENT)).toBe(before);
  });

  const failures: [patch: JsonPatchOperation, message: string][] = [
    [{ op: 'test', path: '/data/a', value: 'no' }, 'testing value /data/a failed: test failed'],
    [
      { op: 'remove', path: '/data/zzz' },
      "error in remove for path: '/data/zzz': Unable to remove nonexistent key: zzz: missing value",
    ],
    [
      { op: 'add', path: '/no/such', value: 1 },
      'add operation does not apply: doc is missing path: "/no/such": missing value',
    ],
    [
      { op: 'remove', path: '/list/7' },
      "error in remove for path: '/list/7': Unable to access invalid index: 7: invalid index referenced",
    ],
    [
      { op: 'replace', path: '/list/7', value: 1 },
      'replace operation does not apply: doc is missing key: /list/7: missing value',
    ],
    [{ op: 'add' }, 'add operation failed to decode path: missing value'],
    [{ op: 'twist', path: '/a' }, 'Unexpected kind: twist'],
    [
      { op: 'add', path: '/data/__proto__/x', value: 1 },
      'add operation does not apply: doc is missing path: "/data/__proto__/x": missing value',
    ],
  ];
  test.each(failures)('%j fails', (operation, message) => {
    expect(() => applyJsonPatch(DOCUMENT, [operation])).toThrow(new JsonPatchError(message));
  });
});

describe('merge patches', () => {
  // The examples of RFC 7386, appendix A.
  const cases: [document: Json, patch: Json, result: Json][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  test.each(cases)('%j with %j is %j', (document, patch, result) => {
    expect(applyMergePatch(document, patch)).toEqual(result);
  });

  test('a created patch leads from one object to the other', () => {
    const before = { a: 1, b: { c: 2, d: [1] }, e: 'x' };
    const after = { a: 1, b: { c: 3, d: [1, 2] }, f: {} };
    const patch = createMergePatch(before, after);
    expect(patch).toEqual({ b: { c: 3, d: [1, 2] }, e: null, f: {} });
    expect(applyMergePatch(before, patch)).toEqual(after);
  });

  test('a three-way patch removes only what was applied before', () => {
    const patch = createThreeWayMergePatch(
      { spec: { size: 1, old: 'x' } },
      { spec: { size: 2 } },
      { spec: { size: 1, old: 'x', other: 'kept' }, status: {} },
    );
    expect(patch).toEqual({ spec: { size: 2, old: null } });
  });
});

test.each([5, 'x', null])('a root that is replaced with %j stays', (value) => {
  expect(applyJsonPatch({ a: 1 }, [{ op: 'replace', path: '', value }])).toEqual({ a: 1 });
});

test('diff lists what changed', () => {
  expect(diff({ a: 1, b: { c: [1, 2] }, d: 1 }, { a: 2, b: { c: [1, 2, 3] }, e: null })).toEqual([
    { op: 'remove', path: '/d' },
    { op: 'add', path: '/e', value: null },
    { op: 'replace', path: '/a', value: 2 },
    { op: 'add', path: '/b/c/-', value: 3 },
  ]);
  expect(diff({ a: [] }, { a: [] })).toEqual([]);
});
