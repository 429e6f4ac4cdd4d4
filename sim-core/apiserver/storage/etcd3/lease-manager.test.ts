import { expect, test } from 'vitest';
import { VirtualClock } from '../../../clock/virtual-clock.ts';
import type { EtcdClient } from '../../../etcd/clientv3/client.ts';
import { settle } from '../../../testing/settle.ts';
import { LeaseManager } from './lease-manager.ts';

const TTL = 3600;

function open() {
  const clock = new VirtualClock({ start: 0, settle });
  const granted: number[] = [];
  const etcd = { refuses: false };
  const client = {
    leaseGrant: (ttl: number) => {
      if (etcd.refuses) return Promise.reject(new Error('etcdserver: no leader'));
      granted.push(ttl);
      return Promise.resolve({ id: String(granted.length) });
    },
  } as unknown as EtcdClient;
  return { clock, granted, etcd, manager: new LeaseManager(client, clock, TTL) };
}

test('what is written within a minute shares a lease that lives a minute longer', async () => {
  const { clock, granted, manager } = open();
  expect(await Promise.all([manager.lease(), manager.lease()])).toEqual(['1', '1']);
  await clock.advance(59_999);
  expect(await manager.lease()).toBe('1');
  await clock.advance(1);
  expect(await manager.lease()).toBe('2');
  expect(granted).toEqual([3660, 3660]);
});

test('a thousand objects share a lease, not more', async () => {
  const { manager } = open();
  const ids = await Promise.all(Array.from({ length: 1001 }, () => manager.lease()));
  expect(new Set(ids.slice(0, 1000))).toEqual(new Set(['1']));
  expect(ids[1000]).toBe('2');
});

test('a lease that was refused is asked for again', async () => {
  const { etcd, manager } = open();
  etcd.refuses = true;
  await expect(manager.lease()).rejects.toThrow('no leader');
  etcd.refuses = false;
  expect(await manager.lease()).toBe('1');
});
