import { beforeAll, describe, expect, test } from 'vitest';
import type { Checkpoint } from './checkpoint.ts';
import type { ClusterShape } from './cluster.ts';
import { bootCluster, createCluster } from './create-cluster.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const MINUTE = 60_000;

describe.each<Exclude<ClusterShape, 'apiserver'>>(['kubeadm', 'manual'])('a restored %s cluster', (shape) => {
  let text: string;
  beforeAll(async () => {
    text = JSON.stringify(await bootCluster({ shape, seed: 7, settle }));
  });
  const restore = () => createCluster({ shape, seed: 7, settle, checkpoint: JSON.parse(text) as Checkpoint });

  test('goes on where it was: it writes nothing but heartbeats', async () => {
    const cluster = await restore();
    await cluster.clock.advance(5 * MINUTE - 1);
    const written = cluster.trace.flatMap((event) => (event.type === 'stored' ? [event.key] : []));
    const isHeartbeat = (key: string) => /^\/registry\/(leases|minions)\//.test(key);
    expect(written.filter((key) => !isHeartbeat(key))).toEqual([]);
    expect(written.filter((key) => key.startsWith('/registry/minions/')).length).toBeLessThanOrEqual(3);
    expect(written.length).toBeGreaterThan(100);
  });

  test('asks little of the apiserver before time moves', async () => {
    const { trace } = await restore();
    expect(trace.filter(({ type }) => type === 'request-received')).toEqual([]);
  });

  test('tells its components of what happens before they go on', async () => {
    const cluster = await restore();
    const shell = cluster.openShell();
    await cluster.clock.until(shell.run('kubectl create namespace early'));
    expect(cluster.trace.filter(({ type }) => type === 'watch-event')).toEqual([]);
    await cluster.clock.advance(1000);
    const told = cluster.trace.flatMap((event) =>
      event.type === 'watch-event' && event.key === '/registry/namespaces/early' ? [event] : [],
    );
    expect(told).toEqual([
      expect.objectContaining({ event: 'ADDED', user: 'system:kube-controller-manager' }),
    ]);
  });

  test('is the cluster that is booted on the spot, also after work was done', async () => {
    const histories = await Promise.all(
      [await restore(), await createCluster({ shape, seed: 7, settle })].map(async (cluster) => {
        const shell = cluster.openShell();
        await cluster.clock.until(shell.run('kubectl create deployment web --image=nginx --replicas=2'));
        await cluster.clock.advance(MINUTE);
        return cluster.etcd.get({ key: '\0', rangeEnd: '\0' });
      }),
    );
    expect(histories[0]).toEqual(histories[1]);
    expect(histories[0]!.header.revision).toBeGreaterThan(100);
  });
});

test('a checkpoint of another seed or instant is refused', async () => {
  const checkpoint = await bootCluster({ shape: 'manual', seed: 7, settle });
  await expect(createCluster({ shape: 'manual', seed: 8, settle, checkpoint })).rejects.toThrow(
    'the checkpoint is of seed 7',
  );
});
