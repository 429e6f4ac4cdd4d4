import { describe, expect, test } from 'vitest';
import { Rand } from '../../clock/rand.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { settle } from '../../testing/settle.ts';
import { MemoryClient } from '../clientv3/memory.ts';
import { EtcdServer } from './etcd-server.ts';
import type { EtcdServerConfig } from './etcd-server.ts';
import { snapshotStatus } from './snapshot.ts';

function newServer(config: Partial<EtcdServerConfig> = {}) {
  const clock = new VirtualClock({ start: 1_700_000_000_000, settle });
  const server = new EtcdServer({ clock, rand: new Rand(1) }, { name: 'controlplane', ...config });
  server.start();
  return { clock, server, client: new MemoryClient(server) };
}

describe('status and members', () => {
  test('say who the member is and how far it has come', async () => {
    const { client } = newServer();
    const before = await client.status();
    await client.put('a', '1');
    const after = await client.status();
    expect(after).toMatchObject({
      version: '3.6.6',
      storageVersion: '3.6.0',
      dbSize: 20_480,
      raftTerm: 2,
      errors: [],
    });
    expect(after.leader).toBe(after.header.memberId);
    expect(after.raftIndex).toBe(before.raftIndex + 1);
    expect((await client.memberList()).members).toEqual([
      {
        id: '10276657743932975437',
        name: 'controlplane',
        peerUrls: ['http://localhost:2380'],
        clientUrls: ['http://localhost:2379'],
        isLearner: false,
      },
    ]);
  });
});

describe('a full database', () => {
  test('refuses writes until it is compacted, defragmented and disarmed; reads and deletions go on', async () => {
    const { client } = newServer({ quotaBackendBytes: 100_000 });
    const fill = async () => {
      for (let count = 0; count < 100; count++) await client.put('a', 'x'.repeat(4_000));
    };
    const noSpace = { code: 'ResourceExhausted', message: 'etcdserver: mvcc: database space exceeded' };
    await expect(fill()).rejects.toMatchObject(noSpace);
    const { header, errors } = await client.status();
    expect(errors).toEqual([`memberID:${header.memberId} alarm:NOSPACE `]);
    await client.compact(header.revision);
    await expect(client.put('a', '')).rejects.toMatchObject(noSpace);
    await client.defragment();
    await expect(client.leaseGrant(60)).rejects.toMatchObject(noSpace);
    await expect(
      client.txn({ compare: [], success: [], failure: [{ type: 'put', key: 'a', value: '' }] }),
    ).rejects.toMatchObject(noSpace);
    expect((await client.get({ key: 'a' })).count).toBe(1);
    await client.delete({ key: 'a' });
    expect((await client.alarmDisarm()).alarms).toEqual([{ memberId: header.memberId, alarm: 'NOSPACE' }]);
    await client.put('a', '1');
    expect((await client.alarmList()).alarms).toEqual([]);
  });
});

describe('snapshots', () => {
  const ROOT = { name: 'root', password: 'secret' };
  async function filled() {
    const found = newServer();
    const { client } = found;
    await client.leaseGrant(60, '7');
    await client.put('a', '1');
    await client.put('a', '2', { lease: '7' });
    await client.put('한글', '값');
    await client.delete({ key: '한글' });
    await client.compact(3);
    return found;
  }

  test('bring back keys, history, leases and the compaction, and forget what came after', async () => {
    const { client, clock, server } = await filled();
    const { snapshot } = await client.snapshot();
    const hash = await client.hashKV();
    await client.put('later', '1');
    await client.delete({ key: 'a' });
    expect(() => server.replaceData(snapshot)).toThrow(/that runs/);
    server.stop();
    server.replaceData(snapshot);
    server.start();
    expect(await client.hashKV()).toEqual(hash);
    const { kvs } = await client.get({ key: '\0', rangeEnd: '\0' });
    expect(kvs).toEqual([
      { key: 'a', value: '2', createRevision: 2, modRevision: 3, version: 2, lease: '7' },
    ]);
    expect((await client.get({ key: '한글' }, { revision: 4 })).kvs[0]?.value).toBe('값');
    await expect(client.get({ key: 'a' }, { revision: 2 })).rejects.toThrow(/has been compacted/);
    await clock.advance(61_000);
    expect((await client.get({ key: 'a' })).count).toBe(0);
  });

  test('bring back users and roles, under the ids of the server that takes them', async () => {
    const { client, server } = await filled();
    await client.userAdd('root', 'secret');
    await client.userGrantRole('root', 'root');
    await client.authEnable();
    const { snapshot } = await new MemoryClient(server, { user: ROOT }).snapshot();
    const other = newServer({ initialClusterToken: 'another-cluster' });
    other.server.stop();
    other.server.replaceData(snapshot);
    other.server.start();
    await expect(other.client.get({ key: 'a' })).rejects.toThrow('etcdserver: user name is empty');
    const { header, kvs } = await new MemoryClient(other.server, { user: ROOT }).get({ key: 'a' });
    expect(kvs).toHaveLength(1);
    expect(header.revision).toBe(5);
    expect(header.clusterId).not.toBe(server.identity.clusterId);
  });

  test('can raise the revision and count all before as compacted', async () => {
    const { client, server } = await filled();
    const { snapshot } = await client.snapshot();
    server.stop();
    server.replaceData(snapshot, { bumpRevision: 1_000, markCompacted: true });
    server.start();
    expect(await client.get({ key: 'a' })).toMatchObject({
      header: { revision: 1_005 },
      kvs: [{ value: '2' }],
    });
    await expect(client.get({ key: 'a' }, { revision: 1_004 })).rejects.toThrow(/has been compacted/);
    expect((await client.put('a', '3')).header.revision).toBe(1_006);
  });

  test('have a status, and are refused when they are damaged', async () => {
    const { client, server } = await filled();
    const { snapshot } = await client.snapshot();
    expect(snapshotStatus(snapshot)).toMatchObject({ revision: 5, totalKey: 1, totalSize: snapshot.length });
    server.stop();
    expect(() => server.replaceData(snapshot.replace('"a"', '"b"'))).toThrow(/integrity check failed/);
    expect(() => server.replaceData('')).toThrow('invalid snapshot: no snapshot header');
    server.start();
    expect((await client.get({ key: 'a' })).count).toBe(1);
  });

  test('an emptied data directory is a store at revision 1', async () => {
    const { client, server } = await filled();
    server.stop();
    server.replaceData();
    server.start();
    expect(await client.get({ key: 'a' })).toMatchObject({ count: 0, header: { revision: 1, raftTerm: 2 } });
  });
});
