import { expect, test } from 'vitest';
import { Context } from '../../../clock/context.ts';
import { Rand } from '../../../clock/rand.ts';
import { VirtualClock } from '../../../clock/virtual-clock.ts';
import { createCluster } from '../../../cluster/create-cluster.ts';
import { MemoryClient } from '../../../etcd/clientv3/memory.ts';
import { EtcdServer } from '../../../etcd/server/etcd-server.ts';
import { settle } from '../../../testing/settle.ts';
import { compactPeriodically } from './compact.ts';

const INTERVAL = 300_000;

test('compactPeriodically compacts up to where etcd stood an interval ago, once for all servers', async () => {
  const clock = new VirtualClock({ start: 0, settle });
  const etcd = new EtcdServer({ clock, rand: new Rand(1) }, { name: 'a' });
  etcd.start();
  const client = new MemoryClient(etcd);
  const context = new Context();
  for (let server = 0; server < 2; server++) void compactPeriodically(client, clock, INTERVAL, context);
  const isCompacted = async (revision: number) =>
    client.get({ key: 'a' }, { revision }).then(
      () => false,
      () => true,
    );
  await client.put('a', '1');
  await clock.advance(INTERVAL + 1);
  expect(await isCompacted(2)).toBe(false);
  const { revision } = (await client.get({ key: 'a' })).header;
  await client.put('a', '2');
  await clock.advance(INTERVAL);
  expect([await isCompacted(revision - 1), await isCompacted(revision)]).toEqual([true, false]);
  const [key] = (await client.get({ key: 'compact_rev_key' })).kvs;
  expect([key!.value, key!.version]).toEqual([String(revision), 2]);
  context.cancel();
});

test('clients hear that a compacted revision is gone', async () => {
  const cluster = await createCluster({
    shape: 'apiserver',
    seed: 1,
    settle,
    compactionInterval: INTERVAL,
  });
  const certificate = cluster.credentials.get('kubernetes-admin')!.certificate!;
  const get = async (path: string) => {
    const request = { method: 'GET', path, headers: {}, body: '', certificate };
    const { status, body } = await cluster.clock.until(cluster.request(request));
    return { status, body: typeof body === 'string' ? JSON.parse(body) : body };
  };
  const first = (await get('/api/v1/namespaces?limit=1')).body.metadata;
  const next = `/api/v1/namespaces?limit=1&continue=${encodeURIComponent(first.continue)}`;
  const exact = `/api/v1/namespaces?resourceVersionMatch=Exact&resourceVersion=${first.resourceVersion}`;
  expect([(await get(next)).status, (await get(exact)).status]).toEqual([200, 200]);
  await cluster.clock.advance(2 * INTERVAL + 1);
  expect([(await get(next)).status, (await get(exact)).status]).toEqual([410, 410]);
});
