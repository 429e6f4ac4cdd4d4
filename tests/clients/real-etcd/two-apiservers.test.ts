import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Rand } from '../../../sim-core/clock/rand.ts';
import { prefixEnd } from '../../../sim-core/etcd/clientv3/client.ts';
import { NO_REAL_ETCD, RealEtcd, realEtcdVersion } from '../../../sim-core/testing/real-etcd.ts';
import { PATIENCE, scaled } from '../../../sim-core/testing/scale.ts';
import { ServedApiserver } from './served-apiserver.ts';

/** At least so many writes, and so many kills meanwhile. */
const WRITES = scaled(500, 10_000);
const KILLS = scaled(3, 30);
const WRITERS = 8;
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string, value = '') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { value },
});

if (realEtcdVersion === undefined) process.stderr.write(`two apiservers on a real etcd: ${NO_REAL_ETCD}\n`);

describe.skipIf(realEtcdVersion === undefined)(
  `two apiservers on one real etcd ${realEtcdVersion ?? NO_REAL_ETCD}`,
  { timeout: PATIENCE },
  () => {
    const pki = mkdtempSync(join(tmpdir(), 'sim-pki-'));
    let etcd: RealEtcd;
    let servers: ServedApiserver[];

    beforeAll(async () => {
      etcd = await RealEtcd.start();
      // One after the other: the first one makes the keys.
      servers = [await ServedApiserver.start(etcd.endpoint, pki)];
      servers.push(await ServedApiserver.start(etcd.endpoint, pki));
    }, PATIENCE);

    afterAll(async () => {
      for (const server of servers) await server.kill();
      await etcd.stop();
      rmSync(pki, { recursive: true });
    }, PATIENCE);

    const namesAt = async (server: ServedApiserver) => {
      const { body } = await server.request('GET', CONFIG_MAPS);
      const { items } = JSON.parse(body) as { items: readonly { metadata: { name: string } }[] };
      return items.map(({ metadata }) => metadata.name);
    };

    test('are one cluster: what one writes the other reads at once', async () => {
      const [a, b] = servers as [ServedApiserver, ServedApiserver];
      for (let count = 0; count < 10; count++) {
        const [writer, reader] = count % 2 === 0 ? [a, b] : [b, a];
        expect((await writer.request('POST', CONFIG_MAPS, configMap(`shared-${count}`))).status).toBe(201);
        expect(await namesAt(reader)).toContain(`shared-${count}`);
      }
      expect((await b.request('POST', CONFIG_MAPS, configMap('shared-0'))).status).toBe(409);
      expect((await b.request('DELETE', `${CONFIG_MAPS}/shared-0`)).status).toBe(200);
      expect(await namesAt(a)).not.toContain('shared-0');
    });

    test('keep their objects where a real kube-apiserver does, as etcdctl shows', async (context) => {
      const { error, stdout } = spawnSync(
        'etcdctl',
        ['--endpoints', etcd.endpoint, 'get', '/registry/', '--prefix', '--keys-only'],
        { encoding: 'utf8', env: { ...process.env, ETCDCTL_API: '3' } },
      );
      if (error !== undefined) return context.skip('skipped: no etcdctl in PATH');
      const keys = stdout.split('\n');
      expect(keys).toContain('/registry/namespaces/kube-system');
      expect(keys).toContain('/registry/configmaps/default/shared-1');
      expect(keys).toContain('/registry/services/specs/default/kubernetes');
      expect(keys).toContain('/registry/clusterroles/cluster-admin');
    });

    test('one that was killed and started again has lost nothing', async () => {
      const [a, b] = servers as [ServedApiserver, ServedApiserver];
      const before = await namesAt(a);
      await a.kill();
      expect((await a.request('GET', CONFIG_MAPS)).status).toBe(0);
      expect((await b.request('POST', CONFIG_MAPS, configMap('meanwhile'))).status).toBe(201);
      await a.run();
      expect(await namesAt(a)).toEqual([...before, 'meanwhile'].sort());
    });

    test(`of ${WRITES} writes and more none that was acknowledged is lost and none is there twice, whichever is killed when`, async () => {
      const rand = new Rand('crash');
      const acknowledged = new Map<string, string>();
      let next = 0;
      let kills = 0;
      const isGoingOn = () => next < WRITES || kills < KILLS;
      const writer = async () => {
        while (isGoingOn()) {
          const name = `write-${next++}`;
          const value = String(rand.uint32());
          // As a client does that gets no answer: it asks the other server, until one answers.
          for (let attempt = 0; ; attempt++) {
            const server = servers[(next + attempt) % servers.length]!;
            const { status, body } = await server.request('POST', CONFIG_MAPS, configMap(name, value));
            if (status === 201 || (status === 409 && attempt > 0)) {
              acknowledged.set(name, value);
              break;
            }
            expect(status === 0 || status >= 500, `${name}: ${status} ${body}`).toBe(true);
            await delay(20);
          }
        }
      };
      const killer = async () => {
        while (isGoingOn()) {
          const after = next + 10 + rand.int(WRITES / KILLS);
          while (next < after && isGoingOn()) await delay(2);
          if (!isGoingOn()) return;
          const server = servers[rand.int(servers.length)]!;
          await server.kill();
          await server.run();
          kills++;
        }
      };
      await Promise.all([killer(), ...Array.from({ length: WRITERS }, writer)]);

      const prefix = '/registry/configmaps/default/write-';
      const { kvs } = await etcd.client.get({ key: prefix, rangeEnd: prefixEnd(prefix) });
      const found = new Map(
        kvs.map(({ key, value }) => {
          const { metadata, data } = JSON.parse(value) as ReturnType<typeof configMap>;
          expect(key.endsWith(metadata.name)).toBe(true);
          return [metadata.name, data.value];
        }),
      );
      expect(found).toEqual(acknowledged);
      expect(kvs.filter(({ version }) => version !== 1)).toEqual([]);
      for (const server of servers) {
        const names = (await namesAt(server)).filter((name) => name.startsWith('write-'));
        expect([...names].sort()).toEqual([...acknowledged.keys()].sort());
      }
    });
  },
);
