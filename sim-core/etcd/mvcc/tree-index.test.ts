import { expect, test } from 'vitest';
import { TreeIndex } from './tree-index.ts';

function put(index: TreeIndex, key: string, modRevision: number): void {
  index
    .insert(key)
    .put({ key, value: '', createRevision: modRevision, modRevision, version: 1, lease: '0' }, 0);
}

test('a key that a compaction drops is known no more, alone or in a range', () => {
  const index = new TreeIndex();
  put(index, 'a', 2);
  put(index, '가', 3);
  index.keyIndex('가')!.tombstone(4, 0);
  expect(index.size).toBe(2);
  index.compact(5);
  expect(index.size).toBe(1);
  expect(index.keyIndex('가')).toBeUndefined();
  expect(index.keyIndex('a')?.key).toBe('a');
  expect(index.count('\0', '', 3)).toBe(1);
  put(index, '가', 6);
  expect(index.count('\0', '', 6)).toBe(2);
  expect(index.keyIndex('가')?.modified?.kv.modRevision).toBe(6);
});

test('keys come in the order of their bytes, whatever was asked for before', () => {
  const index = new TreeIndex();
  for (const [at, key] of ['b', '\u{10000}', 'a', '\uffff'].entries()) put(index, key, at + 2);
  const keys: string[] = [];
  index.visitHistories('\0', '', ({ key }) => keys.push(key));
  expect(keys).toEqual(['a', 'b', '\uffff', '\u{10000}']);
});
