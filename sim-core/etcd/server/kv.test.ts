import { describe, expect, test } from 'vitest';
import { Rand } from '../../clock/rand.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { settle } from '../../testing/settle.ts';
import type { Compare, Operation, OperationResponse, RangeOptions } from '../clientv3/client.ts';
import { EtcdServer } from './etcd-server.ts';

/** a=3@2, b=1@3, c=2@4, then a=9@5. */
function newServer(): EtcdServer {
  const clock = new VirtualClock({ start: 0, settle });
  const server = new EtcdServer({ clock, rand: new Rand(1) }, { name: 'controlplane' });
  server.start();
  for (const [key, value] of ['a3', 'b1', 'c2', 'a9']) server.kv.put({ key: key!, value: value! });
  return server;
}

const put = (key: string, value: string): Operation => ({ type: 'put', key, value });
const get = (key: string, rangeEnd?: string): Operation =>
  rangeEnd === undefined ? { type: 'range', key } : { type: 'range', key, rangeEnd };

/** "put@6", "range a=9 b=1", "delete 2", "txn+(…)". */
function show(response: OperationResponse): string {
  switch (response.type) {
    case 'put':
      return `put@${response.header.revision}`;
    case 'range':
      return ['range', ...response.kvs.map((kv) => `${kv.key}=${kv.value}`)].join(' ');
    case 'delete':
      return `delete ${response.deleted}`;
    case 'txn':
      return `txn${response.succeeded ? '+' : '-'}(${response.responses.map(show).join(', ')})`;
  }
}

describe('range', () => {
  test.each<[string, RangeOptions, string[], boolean]>([
    ['by key', {}, ['a', 'b', 'c'], false],
    ['by key, down', { sort: { target: 'key', order: 'descend' } }, ['c', 'b', 'a'], false],
    ['by value', { sort: { target: 'value', order: 'ascend' } }, ['b', 'c', 'a'], false],
    ['by creation, down', { sort: { target: 'create', order: 'descend' } }, ['c', 'b', 'a'], false],
    ['by change', { sort: { target: 'mod', order: 'ascend' } }, ['b', 'c', 'a'], false],
    ['by version, down', { sort: { target: 'version', order: 'descend' } }, ['a', 'b', 'c'], false],
    ['limited', { limit: 2 }, ['a', 'b'], true],
    ['limited to all', { limit: 3 }, ['a', 'b', 'c'], false],
    ['sorted, then limited', { limit: 1, sort: { target: 'value', order: 'ascend' } }, ['b'], true],
    ['changed since', { minModRevision: 4 }, ['a', 'c'], false],
    ['changed until', { maxModRevision: 4 }, ['b', 'c'], false],
    ['made since, limited', { minCreateRevision: 3, limit: 1 }, ['b'], true],
    ['made until', { maxCreateRevision: 3 }, ['a', 'b'], false],
  ])('%s', (_name, options, keys, more) => {
    const response = newServer().kv.range({ key: 'a', rangeEnd: '\0', ...options });
    expect(response.kvs.map((kv) => kv.key)).toEqual(keys);
    expect(response).toMatchObject({ more, count: 3, header: { revision: 5 } });
  });

  test('of keys only has everything but values, and leaves the store alone', () => {
    const server = newServer();
    const { kvs } = server.kv.range({ key: 'a', keysOnly: true });
    expect(kvs).toEqual([{ key: 'a', value: '', createRevision: 2, modRevision: 5, version: 2, lease: '0' }]);
    expect(server.kv.range({ key: 'a' }).kvs[0]?.value).toBe('9');
  });
});

describe('put', () => {
  test('can keep the value or the lease that the key has', () => {
    const { kv, lease } = newServer();
    const { id } = lease.grant(60, '7');
    kv.put({ key: 'a', value: '', ignoreValue: true, lease: id });
    kv.put({ key: 'a', value: 'new', ignoreLease: true });
    expect(kv.range({ key: 'a' }).kvs[0]).toMatchObject({ value: 'new', lease: '7', version: 4 });
    expect(lease.timeToLive(id, true).keys).toEqual(['a']);
  });

  test.each([
    ['no key', { key: '', value: '' }, 'etcdserver: key is not provided'],
    ['a value to keep of no key', { key: 'x', value: '', ignoreValue: true }, 'etcdserver: key not found'],
    [
      'a value where one is kept',
      { key: 'a', value: 'v', ignoreValue: true },
      'etcdserver: value is provided',
    ],
    [
      'a lease where one is kept',
      { key: 'a', value: '', lease: '1', ignoreLease: true },
      'etcdserver: lease is provided',
    ],
    ['an unknown lease', { key: 'a', value: '', lease: '1' }, 'etcdserver: requested lease not found'],
    ['too large a value', { key: 'a', value: '한'.repeat(600_000) }, 'etcdserver: request is too large'],
  ])('with %s is refused', (_name, request, message) => {
    const server = newServer();
    expect(() => server.kv.put(request)).toThrow(message);
    expect(server.kv.range({ key: 'a' }).header.revision).toBe(5);
  });
});

