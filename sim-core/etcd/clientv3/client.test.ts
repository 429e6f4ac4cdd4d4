import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Context } from '../../clock/context.ts';
import { Rand } from '../../clock/rand.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { NO_REAL_ETCD, RealEtcd, realEtcdIsAtLeast, realEtcdVersion } from '../../testing/real-etcd.ts';
import { settle } from '../../testing/settle.ts';
import { EtcdServer } from '../server/etcd-server.ts';
import { prefixEnd } from './client.ts';
import type { Compare, EtcdClient, EtcdError, Operation, WatchResponse } from './client.ts';
import type { Auth } from './auth.ts';
import { GrpcClient } from './grpc/grpc-client.ts';
import type { Cluster, Maintenance } from './maintenance.ts';
import { MemoryClient } from './memory.ts';

type Client = EtcdClient & Maintenance & Cluster & Auth;

/** A fresh, empty etcd and a client of it. */
interface Backend {
  readonly client: Client;
  /** Another client of the same etcd. */
  newClient(user?: { readonly name: string; readonly password: string }): Client;
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** Keeps the data of the stopped etcd; gives a function that puts them back, while it is stopped again. */
  backUp(): () => void;
  /** Lets so much of the server's time pass. */
  pass(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

async function inMemory(): Promise<Backend> {
  const clock = new VirtualClock({ start: 1_700_000_000_000, settle });
  const server = new EtcdServer({ clock, rand: new Rand(1) }, { name: 'default' });
  server.start();
  return {
    client: new MemoryClient(server),
    newClient: (user) => new MemoryClient(server, { user }),
    stop: async () => server.stop(),
    restart: async () => server.start(),
    backUp: () => {
      const snapshot = server.snapshot();
      return () => server.replaceData(snapshot);
    },
    pass: (milliseconds) => clock.advance(milliseconds),
    close: async () => server.stop(),
  };
}

async function real(): Promise<Backend> {
  const etcd = await RealEtcd.start();
  const clients: GrpcClient[] = [];
  return {
    client: etcd.client,
    newClient: (user) => {
      const client = new GrpcClient({ endpoint: etcd.endpoint, ...(user !== undefined && { user }) });
      clients.push(client);
      return client;
    },
    stop: () => etcd.kill(),
    restart: () => etcd.run(),
    backUp: () => etcd.backUp(),
    pass: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    close: () => {
      for (const client of clients) client.close();
      return etcd.stop();
    },
  };
}

interface Case {
  readonly name: string;
  readonly open: () => Promise<Backend>;
  readonly skip: boolean;
  /** What the server is too old for is skipped by name. */
  isAtLeast(version: string): boolean;
}

const CASES: readonly Case[] = [
  { name: 'in memory', open: inMemory, skip: false, isAtLeast: () => true },
  {
    name: `a real etcd ${realEtcdVersion ?? NO_REAL_ETCD}`,
    open: real,
    skip: realEtcdVersion === undefined,
    isAtLeast: realEtcdIsAtLeast,
  },
];

if (realEtcdVersion === undefined)
  process.stderr.write(`clientv3: the real etcd's half is ${NO_REAL_ETCD}\n`);
else if (!realEtcdIsAtLeast('3.6')) {
  process.stderr.write(
    `clientv3: the real etcd is ${realEtcdVersion}; tests named "(3.5)" or "(3.6)" may be skipped\n`,
  );
}

/** A watch read in the background: "created@1", "put a=1@2", "delete a@3", "progress@4", then its end. */
class Collected {
  readonly seen: string[] = [];
  readonly #changed = new Set<() => void>();

  constructor(watch: AsyncIterable<WatchResponse>) {
    void this.#read(watch);
  }

  /** Resolves when so many lines were seen; the test's time limit is the limit. */
  async until(count: number): Promise<readonly string[]> {
    while (this.seen.length < count) await new Promise<void>((resolve) => this.#changed.add(resolve));
    return this.seen;
  }

  async #read(watch: AsyncIterable<WatchResponse>): Promise<void> {
    try {
      for await (const { header, events, created } of watch) {
        if (events.length === 0) this.#add(`${created ? 'created' : 'progress'}@${header.revision}`);
        for (const { type, kv, previous } of events) {
          const value = type === 'put' ? `=${kv.value}` : '';
          const was = previous === undefined ? '' : ` was ${previous.value}`;
          this.#add(`${type} ${kv.key}${value}@${kv.modRevision}${was}`);
        }
      }
      this.#add('end');
    } catch (error) {
      this.#add(`${(error as EtcdError).code}: ${(error as EtcdError).message}`);
    }
  }

  #add(line: string): void {
    this.seen.push(line);
    for (const changed of this.#changed) changed();
    this.#changed.clear();
  }
}

const NOTHING = { compare: [], success: [], failure: [] };

describe.each(CASES)('$name', { timeout: 60_000 }, ({ open, skip, isAtLeast }) => {
  if (skip) {
    test.skip(NO_REAL_ETCD);
    return;
  }
  let backend: Backend;
  let client: Backend['client'];
  beforeEach(async () => {
    backend = await open();
    client = backend.client;
  }, 60_000);
  afterEach(() => backend.close(), 60_000);

  const keys = async (range: { key: string; rangeEnd?: string }, options = {}) =>
    (await client.get(range, options)).kvs.map(({ key }) => key);

  describe('keys and values', () => {
    test('a put is read back with its revisions and version', async () => {
      await client.put('foo', 'bar');
      await client.put('foo', 'baz');
      expect((await client.put('foo', 'qux', { previous: true })).previous?.value).toBe('baz');
      const { kvs, more, count, header } = await client.get({ key: 'foo' });
      expect(kvs).toEqual([
        { key: 'foo', value: 'qux', createRevision: 2, modRevision: 4, version: 3, lease: '0' },
      ]);
      expect({ more, count, revision: header.revision }).toEqual({ more: false, count: 1, revision: 4 });
    });

    test('keys and values may be any bytes, and keys are ordered by them', async () => {
      const names = ['\udcff', 'z', 'é', '한', '😀', '\uffee', 'a', '\udc80'];
      for (const name of names) await client.put(name, `value of ${name} \udcfe`);
      const { kvs } = await client.get({ key: '\0', rangeEnd: '\0' });
      expect(kvs.map(({ key }) => key)).toEqual(['a', 'z', '\udc80', 'é', '한', '\uffee', '😀', '\udcff']);
      expect(kvs.map(({ key, value }) => value === `value of ${key} \udcfe`)).not.toContain(false);
      expect(await keys({ key: '한', rangeEnd: prefixEnd('\uffee') })).toEqual(['한', '\uffee']);
      expect(await keys({ key: '😀', rangeEnd: '\0' })).toEqual(['😀', '\udcff']);
    });

    test('ranges by key, interval, prefix, from a key on, and of everything', async () => {
      for (const key of ['a', 'ab', 'b', 'ba', 'c']) await client.put(key, key);
      expect(await keys({ key: 'a' })).toEqual(['a']);
      expect(await keys({ key: 'ab', rangeEnd: 'ba' })).toEqual(['ab', 'b']);
      expect(await keys({ key: 'b', rangeEnd: prefixEnd('b') })).toEqual(['b', 'ba']);
      expect(await keys({ key: 'b', rangeEnd: '\0' })).toEqual(['b', 'ba', 'c']);
      expect(await keys({ key: '', rangeEnd: prefixEnd('') })).toHaveLength(5);
      expect(await keys({ key: 'c', rangeEnd: 'a' })).toEqual([]);
    });

    test('limits, counts and leaves out values', async () => {
      for (const key of ['a', 'b', 'c']) await client.put(key, key);
      const range = { key: 'a', rangeEnd: 'd' };
      expect(await client.get(range, { limit: 2 })).toMatchObject({ more: true, count: 3, kvs: [{}, {}] });
      expect(await client.get(range, { countOnly: true })).toMatchObject({ more: false, count: 3, kvs: [] });
      const { kvs } = await client.get(range, { keysOnly: true });
      expect(kvs.map(({ key, value, version }) => [key, value, version])).toEqual([
        ['a', '', 1],
        ['b', '', 1],
        ['c', '', 1],
      ]);
    });

    test.each([
      ['key', 'ascend', 'abcd'],
      ['key', 'descend', 'dcba'],
      ['version', 'ascend', 'bcda'],
      ['version', 'descend', 'abcd'],
      ['create', 'ascend', 'cabd'],
      ['create', 'descend', 'dbac'],
      ['mod', 'ascend', 'cbda'],
      ['mod', 'descend', 'adbc'],
      ['value', 'ascend', 'dacb'],
      ['value', 'descend', 'bcad'],
    ] as const)('sorts by %s, %s', async (target, order, sorted) => {
      for (const [key, value] of ['c3', 'a0', 'b4', 'd1', 'a2']) await client.put(key!, value!);
      const found = await keys({ key: 'a', rangeEnd: 'z' }, { sort: { target, order } });
      expect(found.join('')).toBe(sorted);
      const first = await client.get({ key: 'a', rangeEnd: 'z' }, { sort: { target, order }, limit: 1 });
      expect(first).toMatchObject({ more: true, count: 4, kvs: [{ key: sorted[0] }] });
    });

    test('filters by mod and create revision; the count stays that of the range', async () => {
      for (const key of ['a', 'b', 'c', 'a']) await client.put(key, key);
      const range = { key: 'a', rangeEnd: 'z' };
      expect(await keys(range, { minModRevision: 4 })).toEqual(['a', 'c']);
      expect(await keys(range, { maxModRevision: 4 })).toEqual(['b', 'c']);
      expect(await keys(range, { minCreateRevision: 3 })).toEqual(['b', 'c']);
      expect(await keys(range, { maxCreateRevision: 2 })).toEqual(['a']);
      expect(await client.get(range, { minModRevision: 4, limit: 1 })).toMatchObject({
        more: true,
        count: 3,
        kvs: [{ key: 'a' }],
      });
    });

    test('reads any past revision that was not compacted', async () => {
      await client.put('a', '1');
      await client.put('a', '2');
      await client.delete({ key: 'a' });
      await client.put('a', '4');
      const at = async (revision: number) => (await client.get({ key: 'a' }, { revision })).kvs[0]?.value;
      expect([await at(2), await at(3), await at(4), await at(5)]).toEqual(['1', '2', undefined, '4']);
      await client.compact(3);
      expect([await at(3), await at(4), await at(5)]).toEqual(['2', undefined, '4']);
      await expect(at(2)).rejects.toThrow('etcdserver: mvcc: required revision has been compacted');
    });

    test('deletes keys and ranges, and tells what they were', async () => {
      for (const key of ['a', 'b', 'c']) await client.put(key, key);
      const response = await client.delete({ key: 'a', rangeEnd: 'c' }, { previous: true });
      expect(response.previous.map(({ key }) => key)).toEqual(['a', 'b']);
      expect(response).toMatchObject({ deleted: 2, header: { revision: 5 } });
      expect(await client.delete({ key: 'a' })).toMatchObject({ deleted: 0, header: { revision: 5 } });
      await client.put('a', 'again');
      expect((await client.get({ key: 'a' })).kvs[0]).toMatchObject({ createRevision: 6, version: 1 });
    });

    test('a put may keep the value or the lease', async () => {
      const { id } = await client.leaseGrant(60);
      await client.put('a', '1', { lease: id });
      await client.put('a', '2', { ignoreLease: true });
      expect((await client.get({ key: 'a' })).kvs[0]).toMatchObject({ value: '2', lease: id });
      await client.put('a', '', { ignoreValue: true });
      expect((await client.get({ key: 'a' })).kvs[0]).toMatchObject({ value: '2', lease: '0', version: 3 });
    });

    test.each<[name: string, code: string, message: string, act: (client: EtcdClient) => Promise<unknown>]>([
      ['put of no key', 'InvalidArgument', 'etcdserver: key is not provided', (c) => c.put('', 'v')],
      ['get of no key', 'InvalidArgument', 'etcdserver: key is not provided', (c) => c.get({ key: '' })],
      [
        'delete of no key',
        'InvalidArgument',
        'etcdserver: key is not provided',
        (c) => c.delete({ key: '' }),
      ],
      [
        'ignoring the value of nothing',
        'InvalidArgument',
        'etcdserver: key not found',
        (c) => c.put('n', '', { ignoreValue: true }),
      ],
      [
        'ignoring the lease of nothing',
        'InvalidArgument',
        'etcdserver: key not found',
        (c) => c.put('n', 'v', { ignoreLease: true }),
      ],
      [
        'a value to ignore',
        'InvalidArgument',
        'etcdserver: value is provided',
        (c) => c.put('n', 'v', { ignoreValue: true }),
      ],
      [
        'a lease to ignore',
        'InvalidArgument',
        'etcdserver: lease is provided',
        (c) => c.put('n', 'v', { ignoreLease: true, lease: '9' }),
      ],
      [
        'a lease that is not there',
        'NotFound',
        'etcdserver: requested lease not found',
        (c) => c.put('n', 'v', { lease: '9' }),
      ],
      [
        'a read of the future',
        'OutOfRange',
        'etcdserver: mvcc: required revision is a future revision',
        (c) => c.get({ key: 'a' }, { revision: 99 }),
      ],
      [
        'a compaction of the future',
        'OutOfRange',
        'etcdserver: mvcc: required revision is a future revision',
        (c) => c.compact(99),
      ],
      [
        'a compaction of nothing',
        'OutOfRange',
        'etcdserver: mvcc: required revision has been compacted',
        async (c) => (await c.put('a', '1'), await c.compact(2), c.compact(2)),
      ],
      [
        'too large a value',
        'InvalidArgument',
        'etcdserver: request is too large',
        (c) => c.put('a', 'x'.repeat(1_600_000)),
      ],
      [
        'too long a transaction',
        'InvalidArgument',
        'etcdserver: too many operations in txn request',
        (c) =>
          c.txn({
            ...NOTHING,
            success: Array.from({ length: 129 }, (_, i) => ({ type: 'put', key: `${i}`, value: '' })),
          }),
      ],
      [
        'a lease without a time',
        'OutOfRange',
        'etcdserver: too large lease TTL',
        (c) => c.leaseGrant(9_000_000_001),
      ],
      [
        'a lease id that is taken',
        'FailedPrecondition',
        'etcdserver: lease already exists',
        async (c) => (await c.leaseGrant(60, '77'), c.leaseGrant(60, '77')),
      ],
      ['revoking no lease', 'NotFound', 'etcdserver: requested lease not found', (c) => c.leaseRevoke('9')],
      [
        'renewing no lease',
        'NotFound',
        'etcdserver: requested lease not found',
        (c) => c.leaseKeepAlive('9'),
      ],
    ])('refuses %s', async (_name, code, message, act) => {
      await expect(act(client)).rejects.toMatchObject({ code, message });
    });
  });

  describe('transactions', () => {
    const put = (key: string, value = ''): Operation => ({ type: 'put', key, value });
    const succeeded = async (...compare: Compare[]) => (await client.txn({ ...NOTHING, compare })).succeeded;

    test('all writes of one are one revision; without a write there is none', async () => {
      const { header } = await client.txn({
        ...NOTHING,
        success: [put('a'), put('b'), { type: 'range', key: 'a', rangeEnd: 'c' }],
      });
      expect(header.revision).toBe(2);
      expect((await client.get({ key: 'a', rangeEnd: 'c' })).kvs.map((kv) => kv.modRevision)).toEqual([2, 2]);
      expect((await client.txn({ ...NOTHING, success: [{ type: 'range', key: 'a' }] })).header.revision).toBe(
        2,
      );
      expect(
        (await client.txn({ ...NOTHING, success: [{ type: 'delete', key: 'x' }] })).header.revision,
      ).toBe(2);
    });

    test.each<[Compare['target'], string | number, string | number, string | number]>([
      ['version', 1, 2, 3],
      ['create', 1, 2, 3],
      ['mod', 2, 3, 4],
      ['value', '1', '2', '3'],
      ['lease', '76', '77', '78'],
    ])('compares the %s', async (target, below, equal, above) => {
      await client.leaseGrant(60, '77');
      await client.put('a', '1');
      await client.put('a', '2', { lease: '77' });
      const table: readonly [Compare['result'], boolean, boolean, boolean][] = [
        ['=', false, true, false],
        ['!=', true, false, true],
        ['>', true, false, false],
        ['<', false, false, true],
      ];
      for (const [result, ...expected] of table) {
        const found = [];
        for (const operand of [below, equal, above]) {
          found.push(await succeeded({ key: 'a', target, result, operand }));
        }
        expect(found, result).toEqual(expected);
      }
    });

    test('a condition on a range holds if it does for every key, and on nothing sees zero', async () => {
      for (const key of ['a', 'b']) await client.put(key, 'x');
      await client.put('b', 'x');
      const range = { key: 'a', rangeEnd: 'c' };
      expect(await succeeded({ ...range, target: 'version', result: '>', operand: 0 })).toBe(true);
      expect(await succeeded({ ...range, target: 'version', result: '>', operand: 1 })).toBe(false);
      expect(await succeeded({ ...range, target: 'value', result: '=', operand: 'x' })).toBe(true);
      expect(await succeeded({ key: 'n', target: 'version', result: '=', operand: 0 })).toBe(true);
      expect(await succeeded({ key: 'n', target: 'lease', result: '=', operand: '0' })).toBe(true);
      expect(await succeeded({ key: 'n', target: 'value', result: '!=', operand: 'x' })).toBe(false);
      expect(await succeeded({ key: 'n', rangeEnd: 'o', target: 'create', result: '=', operand: 0 })).toBe(
        true,
      );
    });

    test('nested ones choose their branch on what was there before, and see what was written', async () => {
      await client.put('a', '1');
      const response = await client.txn({
        compare: [{ key: 'a', target: 'value', result: '=', operand: '1' }],
        success: [
          put('a', '2'),
          {
            type: 'txn',
            compare: [{ key: 'a', target: 'value', result: '=', operand: '1' }],
            success: [{ type: 'range', key: 'a' }, put('b', 'inner')],
            failure: [put('c', 'wrong')],
          },
        ],
        failure: [],
      });
      expect(response).toMatchObject({
        succeeded: true,
        header: { revision: 3 },
        responses: [
          { type: 'put', header: { revision: 3 } },
          {
            type: 'txn',
            succeeded: true,
            header: { revision: 0 },
            responses: [{ type: 'range', kvs: [{ value: '2' }] }, { type: 'put' }],
          },
        ],
      });
      expect(await keys({ key: 'a', rangeEnd: 'z' })).toEqual(['a', 'b']);
    });

    const del = (key: string, rangeEnd?: string): Operation => ({
      type: 'delete',
      key,
      ...(rangeEnd !== undefined && { rangeEnd }),
    });
    const nested = (success: Operation[], failure: Operation[] = []): Operation => ({
      type: 'txn',
      compare: [],
      success,
      failure,
    });
    test.each<[name: string, allowed: boolean, operations: Operation[]]>([
      ['two keys', true, [put('a'), put('b')]],
      ['a key twice', false, [put('a'), put('a')]],
      ['a key put and deleted', false, [put('b'), del('a', 'c')]],
      ['a key deleted and put', false, [del('b'), put('b')]],
      ['a deletion beside a put', true, [del('a', 'b'), put('b')]],
      ['two deletions of a key', true, [del('a', 'c'), del('b')]],
      ['a key put again within', false, [put('a'), nested([put('a')])]],
      ['a key that a deletion from a key on covers', true, [del('a', '\0'), put('b')]],
      ['a key put in both branches', true, [nested([put('a')], [put('a')])]],
      ['a key put by two nested ones', false, [nested([put('a')]), nested([], [put('a')])]],
      ['a key deleted within', false, [put('a'), nested([del('a')])]],
      ['a key put within a deleted range', false, [del('a', 'c'), nested([], [put('b')])]],
    ])('may write a key once: %s', async (_name, allowed, success) => {
      const attempt = client.txn({ ...NOTHING, success });
      if (allowed) expect((await attempt).succeeded).toBe(true);
      else {
        await expect(attempt).rejects.toMatchObject({
          code: 'InvalidArgument',
          message: 'etcdserver: duplicate key given in txn request',
        });
      }
    });

    test('one that fails a check changes nothing', async () => {
      const success = [put('a'), { ...put('b'), lease: '9' } as Operation];
      await expect(client.txn({ ...NOTHING, success })).rejects.toThrow('requested lease not found');
      expect(await client.get({ key: 'a' })).toMatchObject({ count: 0, header: { revision: 1 } });
    });
  });

  describe('watch', () => {
    const watch = (options: Omit<Parameters<EtcdClient['watch']>[0], 'createdNotify'>) =>
      new Collected(client.watch({ ...options, createdNotify: true }));

    test('sees what commits after it was made, in order, prefix and previous included', async () => {
      const watched = watch({ key: 'w', rangeEnd: prefixEnd('w'), previous: true });
      await watched.until(1);
      await client.put('w1', 'a');
      await client.put('w2', 'b');
      await client.put('x', 'no');
      await client.put('w1', 'c');
      await client.delete({ key: 'w1' });
      expect(await watched.until(5)).toEqual([
        'created@1',
        'put w1=a@2',
        'put w2=b@3',
        'put w1=c@5 was a',
        'delete w1@6 was c',
      ]);
    });

    test('from a past revision gives history first, then what follows', async () => {
      for (const value of ['1', '2', '3']) await client.put('a', value);
      const watched = watch({ key: 'a', startRevision: 3 });
      await watched.until(3);
      await client.put('a', '4');
      expect(await watched.until(4)).toEqual(['created@4', 'put a=2@3', 'put a=3@4', 'put a=4@5']);
    });

    test('from a future revision waits for it', async () => {
      const watched = watch({ key: 'a', startRevision: 4 });
      await watched.until(1);
      for (const value of ['1', '2', '3', '4']) await client.put('a', value);
      expect(await watched.until(3)).toEqual(['created@1', 'put a=3@4', 'put a=4@5']);
    });

    test('hears of the changes of one transaction together, in the order of the changes', async () => {
      const responses = client
        .watch({ key: 'a', rangeEnd: 'z', createdNotify: true })
        [Symbol.asyncIterator]();
      await responses.next();
      for (const key of ['d', 'e']) await client.put(key, key);
      await client.txn({
        ...NOTHING,
        success: [
          { type: 'put', key: 'b', value: '1' },
          { type: 'delete', key: 'd', rangeEnd: 'f' },
          { type: 'put', key: 'a', value: '2' },
        ],
      });
      const seen: string[][] = [];
      for (let count = 0; count < 6;) {
        const { events } = ((await responses.next()) as { value: WatchResponse }).value;
        seen.push(events.map(({ type, kv }) => `${type} ${kv.key}@${kv.modRevision}`));
        count += events.length;
      }
      expect(seen.flat().slice(2)).toEqual(['put b@4', 'delete d@4', 'delete e@4', 'put a@4']);
      expect(seen.at(-1)!.length).toBeGreaterThanOrEqual(4);
      await responses.return?.();
    });

    test('leaves out what its filters name', async () => {
      const [puts, deletes] = [watch({ key: 'a', noDelete: true }), watch({ key: 'a', noPut: true })];
      await Promise.all([puts.until(1), deletes.until(1)]);
      await client.put('a', '1');
      await client.delete({ key: 'a' });
      await client.put('a', '2');
      expect(await puts.until(3)).toEqual(['created@1', 'put a=1@2', 'put a=2@4']);
      expect(await deletes.until(2)).toEqual(['created@1', 'delete a@3']);
    });

    test('from a compacted revision fails with the reason of the server', async () => {
      for (const value of ['1', '2', '3']) await client.put('a', value);
      await client.compact(4);
      expect((await watch({ key: 'a', startRevision: 1 }).until(2)).at(-1)).toBe(
        'OutOfRange: etcdserver: mvcc: required revision has been compacted',
      );
      expect((await watch({ key: 'a', startRevision: 4 }).until(2)).at(-1)).toBe('put a=3@4');
    });

    test('of an empty range is refused', async () => {
      const [seen] = await new Collected(client.watch({ key: 'b', rangeEnd: 'a' })).until(1);
      expect(seen).toBe('FailedPrecondition: mvcc: watcher range is empty');
    });

    test('a slow reader gets everything once, in order, when it reads at last', async () => {
      const context = new Context();
      const slow = client.watch({ key: 'a', rangeEnd: 'b', createdNotify: true, context });
      const fast = watch({ key: 'a', rangeEnd: 'b' });
      await fast.until(1);
      const reader = slow[Symbol.asyncIterator]();
      expect(((await reader.next()) as { value: WatchResponse }).value.created).toBe(true);
      for (let count = 0; count < 500; count++) await client.put(`a${count % 7}`, String(count));
      await fast.until(501);
      const late = new Collected({ [Symbol.asyncIterator]: () => reader });
      const revisions = (await late.until(500)).map((line) => Number(line.split('@')[1]));
      expect(revisions).toEqual(Array.from({ length: 500 }, (_, i) => i + 2));
      context.cancel();
      expect((await late.until(501)).at(-1)).toBe('end');
    });

    test('ends when its context is cancelled and when the reader leaves its loop', async () => {
      const context = new Context();
      const watched = watch({ key: 'a', context });
      await watched.until(1);
      context.cancel();
      await client.put('a', '1');
      expect(await watched.until(2)).toEqual(['created@1', 'end']);
      for await (const response of client.watch({ key: 'a', startRevision: 2 })) {
        expect(response.events).toHaveLength(1);
        break;
      }
      const cancelled = new Collected(client.watch({ key: 'a', context }));
      expect(await cancelled.until(1)).toEqual(['end']);
    });

    test.skipIf(!isAtLeast('3.6'))('tells how far it has come when it is asked (3.6)', async () => {
      const [asked, other] = [watch({ key: 'a' }), watch({ key: 'b' })];
      await Promise.all([asked.until(1), other.until(1)]);
      await client.put('c', '1');
      expect(await client.requestProgress('a')).toBe(true);
      expect(await asked.until(2)).toEqual(['created@1', 'progress@2']);
      expect(other.seen).toEqual(['created@1']);
      expect(await client.requestProgress()).toBe(true);
      expect((await other.until(2)).at(-1)).toBe('progress@2');
    });

    test('goes on after the server was away, without a gap or a double', async () => {
      const watched = watch({ key: 'a' });
      await watched.until(1);
      await client.put('a', '1');
      await watched.until(2);
      await backend.stop();
      await backend.restart();
      await client.put('a', '2');
      expect(await watched.until(3)).toEqual(['created@1', 'put a=1@2', 'put a=2@3']);
      expect((await client.get({ key: 'a' })).kvs[0]).toMatchObject({ value: '2', version: 2 });
    });

    test('waits for its revision where etcd came back with an older backup, and says nothing of it', async () => {
      const watched = watch({ key: 'a' });
      await watched.until(1);
      await client.put('a', '1');
      await watched.until(2);
      await backend.stop();
      const putBack = backend.backUp();
      await backend.restart();
      for (const value of ['2', '3']) await client.put('a', value);
      await watched.until(4);
      await backend.stop();
      putBack();
      await backend.restart();
      expect((await client.get({ key: 'a' })).kvs[0]).toMatchObject({ value: '1', modRevision: 2 });
      for (const value of ['4', '5', '6']) await client.put('a', value);
      expect((await watched.until(5)).slice(3)).toEqual(['put a=3@4', 'put a=6@5']);
    });
  });

  describe('leases', () => {
    test('delete their keys together when they run out', async () => {
      const { id, ttl } = await client.leaseGrant(2);
      expect(ttl).toBe(2);
      for (const key of ['l2', 'l1']) await client.put(key, 'v', { lease: id });
      await client.put('l3', 'v');
      const watched = new Collected(client.watch({ key: 'l', rangeEnd: 'm', createdNotify: true }));
      await watched.until(1);
      await backend.pass(2_500);
      expect(await watched.until(3)).toEqual(['created@4', 'delete l1@5', 'delete l2@5']);
      expect(await client.leaseTimeToLive(id)).toMatchObject({ id, ttl: -1, keys: [] });
    });

    test('say how long they have left and which keys are theirs', async () => {
      const { id } = await client.leaseGrant(100, '77');
      for (const key of ['b', 'a', 'c']) await client.put(key, 'v', { lease: id });
      await client.put('c', 'v');
      await client.delete({ key: 'a' });
      const { ttl, ...left } = await client.leaseTimeToLive(id, { keys: true });
      expect(left).toMatchObject({ id: '77', grantedTtl: 100, keys: ['b'] });
      expect(ttl).toBeGreaterThanOrEqual(98);
      expect((await client.leaseTimeToLive(id)).keys).toEqual([]);
      expect(await client.leaseKeepAlive(id)).toMatchObject({ id, ttl: 100 });
      expect((await client.leases()).ids).toEqual(['77']);
    });

    test('take their keys with them when they are revoked, as one revision', async () => {
      const { id } = await client.leaseGrant(100);
      for (const key of ['b', 'a']) await client.put(key, 'v', { lease: id });
      expect((await client.leaseRevoke(id)).header.revision).toBe(4);
      expect((await client.leases()).ids).toEqual([]);
      expect((await client.get({ key: 'a', rangeEnd: 'z' })).count).toBe(0);
    });
  });

  describe('maintenance', () => {
    test('hashes the same contents alike, whenever they are compacted', async () => {
      for (const value of ['1', '2', '3']) await client.put('a', value);
      const before = await client.hashKV(3);
      expect(await client.hashKV(3)).toMatchObject({ hash: before.hash });
      await client.put('a', '4');
      expect(await client.hashKV(3)).toMatchObject({ hash: before.hash, compactRevision: -1 });
      expect((await client.hashKV()).hash).not.toBe(before.hash);
      await client.compact(4);
      await expect(client.hashKV(3)).rejects.toThrow('required revision has been compacted');
      await expect(client.hashKV(99)).rejects.toThrow('required revision is a future revision');
    });

    test('a member leads itself, and lists itself', async () => {
      const { members, header } = await client.memberList();
      expect(members).toMatchObject([{ id: header.memberId, name: 'default', isLearner: false }]);
      const status = await client.status();
      expect(status).toMatchObject({ leader: header.memberId, isLearner: false, errors: [] });
      expect(status.dbSize).toBeGreaterThanOrEqual(status.dbSizeInUse);
      expect(status.raftIndex).toBe(status.raftAppliedIndex);
    });

    test('defragments, and has no alarms', async () => {
      await client.defragment();
      expect((await client.alarmList()).alarms).toEqual([]);
      expect((await client.alarmDisarm()).alarms).toEqual([]);
    });

    test('makes a snapshot', async () => {
      await client.put('a', 'kept in the snapshot');
      const { snapshot } = await client.snapshot();
      expect(snapshot).toContain('kept in the snapshot');
    });
  });

  describe('auth', () => {
    const ROOT = { name: 'root', password: 'secret' };
    const enable = async () => {
      await client.userAdd('root', 'secret');
      await client.userGrantRole('root', 'root');
      await client.authEnable();
      return backend.newClient(ROOT);
    };
    const refusal = async (attempt: Promise<unknown>) => {
      const error = (await attempt.then(
        () => new Error('was allowed'),
        (reason: unknown) => reason,
      )) as EtcdError;
      return `${error.code}: ${error.message}`;
    };

    test('manages users and roles', async () => {
      await client.roleAdd('writer');
      await client.roleAdd('reader');
      await client.userAdd('kim', 'pw');
      await client.userAdd('cert', '', { noPassword: true });
      await client.userGrantRole('kim', 'writer');
      await client.userGrantRole('kim', 'reader');
      await client.userGrantRole('kim', 'reader');
      expect((await client.userList()).users).toEqual(['cert', 'kim']);
      expect((await client.roleList()).roles).toEqual(['reader', 'writer']);
      expect((await client.userGet('kim')).roles).toEqual(['reader', 'writer']);
      await client.roleGrantPermission('writer', { type: 'READWRITE', key: 'b', rangeEnd: 'c' });
      await client.roleGrantPermission('writer', { type: 'READ', key: 'a' });
      await client.roleGrantPermission('writer', { type: 'WRITE', key: 'a' });
      expect((await client.roleGet('writer')).permissions).toEqual([
        { type: 'WRITE', key: 'a' },
        { type: 'READWRITE', key: 'b', rangeEnd: 'c' },
      ]);
      await client.roleRevokePermission('writer', { key: 'a' });
      expect((await client.roleGet('writer')).permissions).toHaveLength(1);
      await client.userRevokeRole('kim', 'reader');
      await client.roleDelete('writer');
      expect((await client.userGet('kim')).roles).toEqual([]);
      await client.userChangePassword('kim', 'other');
      await client.userDelete('kim');
      expect((await client.userList()).users).toEqual(['cert']);
    });

    test.each<[name: string, refused: string, act: (client: Auth) => Promise<unknown>]>([
      [
        'enabling without root',
        'FailedPrecondition: etcdserver: root user does not exist',
        (c) => c.authEnable(),
      ],
      [
        'enabling without its role',
        'FailedPrecondition: etcdserver: root user does not have root role',
        async (c) => (await c.userAdd('root', 'x'), c.authEnable()),
      ],
      ['a user without a name', 'InvalidArgument: etcdserver: user name is empty', (c) => c.userAdd('', 'x')],
      [
        'a user twice',
        'FailedPrecondition: etcdserver: user name already exists',
        async (c) => (await c.userAdd('a', 'x'), c.userAdd('a', 'y')),
      ],
      ['deleting no user', 'FailedPrecondition: etcdserver: user name not found', (c) => c.userDelete('a')],
      [
        'a role for no user',
        'FailedPrecondition: etcdserver: user name not found',
        (c) => c.userGrantRole('a', 'r'),
      ],
      [
        'no role for a user',
        'FailedPrecondition: etcdserver: role name not found',
        async (c) => (await c.userAdd('a', 'x'), c.userGrantRole('a', 'r')),
      ],
      [
        'taking what was not granted',
        'FailedPrecondition: etcdserver: role is not granted to the user',
        async (c) => (await c.userAdd('a', 'x'), c.userRevokeRole('a', 'r')),
      ],
      [
        'a role twice',
        'FailedPrecondition: etcdserver: role name already exists',
        async (c) => (await c.roleAdd('r'), c.roleAdd('r')),
      ],
      ['reading no role', 'FailedPrecondition: etcdserver: role name not found', (c) => c.roleGet('r')],
      ['deleting no role', 'FailedPrecondition: etcdserver: role name not found', (c) => c.roleDelete('r')],
      [
        'taking no permission',
        'FailedPrecondition: etcdserver: permission is not granted to the role',
        async (c) => (await c.roleAdd('r'), c.roleRevokePermission('r', { key: 'a' })),
      ],
      [
        'a permission for no role',
        'FailedPrecondition: etcdserver: role name not found',
        (c) => c.roleGrantPermission('r', { type: 'READ', key: 'a' }),
      ],
    ])('refuses %s', async (_name, refused, act) => {
      expect(await refusal(act(client))).toBe(refused);
    });

    test.skipIf(!isAtLeast('3.5'))('refuses what 3.5 does (3.5)', async () => {
      expect(await refusal(client.roleAdd(''))).toBe('InvalidArgument: etcdserver: role name is empty');
      await client.roleAdd('r');
      expect(await refusal(client.roleGrantPermission('r', { type: 'READ', key: 'b', rangeEnd: 'a' }))).toBe(
        'InvalidArgument: etcdserver: invalid auth management',
      );
      expect(await client.authStatus()).toMatchObject({ enabled: false, authRevision: 2 });
    });

    test('once enabled, asks everybody who they are', async () => {
      const root = await enable();
      const nobody = 'InvalidArgument: etcdserver: user name is empty';
      expect(await refusal(client.put('a', '1'))).toBe(nobody);
      expect(await refusal(client.get({ key: 'a' }))).toBe(nobody);
      expect(await refusal(client.userList())).toBe(nobody);
      const wrong = backend.newClient({ name: 'root', password: 'wrong' });
      expect(await refusal(wrong.get({ key: 'a' }))).toBe(
        'InvalidArgument: etcdserver: authentication failed, invalid user ID or password',
      );
      await root.put('a', '1');
      expect(await refusal(root.userDelete('root'))).toBe(
        'InvalidArgument: etcdserver: invalid auth management',
      );
      expect(await refusal(root.userRevokeRole('root', 'root'))).toBe(
        'InvalidArgument: etcdserver: invalid auth management',
      );
      await root.authDisable();
      expect((await client.get({ key: 'a' })).count).toBe(1);
    });

    test('lets a user do what the roles say, and no more', async () => {
      const root = await enable();
      await root.userAdd('kim', 'pw');
      await root.roleAdd('app');
      await root.userGrantRole('kim', 'app');
      await root.roleGrantPermission('app', { type: 'READWRITE', key: 'a', rangeEnd: 'c' });
      await root.roleGrantPermission('app', { type: 'READ', key: 'c', rangeEnd: 'd' });
      await root.roleGrantPermission('app', { type: 'WRITE', key: 'log' });
      const kim = backend.newClient({ name: 'kim', password: 'pw' });
      const denied = 'PermissionDenied: etcdserver: permission denied';

      await kim.put('a1', 'v');
      expect((await kim.get({ key: 'a', rangeEnd: 'd' })).count).toBe(1);
      expect(await refusal(kim.get({ key: 'a', rangeEnd: 'e' }))).toBe(denied);
      expect(await refusal(kim.get({ key: 'a', rangeEnd: '\0' }))).toBe(denied);
      expect(await refusal(kim.put('c1', 'v'))).toBe(denied);
      expect(await refusal(kim.delete({ key: 'b', rangeEnd: 'd' }))).toBe(denied);
      await kim.put('log', 'v');
      expect(await refusal(kim.put('log', 'v', { previous: true }))).toBe(denied);
      expect(await refusal(kim.get({ key: 'log' }))).toBe(denied);
      const hidden: Operation = { type: 'put', key: 'z', value: 'v' };
      const passing: Compare = { key: 'a1', target: 'version', result: '=', operand: 1 };
      expect((await kim.txn({ compare: [passing], success: [], failure: [] })).succeeded).toBe(true);
      expect(await refusal(kim.txn({ compare: [passing], success: [], failure: [hidden] }))).toBe(denied);
      if (isAtLeast('3.6')) expect(await refusal(kim.compact(2))).toBe(denied);
      expect(await refusal(kim.userList())).toBe(denied);
      expect((await kim.userGet('kim')).roles).toEqual(['app']);
      expect((await kim.roleGet('app')).permissions).toHaveLength(3);
      expect(await refusal(kim.userGet('root'))).toBe(denied);

      const { id } = await root.leaseGrant(60);
      await root.put('z', 'v', { lease: id });
      expect(await refusal(kim.put('a2', 'v', { lease: id }))).toBe(denied);
      expect(await refusal(kim.leaseRevoke(id))).toBe(denied);

      const allowed = new Collected(kim.watch({ key: 'a', rangeEnd: 'b', createdNotify: true }));
      await allowed.until(1);
      await root.put('a3', 'v');
      expect((await allowed.until(2)).at(-1)).toMatch(/^put a3=v/);
      const refused = new Collected(kim.watch({ key: 'z' }));
      expect(await refused.until(1)).toEqual([
        'FailedPrecondition: rpc error: code = PermissionDenied desc = etcdserver: permission denied',
      ]);

      await root.roleRevokePermission('app', { key: 'a', rangeEnd: 'c' });
      expect(await refusal(kim.put('a1', 'v'))).toBe(denied);
      await root.userChangePassword('kim', 'new');
      expect(await refusal(kim.get({ key: 'c' }))).toMatch(/authentication failed|invalid auth token/);
    });

    test('outlives a restart of the server', async () => {
      await enable();
      await backend.stop();
      await backend.restart();
      expect(await refusal(client.get({ key: 'a' }))).toBe('InvalidArgument: etcdserver: user name is empty');
      expect((await backend.newClient(ROOT).get({ key: 'a' })).count).toBe(0);
    });
  });
});
