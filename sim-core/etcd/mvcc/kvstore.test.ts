import { describe, expect, test } from 'vitest';
import { KVStore } from './kvstore.ts';
import type { KeyLeases } from './kvstore-txn.ts';

const NO_LEASES: KeyLeases = { attach: () => {}, detach: () => {} };

function put(store: KVStore, key: string, value: string, lease = '0'): number {
  const txn = store.write();
  const revision = txn.put(key, value, lease);
  txn.end();
  return revision;
}

function deleteRange(store: KVStore, key: string, end?: string): number {
  const txn = store.write();
  const deleted = txn.deleteRange(key, end);
  txn.end();
  return deleted;
}

/** foo=1@2, foo1=2@3, foo2=3@4, foo deleted @5, foo=4@6. */
function newStore(): KVStore {
  const store = new KVStore(NO_LEASES);
  put(store, 'foo', '1');
  put(store, 'foo1', '2');
  put(store, 'foo2', '3');
  deleteRange(store, 'foo');
  put(store, 'foo', '4');
  return store;
}

describe('KVStore', () => {
  test('an empty store is at revision 1', () => {
    expect(new KVStore(NO_LEASES).revision).toBe(1);
  });

  test.each([
    ['one key', 'foo', undefined, 0, ['foo=4']],
    ['a key that is not there', 'fo', undefined, 0, []],
    ['an interval', 'foo', 'foo2', 0, ['foo=4', 'foo1=2']],
    ['from a key on', 'foo1', '', 0, ['foo1=2', 'foo2=3']],
    ['nothing between', 'foo3', 'foo9', 0, []],
    ['an end before the key', 'foo2', 'foo', 0, []],
    ['a past revision', 'foo', '', 3, ['foo=1', 'foo1=2']],
    ['the revision of a deletion', 'foo', '', 5, ['foo1=2', 'foo2=3']],
    ['before everything', 'foo', '', 1, []],
  ])('a range of %s', (_name, key, end, revision, found) => {
    const { kvs, count } = newStore().range(key, end, { revision });
    expect(kvs.map((kv) => `${kv.key}=${kv.value}`)).toEqual(found);
    expect(count).toBe(found.length);
  });

  test('a limit cuts the keys but not the count; count only gives no keys', () => {
    const store = newStore();
    expect(store.range('foo', '', { limit: 2 })).toMatchObject({
      kvs: [{ key: 'foo' }, { key: 'foo1' }],
      count: 3,
    });
    expect(store.range('foo', '', { countOnly: true })).toEqual({ kvs: [], count: 3, revision: 6 });
  });

  test('a key that is made again starts at version 1', () => {
    const store = newStore();
    put(store, 'foo', '5');
    expect(store.range('foo', undefined).kvs[0]).toEqual({
      key: 'foo',
      value: '5',
      createRevision: 6,
      modRevision: 7,
      version: 2,
      lease: '0',
    });
  });

  test('a transaction reads its own writes and makes one revision', () => {
    const store = newStore();
    const txn = store.write();
    txn.put('a', '1', '0');
    txn.put('b', '1', '0');
    expect(txn.range('a', 'c').count).toBe(2);
    expect(txn.deleteRange('a', 'b')).toBe(1);
    expect(txn.range('a', 'c').kvs.map((kv) => kv.key)).toEqual(['b']);
    expect(txn.revision).toBe(7);
    txn.end();
    expect(store.revision).toBe(7);
  });

  test('a transaction without a change makes no revision', () => {
    const store = newStore();
    expect(deleteRange(store, 'nope')).toBe(0);
    expect(store.revision).toBe(6);
  });

  test.each([
    [
      'a read in the future',
      (store: KVStore) => store.range('foo', undefined, { revision: 7 }),
      'a future revision',
    ],
    ['a compaction in the future', (store: KVStore) => store.compact(7), 'a future revision'],
    ['a hash in the future', (store: KVStore) => store.hashByRevision(7), 'a future revision'],
    [
      'a read of the compacted past',
      (store: KVStore) => store.range('foo', undefined, { revision: 3 }),
      'has been compacted',
    ],
    ['a compaction of the compacted past', (store: KVStore) => store.compact(4), 'has been compacted'],
    ['a hash of the compacted past', (store: KVStore) => store.hashByRevision(3), 'has been compacted'],
  ])('refuses %s', (_name, request, message) => {
    const store = newStore();
    store.compact(4);
    expect(() => request(store)).toThrow(
      `etcdserver: mvcc: required revision ${message === 'a future revision' ? 'is ' : ''}${message}`,
    );
  });

  test('compaction keeps what reads at its revision and later need', () => {
    for (let revision = 1; revision <= 6; revision++) {
      const [compacted, whole] = [newStore(), newStore()];
      compacted.compact(revision);
      for (let at = revision; at <= 6; at++) {
        expect(compacted.range('a', '', { revision: at })).toEqual(whole.range('a', '', { revision: at }));
      }
    }
  });

  test('compaction takes deleted keys out of index and log', () => {
    const store = newStore();
    deleteRange(store, 'foo', '');
    put(store, 'last', '1');
    put(store, 'foo9', 'x'.repeat(10_000));
    deleteRange(store, 'foo9');
    const { usedSize, allocatedSize } = store.log;
    put(store, 'last', '2');
    store.compact(11);
    expect(store.index.size).toBe(1);
    expect(store.log.changes).toHaveLength(1);
    expect(store.log.usedSize).toBeLessThan(usedSize);
    expect(store.log.allocatedSize).toBe(allocatedSize);
    store.log.defragment();
    expect(store.log.allocatedSize).toBeLessThan(allocatedSize);
  });

  test('equal stores have equal hashes, before and after compacting, others do not', () => {
    const [one, two] = [newStore(), newStore()];
    expect(one.hashByRevision(5)).toEqual(two.hashByRevision(5));
    expect(one.hashByRevision(5).hash).not.toBe(one.hashByRevision(6).hash);
    one.compact(4);
    two.compact(4);
    expect(one.hashByRevision(0)).toEqual(two.hashByRevision(0));
    put(two, 'foo', 'other');
    expect(one.hashByRevision(0).hash).not.toBe(two.hashByRevision(0).hash);
  });

  test('keys move between leases as they are written and deleted', () => {
    const log: string[] = [];
    const store = new KVStore({
      attach: (lease, key) => log.push(`+${lease} ${key}`),
      detach: (lease, key) => log.push(`-${lease} ${key}`),
    });
    put(store, 'a', '', '1');
    put(store, 'a', '', '1');
    put(store, 'a', '', '2');
    deleteRange(store, 'a');
    put(store, 'a', '', '3');
    put(store, 'a', '', '0');
    expect(log).toEqual(['+1 a', '-1 a', '+2 a', '-2 a', '+3 a', '-3 a']);
  });
});