describe('delete', () => {
  test('says how many there were, and which if asked', () => {
    const { kv } = newServer();
    expect(kv.deleteRange({ key: 'x' })).toMatchObject({ deleted: 0, previous: [], header: { revision: 5 } });
    const response = kv.deleteRange({ key: 'b', rangeEnd: '\0', previous: true });
    expect(response).toMatchObject({
      deleted: 2,
      header: { revision: 6 },
      previous: [{ key: 'b' }, { key: 'c' }],
    });
    expect(kv.range({ key: 'a', rangeEnd: '\0' }).count).toBe(1);
  });
});

describe('txn', () => {
  const compare = (text: string): Compare => {
    const [key, target, result, operand] = text.split(' ') as [
      string,
      Compare['target'],
      Compare['result'],
      string,
    ];
    return { key, target, result, operand };
  };
  test.each([
    ['a value = 9', true],
    ['a value = 3', false],
    ['a value > 8', true],
    ['a value != 9', false],
    ['x value = ', false],
    ['x value != 1', false],
    ['a version = 2', true],
    ['a version < 2', false],
    ['x version = 0', true],
    ['x version > 0', false],
    ['a create = 2', true],
    ['x create = 0', true],
    ['a mod > 4', true],
    ['a mod != 5', false],
    ['a lease = 0', true],
    ['a lease < 9223372036854775807', true],
    ['x lease != 0', false],
  ])('condition %s is %s', (text, holds) => {
    const response = newServer().kv.txn({ compare: [compare(text)], success: [], failure: [] });
    expect(response.succeeded).toBe(holds);
  });

  test('a condition on a range must hold for every key of it', () => {
    const { kv } = newServer();
    const holds = (operand: number) =>
      kv.txn({
        compare: [{ ...compare('a mod > 0'), rangeEnd: '\0', operand }],
        success: [],
        failure: [],
      }).succeeded;
    expect([holds(2), holds(3)]).toEqual([true, false]);
  });

  test('runs one branch in order, as one revision, and reads what it wrote', () => {
    const { kv } = newServer();
    const response = kv.txn({
      compare: [compare('a value = 9'), compare('b version = 1')],
      success: [
        get('a'),
        put('a', '10'),
        get('a'),
        { type: 'delete', key: 'b', rangeEnd: 'd' },
        get('a', '\0'),
      ],
      failure: [put('a', 'no')],
    });
    expect(response.responses.map(show)).toEqual([
      'range a=9',
      'put@6',
      'range a=10',
      'delete 2',
      'range a=10',
    ]);
    expect(response.header.revision).toBe(6);
  });

  test('nested conditions see the store as it was before the transaction', () => {
    const { kv } = newServer();
    const response = kv.txn({
      compare: [],
      success: [
        put('x', '1'),
        {
          type: 'txn',
          compare: [compare('x version = 0')],
          success: [put('y', '1')],
          failure: [put('z', '1')],
        },
        { type: 'txn', compare: [compare('a version = 0')], success: [], failure: [get('x', 'z')] },
      ],
      failure: [],
    });
    expect(response.responses.map(show)).toEqual(['put@6', 'txn+(put@6)', 'txn-(range x=1 y=1)']);
  });

  test.each<[string, Operation, string]>([
    ['a future read', { ...get('a'), revision: 7 } as Operation, 'required revision is a future revision'],
    ['a compacted read', { ...get('a'), revision: 2 } as Operation, 'required revision has been compacted'],
    ['an unknown lease', { ...put('b', '1'), lease: '3' } as Operation, 'requested lease not found'],
    ['a value to keep of no key', { ...put('x', ''), ignoreValue: true } as Operation, 'key not found'],
    ['a key written twice', put('a', '2'), 'duplicate key given in txn request'],
  ])('with %s changes nothing', (_name, operation, message) => {
    const { kv } = newServer();
    kv.compact(4);
    const request = { compare: [], success: [put('a', '1'), operation], failure: [] };
    expect(() => kv.txn(request)).toThrow(message);
    expect(kv.range({ key: 'a' })).toMatchObject({ header: { revision: 5 }, kvs: [{ value: '9' }] });
  });

  test('takes as many operations as the limit says and no more', () => {
    const { kv } = newServer();
    const puts = (count: number) => Array.from({ length: count }, (_, index) => put(`k${index}`, ''));
    expect(kv.txn({ compare: [], success: puts(128), failure: [] }).succeeded).toBe(true);
    expect(() => kv.txn({ compare: [], success: puts(129), failure: [] })).toThrow(
      'etcdserver: too many operations in txn request',
    );
  });
});
