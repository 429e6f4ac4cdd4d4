import { OURS, OURS_ITERATED, PEERS } from './etcd-stores.mts';
import type { BenchStore, BenchStoreKind } from './etcd-stores.mts';
import { usedBytes } from './heap.mts';
import type { Benchmark, Measurement } from './measure.mts';
import { median } from './measure.mts';

const KILOBYTE = 1024;
/** How often each store is measured after a first time that does not count; the median does. */
const ROUNDS = 5;

/** A key as Kubernetes has them, in an order that is none. */
const keyOf = (index: number) => `/registry/pods/default/pod-${(index * 7919) % 1_000_003}`;

/** A value of its own, in one piece, as one that came over a wire. */
const valueOf = (index: number) => Buffer.alloc(KILOBYTE, `${index} `).toString('latin1');

/** How many `operation`s a second, one after another. */
async function rate(count: number, operation: (index: number) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let index = 0; index < count; index++) await operation(index);
  return (count * 1000) / (performance.now() - started);
}

async function fill(
  store: BenchStore,
  prefix: string,
  count: number,
  value: (index: number) => string,
): Promise<void> {
  for (let index = 0; index < count; index++) await store.put(`${prefix}${keyOf(index)}`, value(index));
}

/** Measures our store and each peer in turn, several times, so that all have their share of a busy machine. */
function compared(
  name: string,
  unit: string,
  measure: (store: BenchStore, share: number) => Promise<number>,
  ours: BenchStoreKind = OURS,
): Benchmark {
  return {
    name,
    run: async () => {
      const on = async (kind: BenchStoreKind) => {
        const store = await kind.open();
        try {
          return await measure(store, kind.share);
        } finally {
          await store.close();
        }
      };
      const measured = new Map([ours, ...PEERS].map((kind) => [kind, [] as number[]]));
      for (let round = 0; round <= ROUNDS; round++) {
        for (const [kind, found] of measured) {
          const value = await on(kind);
          if (round > 0) found.push(value);
        }
      }
      const value = median(measured.get(ours)!);
      const measurements: Measurement[] = PEERS.map((peer) => ({
        name,
        value,
        unit,
        peer: peer.name,
        peerValue: median(measured.get(peer)!),
      }));
      return measurements;
    },
  };
}

/** How many events a second reach a hundred watchers of one prefix. */
async function fanOut(store: BenchStore, share: number): Promise<number> {
  const watchers = 100;
  const changes = 5_000 * share;
  let seen = 0;
  let finish = () => {};
  for (let watcher = 0; watcher < watchers; watcher++) {
    await store.watch('/registry', () => {
      if (++seen === watchers * changes) finish();
    });
  }
  const started = performance.now();
  const finished = new Promise<void>((resolve) => (finish = resolve));
  for (let index = 0; index < changes; index++) await store.put(keyOf(index), 'value');
  await finished;
  return (watchers * changes * 1000) / (performance.now() - started);
}

/** The store by itself, against webernetes' bare store and a real etcd. */
export const etcdBenchmarks: readonly Benchmark[] = [
  compared('etcd.put-1k', 'puts/s', async (store, share) => {
    const values = Array.from({ length: 20_000 * share }, (_, index) => valueOf(index));
    return rate(values.length, (index) => store.put(keyOf(index), values[index]!));
  }),
  compared('etcd.update-1k', 'puts/s', async (store, share) => {
    const keys = 500 * share;
    await fill(store, '', keys, valueOf);
    const values = Array.from({ length: 20_000 * share }, (_, index) => valueOf(index));
    return rate(values.length, (index) => store.put(keyOf(index % keys), values[index]!));
  }),
  compared('etcd.range-10000', 'ms', async (store) => {
    await fill(store, '', 10_000, (index) => `value ${index}`);
    return median(await times(store, '/registry', 5));
  }),
  {
    name: 'etcd.prefix-100',
    run: async () => {
      const withOthers = async (total: number) => {
        const store = await OURS.open();
        await fill(store, '/b', 100, (index) => `value ${index}`);
        await fill(store, '/a', total / 2, (index) => `value ${index}`);
        await fill(store, '/c', total / 2, (index) => `value ${index}`);
        const found = median(await times(store, '/b', 2_001));
        await store.close();
        return found * 1000;
      };
      const few = await withOthers(1_000);
      return [
        {
          name: 'etcd.prefix-100-of-100000',
          value: await withOthers(100_000),
          unit: 'µs',
          peer: 'the same among 1,000 keys',
          peerValue: few,
        },
      ];
    },
  },
  compared('etcd.watch-fan-out-100', 'events/s', fanOut),
  compared('etcd.watch-fan-out-100-iterated', 'events/s', fanOut, OURS_ITERATED),
  {
    name: 'etcd.idle-watchers',
    run: async () => {
      const withWatchers = async (count: number) => {
        const store = await OURS.open();
        for (let watcher = 0; watcher < count; watcher++) await store.watch('/registry/nodes', () => {});
        const found = await rate(20_000, (index) => store.put(keyOf(index), 'value'));
        await store.close();
        return found;
      };
      const [alone, beside]: [number[], number[]] = [[], []];
      for (let round = 0; round <= ROUNDS; round++) {
        const found = [await withWatchers(1), await withWatchers(5_000)] as const;
        if (round === 0) continue;
        alone.push(found[0]);
        beside.push(found[1]);
      }
      const [one, value] = [median(alone), median(beside)];
      return [
        {
          name: 'etcd.put-beside-5000-watchers',
          value,
          unit: 'puts/s',
          peer: 'beside one watcher',
          peerValue: one,
        },
      ];
    },
  },
  {
    name: 'etcd.heap',
    run: async () => [
      ...(await heapPerRevision('etcd.heap-per-key', 20_000, 1)),
      ...(await heapPerRevision('etcd.heap-per-revision-of-5', 4_000, 5)),
    ],
  },
  {
    name: 'etcd.one-key',
    run: async () => {
      const updates = 20_000;
      const store = await OURS.open();
      const before = usedBytes();
      for (let index = 0; index < updates; index++) await store.put('/registry/one', valueOf(index));
      const kept = usedBytes() - before;
      await store.compact(updates + 1);
      const left = usedBytes() - before;
      await store.close();
      return [
        { name: 'etcd.one-key-20000-updates', value: kept / updates, unit: 'B/revision' },
        { name: 'etcd.one-key-compacted', value: left, unit: 'B' },
      ];
    },
  },
];

async function times(store: BenchStore, prefix: string, runs: number): Promise<number[]> {
  const found: number[] = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    await store.range(prefix);
    found.push(performance.now() - started);
  }
  return found;
}

/** The heap that one revision of a 1 KB value takes beyond the value itself. */
async function heapPerRevision(name: string, keys: number, revisions: number): Promise<Measurement[]> {
  const store = await OURS.open();
  const before = usedBytes();
  for (let revision = 0; revision < revisions; revision++) {
    await fill(store, '', keys, (index) => valueOf(index + revision));
  }
  const value = (usedBytes() - before) / (keys * revisions) - KILOBYTE;
  await store.close();
  return [{ name, value, unit: 'B beyond the value' }];
}
