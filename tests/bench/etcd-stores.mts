import { VirtualClock } from 'sim-core';
import { Rand } from '../../sim-core/clock/rand.ts';
import { prefixEnd } from '../../sim-core/etcd/clientv3/client.ts';
import type { EtcdClient, WatchResponse } from '../../sim-core/etcd/clientv3/client.ts';
import { MemoryClient } from '../../sim-core/etcd/clientv3/memory.ts';
import { EtcdServer } from '../../sim-core/etcd/server/etcd-server.ts';
import { NO_REAL_ETCD, RealEtcd, realEtcdVersion } from '../../sim-core/testing/real-etcd.ts';
import { settle } from './measure.mts';
import { loadWebernetes, WEBERNETES } from './webernetes.mts';

/** What the benchmarks do to a store, in the words of its own client. */
export interface BenchStore {
  put(key: string, value: string): Promise<unknown>;
  /** Resolves with how many keys came. */
  range(prefix: string): Promise<number>;
  /** Calls `seen` for each change below the prefix; resolves once the watch is there. */
  watch(prefix: string, seen: () => void): Promise<void>;
  compact(revision: number): Promise<unknown>;
  close(): Promise<void>;
}

export interface BenchStoreKind {
  readonly name: string;
  /** How much of the work it is given, so that a slow one does not take minutes; 1: all of it. */
  readonly share: number;
  open(): Promise<BenchStore>;
}

function newServer(): EtcdServer {
  const clock = new VirtualClock({ start: 0, settle });
  const server = new EtcdServer({ clock, rand: new Rand(1) }, { name: 'bench' });
  server.start();
  return server;
}

/** The store in memory; its watches call back, as the rival's do. */
export const OURS: BenchStoreKind = {
  name: 'sim-core',
  share: 1,
  open: async () => {
    const server = newServer();
    const stream = server.watch.openStream();
    return {
      ...throughClient(new MemoryClient(server), async () => server.stop()),
      watch: async (prefix, seen) => {
        const receiver = {
          created: () => {},
          cancelled: () => {},
          disconnected: () => {},
          receive: ({ events }: WatchResponse) => {
            for (let count = events.length; count > 0; count--) seen();
            return true;
          },
        };
        stream.watch(receiver, { key: prefix, rangeEnd: prefixEnd(prefix) });
      },
    };
  },
};

/** The same, its watches read by `for await` through the client. */
export const OURS_ITERATED: BenchStoreKind = {
  name: 'sim-core, for await',
  share: 1,
  open: async () => {
    const server = newServer();
    return throughClient(new MemoryClient(server), async () => server.stop());
  },
};

let webernetes: ReturnType<typeof loadWebernetes> | undefined;

const RIVAL: BenchStoreKind = {
  name: WEBERNETES,
  share: 1,
  open: async () => {
    const { Cluster } = await (webernetes ??= loadWebernetes());
    const cluster = new Cluster({ nodes: 1 });
    // A store of its own: the cluster's has watchers already.
    const Store = cluster.etcd.constructor as new (context: typeof cluster.ctx) => typeof cluster.etcd;
    const etcd = new Store(cluster.ctx);
    return {
      put: (key, value) => etcd.put(key).value(value).exec(),
      range: async (prefix) => (await etcd.getAll().prefix(prefix).exec()).kvs.length,
      watch: async (prefix, seen) => {
        const watcher = await etcd.watch().prefix(prefix).create();
        watcher.on('put', seen);
      },
      compact: (revision) => etcd.kv.compact({ revision }),
      close: async () => etcd.close(),
    };
  },
};

const REAL: BenchStoreKind = {
  name: `etcd ${realEtcdVersion ?? ''}`,
  share: 0.05,
  open: async () => {
    const etcd = await RealEtcd.start();
    return throughClient(etcd.client, () => etcd.stop());
  },
};

/** Whom the store is compared with: always webernetes, and a real etcd where there is one. */
export const PEERS: readonly BenchStoreKind[] = realEtcdVersion === undefined ? [RIVAL] : [RIVAL, REAL];

if (realEtcdVersion === undefined) process.stderr.write(`etcd: the real etcd is ${NO_REAL_ETCD}\n`);

function throughClient(client: EtcdClient, close: () => Promise<void>): BenchStore {
  return {
    put: (key, value) => client.put(key, value),
    range: async (prefix) => (await client.get({ key: prefix, rangeEnd: prefixEnd(prefix) })).kvs.length,
    watch: (prefix, seen) =>
      new Promise((created) => {
        void (async () => {
          const range = { key: prefix, rangeEnd: prefixEnd(prefix) };
          for await (const response of client.watch({ ...range, createdNotify: true })) {
            if (response.created) created();
            for (let count = response.events.length; count > 0; count--) seen();
          }
        })();
      }),
    compact: (revision) => client.compact(revision),
    close,
  };
}
