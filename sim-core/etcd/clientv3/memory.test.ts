import { describe, expect, test } from 'vitest';
import { Rand } from '../../clock/rand.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { settle } from '../../testing/settle.ts';
import { EtcdServer } from '../server/etcd-server.ts';
import type { EtcdError, WatchResponse } from './client.ts';
import { MemoryClient } from './memory.ts';

function newServer() {
  const clock = new VirtualClock({ start: 1_700_000_000_000, settle });
  const server = new EtcdServer({ clock, rand: new Rand(1) }, { name: 'controlplane' });
  server.start();
  return { clock, server, client: new MemoryClient(server) };
}

/** Reads a watch in the background: events as "put a=1@2" or "delete a@3", "progress@4", then the end. */
function collect(watch: AsyncIterable<WatchResponse>): string[] {
  const seen: string[] = [];
  void (async () => {
    try {
      for await (const { header, events } of watch) {
        if (events.length === 0) seen.push(`progress@${header.revision}`);
        for (const { type, kv, previous } of events) {
          seen.push(
            `${type} ${kv.key}${type === 'put' ? `=${kv.value}` : ''}@${kv.modRevision}` +
              (previous === undefined ? '' : ` was ${previous.value}`),
          );
        }
      }
      seen.push('end');
    } catch (error) {
      seen.push(`${(error as EtcdError).code}: ${(error as EtcdError).message}`);
    }
  })();
  return seen;
}

describe('requests', () => {
  test('a put is read back with revisions, version and the ids of a default member', async () => {
    const { client } = newServer();
    await client.put('foo', 'bar');
    await client.put('foo', 'baz');
    expect(await client.put('foo', 'qux', { previous: true })).toMatchObject({ previous: { value: 'baz' } });
    expect(await client.get({ key: 'foo' })).toEqual({
      header: {
        clusterId: '14841639068965178418',
        memberId: '10276657743932975437',
        revision: 4,
        raftTerm: 2,
      },
      kvs: [{ key: 'foo', value: 'qux', createRevision: 2, modRevision: 4, version: 3, lease: '0' }],
      more: false,
      count: 1,
    });
  });

  test('values come by reference: the same object for every reader', async () => {
    const { client } = newServer();
    await client.put('a', '1');
    const [one, two] = [await client.get({ key: 'a' }), await client.get({ key: 'a', rangeEnd: 'b' })];
    expect(one.kvs[0]).toBe(two.kvs[0]);
  });

  test('two clients see one store', async () => {
    const { client, server } = newServer();
    await new MemoryClient(server).put('a', '1');
    expect((await client.get({ key: 'a' })).count).toBe(1);
  });
});

describe('watch', () => {
  test('a slow reader gets everything once, in order, when it reads at last', async () => {
    const { client } = newServer();
    const watch = client.watch({ key: 'a', rangeEnd: 'b' });
    for (let count = 0; count < 500; count++) await client.put(`a${count % 7}`, String(count));
    const seen = collect(watch);
    await settle();
    await client.put('a', 'last');
    await settle();
    expect(seen).toHaveLength(501);
    expect(seen.map((line) => Number(line.split('@')[1]))).toEqual(
      Array.from({ length: 501 }, (_, i) => i + 2),
    );
  });

  test('a reader that fell behind a compaction is told so after what it has', async () => {
    const { client } = newServer();
    const watch = client.watch({ key: 'a' });
    for (let count = 0; count < 200; count++) await client.put('a', String(count));
    await client.compact(190);
    const seen = collect(watch);
    await settle();
    expect(seen).toHaveLength(129);
    expect(seen.at(-1)).toMatch(/required revision has been compacted/);
  });

  test('request progress tells each watch of this client how far it has come', async () => {
    const { client, server } = newServer();
    const own = collect(client.watch({ key: 'a' }));
    const other = collect(new MemoryClient(server).watch({ key: 'a' }));
    await client.put('b', '1');
    await client.requestProgress();
    await settle();
    expect([own, other]).toEqual([['progress@2'], []]);
  });

  test('progress is notified at intervals unless an event said as much', async () => {
    const { client, clock, server } = newServer();
    const seen = collect(client.watch({ key: 'a', progressNotify: true }));
    const interval = server.config.watchProgressNotifyInterval * 1.1;
    await clock.advance(interval);
    await client.put('a', '1');
    await clock.advance(interval);
    await clock.advance(interval);
    expect(seen).toEqual(['progress@1', 'put a=1@2', 'progress@2']);
    expect(clock.quiet).toBe(true);
  });
});

describe('a server that stops', () => {
  test('makes requests fail as Unavailable and keeps its data for the next start', async () => {
    const { client, server } = newServer();
    await client.put('a', '1');
    server.stop();
    await expect(client.get({ key: 'a' })).rejects.toMatchObject({
      code: 'Unavailable',
      message:
        'connection error: desc = "transport: Error while dialing: dial tcp localhost:2379: connect: connection refused"',
    });
    server.start();
    const response = await client.get({ key: 'a' });
    expect(response.kvs[0]?.value).toBe('1');
    expect(response.header.raftTerm).toBe(3);
  });
});

describe('leases', () => {
  test('delete their keys when they run out, and an idle server stays quiet', async () => {
    const { client, clock } = newServer();
    const { id, ttl } = await client.leaseGrant(10);
    expect(ttl).toBe(10);
    await client.put('l1', 'v', { lease: id });
    await client.put('l2', 'v', { lease: id });
    const seen = collect(client.watch({ key: 'l', rangeEnd: 'm' }));
    expect(clock.quiet).toBe(true);
    await clock.advance(9_999);
    expect(seen).toEqual([]);
    await clock.advance(1);
    expect(seen).toEqual(['delete l1@4', 'delete l2@4']);
    expect(await client.leaseTimeToLive(id)).toMatchObject({ ttl: -1 });
  });

  test('live on while they are renewed', async () => {
    const { client, clock } = newServer();
    const { id } = await client.leaseGrant(10, '77');
    await client.put('l', 'v', { lease: '77' });
    await clock.advance(8_000);
    expect(await client.leaseKeepAlive(id)).toMatchObject({ id: '77', ttl: 10 });
    await clock.advance(8_500);
    expect(await client.leaseTimeToLive(id, { keys: true })).toMatchObject({
      ttl: 1,
      grantedTtl: 10,
      keys: ['l'],
    });
    await clock.advance(1_500);
    expect((await client.get({ key: 'l' })).count).toBe(0);
  });

  test('have a shortest time to live, and count it anew after a restart', async () => {
    const { client, clock, server } = newServer();
    const { id, ttl } = await client.leaseGrant(1);
    expect(ttl).toBe(2);
    server.stop();
    await clock.advance(60_000);
    server.start();
    expect((await client.leases()).ids).toEqual([id]);
    await clock.advance(3_000);
    expect((await client.leases()).ids).toEqual([]);
  });
});
