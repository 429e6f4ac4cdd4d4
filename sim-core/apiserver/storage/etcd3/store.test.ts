import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { Context } from '../../../clock/context.ts';
import { Rand } from '../../../clock/rand.ts';
import { VirtualClock } from '../../../clock/virtual-clock.ts';
import type { EtcdClient } from '../../../etcd/clientv3/client.ts';
import { MemoryClient } from '../../../etcd/clientv3/memory.ts';
import { EtcdServer } from '../../../etcd/server/etcd-server.ts';
import { NO_REAL_ETCD, RealEtcd, realEtcdVersion } from '../../../testing/real-etcd.ts';
import { settle } from '../../../testing/settle.ts';
import { Cacher } from '../cacher/cacher.ts';
import { loadEncryptionConfig } from '../value/encryption-config.ts';
import type { Transformer } from '../value/transformer.ts';
import { Etcd3Store } from './store.ts';

interface Backend {
  readonly client: EtcdClient;
  /** Restores what there was at first. */
  goBack(): Promise<void>;
  close(): Promise<void>;
}

const BACKENDS = [
  {
    name: 'etcd in memory',
    skip: false,
    open: async (): Promise<Backend> => {
      const clock = new VirtualClock({ start: 0, settle });
      const server = new EtcdServer({ clock, rand: new Rand(1) }, { name: 'default' });
      server.start();
      const goBack = async () => {
        server.stop();
        server.replaceData();
        server.start();
      };
      return { client: new MemoryClient(server), goBack, close: async () => server.stop() };
    },
  },
  {
    name: `a real etcd ${realEtcdVersion ?? NO_REAL_ETCD}`,
    skip: realEtcdVersion === undefined,
    open: async (): Promise<Backend> => {
      const etcd = await RealEtcd.start();
      await etcd.kill();
      const putBack = etcd.backUp();
      await etcd.run();
      const goBack = async () => {
        await etcd.kill();
        putBack();
        await etcd.run();
      };
      return { client: etcd.client, goBack, close: () => etcd.stop() };
    },
  },
];

const PREFIX = '/registry/secrets/';
const keyOf = (name: string) => `${PREFIX}default/${name}`;
const secret = (name: string, value: string): KubeObject => ({
  kind: 'Secret',
  apiVersion: 'v1',
  metadata: { name, namespace: 'default' },
  data: { value },
});
/** The same object without one field of its metadata. */
function without(object: KubeObject, field: 'namespace' | 'resourceVersion'): KubeObject {
  const metadata = { ...object.metadata };
  delete metadata[field];
  return { ...object, metadata };
}
const valueOf = (object: KubeObject | undefined) =>
  (object as { data?: { value?: string } } | undefined)?.data?.value;

/** The providers of an EncryptionConfiguration for Secrets: "aescbc/key1", "identity". */
function encryption(...providers: string[]): Transformer {
  const config = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    resources: [
      {
        resources: ['secrets'],
        providers: providers.map((provider) => {
          const [name, key] = provider.split('/') as [string, string | undefined];
          const bytes = Buffer.alloc(32, key ?? '').toString('base64');
          return { [name]: key === undefined ? {} : { keys: [{ name: key, secret: bytes }] } };
        }),
      },
    ],
  };
  return loadEncryptionConfig('enc.yaml', JSON.stringify(config), new Rand('encryption'))('', 'secrets')!;
}

describe.each(BACKENDS)('on $name', { timeout: 60_000 }, ({ skip, open }) => {
  if (skip) {
    test.skip(NO_REAL_ETCD);
    return;
  }
  let backend: Backend;
  beforeEach(async () => {
    backend = await open();
  }, 60_000);
  afterEach(() => backend.close(), 60_000);

  const newStore = (transformer?: Transformer) =>
    new Etcd3Store(
      backend.client,
      { emit: () => {} },
      { prefix: PREFIX, fillDefaults: () => {}, transformer },
    );

  test('an object is made once, read, changed and deleted', async () => {
    const [store, other] = [newStore(), newStore()];
    const made = await store.create(keyOf('a'), secret('a', '1'), undefined);
    expect(made.metadata.resourceVersion).toBe('2');
    await expect(other.create(keyOf('a'), secret('a', '2'), undefined)).rejects.toMatchObject({
      code: 'KeyExists',
    });
    expect(await other.get(keyOf('a'))).toMatchObject({ object: made, revision: 2 });
    const change = async () => secret('a', '2');
    const changed = await other.guaranteedUpdate(keyOf('a'), change, undefined);
    expect(changed.metadata.resourceVersion).toBe('3');
    expect(await other.guaranteedUpdate(keyOf('a'), change, undefined)).toBe(changed);
    const deleted = await store.delete(keyOf('a'), async () => {}, undefined);
    expect([valueOf(deleted), deleted.metadata.resourceVersion]).toEqual(['2', '4']);
    expect((await store.get(keyOf('a'))).object).toBeUndefined();
    await expect(store.delete(keyOf('a'), async () => {}, undefined)).rejects.toMatchObject({
      code: 'KeyNotFound',
    });
  });

  test('what has the revision of another past is read anew', async () => {
    const store = newStore();
    const first = await store.create(keyOf('a'), secret('a', 'first'), undefined);
    await backend.goBack();
    await newStore().create(keyOf('a'), secret('a', 'other'), undefined);
    const { object } = await store.get(keyOf('a'));
    expect([valueOf(object), object?.metadata.resourceVersion]).toEqual([
      'other',
      first.metadata.resourceVersion,
    ]);
  });

  test.each<[what: string, change: (object: KubeObject) => KubeObject, writes: boolean]>([
    ['a copy', (object) => structuredClone(object), false],
    ['a field that is undefined', (object) => ({ ...object, more: undefined }), false],
    ['no resource version', (object) => without(object, 'resourceVersion'), false],
    ['no namespace', (object) => without(object, 'namespace'), true],
    ['a label', (object) => ({ ...object, metadata: { ...object.metadata, labels: { a: 'b' } } }), true],
    ['no data', ({ data: _, ...rest }) => rest, true],
    ['a field that is called as a method', (object) => ({ ...object, valueOf: 'x' }), true],
  ])('an update to %s', async (_what, change, writes) => {
    const store = newStore();
    const made = await store.create(keyOf('a'), secret('a', '1'), undefined);
    const changed = await store.guaranteedUpdate(keyOf('a'), async (known) => change(known!), undefined);
    expect(changed !== made).toBe(writes);
  });

  test('two servers that change an object at once both have their way, one after the other', async () => {
    const stores = [newStore(), newStore()];
    await stores[0]!.create(keyOf('count'), secret('count', '0'), undefined);
    const add = async (existing: KubeObject | undefined) =>
      secret('count', String(Number(valueOf(existing)) + 1));
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        stores[index % 2]!.guaranteedUpdate(keyOf('count'), add, undefined),
      ),
    );
    expect(valueOf((await newStore().get(keyOf('count'))).object)).toBe('40');
  });

  test('a store that converts takes over what another wrote as it is, as long as that is what is stored', async () => {
    const plain = newStore();
    const converting = new Etcd3Store(
      backend.client,
      { emit: () => {} },
      {
        prefix: PREFIX,
        plain,
        fillDefaults: (object) => (object['filled'] = true),
        toStored: ({ filled: _filled, ...object }) => ({ ...object, kind: 'Secret' }) as KubeObject,
        fromStored: (object) => ({ ...object, kind: 'Converted' }),
      },
    );
    const made = await plain.create(keyOf('a'), secret('a', '1'), undefined);
    const { object } = await converting.get(keyOf('a'));
    expect(object).toEqual({ ...made, kind: 'Converted', filled: true });
    expect(object!['data']).toBe(made['data']);
    expect((await plain.get(keyOf('a'))).object).toBe(made);
    expect(made).not.toHaveProperty('filled');

    const change = async (existing: KubeObject | undefined) => ({ ...existing!, data: { value: '2' } });
    await converting.guaranteedUpdate(keyOf('a'), change, undefined);
    const changed = await newStore().get(keyOf('a'));
    expect(valueOf(changed.object)).toBe('2');
    expect((await plain.get(keyOf('a'))).object).toEqual(changed.object);
    await backend.client.put(keyOf('a'), JSON.stringify(secret('a', '3')));
    expect(valueOf((await converting.get(keyOf('a'))).object)).toBe('3');
  });

  test('a list is shown page by page, at one revision', async () => {
    const store = newStore();
    for (const name of ['a', 'b', 'c']) await store.create(keyOf(name), secret(name, name), undefined);
    const all = { matches: () => true, matchesAll: true };
    const first = await store.list(PREFIX, { ...all, limit: 2 });
    expect(first).toMatchObject({ revision: 4, remaining: 1 });
    await store.create(keyOf('bb'), secret('bb', 'late'), undefined);
    const second = await store.list(PREFIX, { ...all, limit: 2, continue: first.continue });
    expect(second.objects.map(({ metadata }) => metadata.name)).toEqual(['c']);
    expect(second.revision).toBe(4);
  });

  test('a watch cache reads what another server has just written', async () => {
    const clock = new VirtualClock({ start: 0, settle });
    const context = new Context();
    const [own, other] = [newStore(), newStore()];
    const cacher = new Cacher(clock, own, context);
    await cacher.ready;
    const selection = { prefix: PREFIX };
    for (let count = 1; count <= 5; count++) {
      await other.create(keyOf(`s${count}`), secret(`s${count}`, ''), undefined);
      // Something else moves etcd's revision on: the cache's own watch does not hear of it.
      await backend.client.put('/registry/elsewhere', String(count));
      const listed = cacher.listAt(selection, undefined, 0);
      let done = false;
      void listed.finally(() => (done = true));
      while (!done) {
        await turn();
        await clock.step(clock.now() + 10);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      expect((await listed).objects).toHaveLength(count);
      expect((await listed).revision).toBeGreaterThanOrEqual(2 * count + 1);
    }
    context.cancel();
  });

  describe('encryption at rest', () => {
    const stored = async (name: string) => (await backend.client.get({ key: keyOf(name) })).kvs[0]!.value;

    test('shows ciphertext in etcd and the object to readers', async () => {
      const store = newStore(encryption('aescbc/key1', 'identity'));
      const made = await store.create(keyOf('db'), secret('db', '한글 비밀'), undefined);
      const value = await stored('db');
      expect(value.startsWith('k8s:enc:aescbc:v1:key1:')).toBe(true);
      expect(value).not.toContain('비밀');
      expect((await newStore(encryption('aescbc/key1')).get(keyOf('db'))).object).toEqual(made);
    });

    test('an update that changes nothing encrypts what was stored before, or under an old key', async () => {
      const same = async (existing: KubeObject | undefined) => existing!;
      await newStore().create(keyOf('db'), secret('db', 'plain'), undefined);
      expect(await stored('db')).toContain('"plain"');
      for (const [providers, prefix] of [
        [['aescbc/key1', 'identity'], 'k8s:enc:aescbc:v1:key1:'],
        [['secretbox/key2', 'aescbc/key1'], 'k8s:enc:secretbox:v1:key2:'],
        [['identity', 'secretbox/key2'], '{"kind":"Secret"'],
      ] as const) {
        const store = newStore(encryption(...providers));
        const rewritten = await store.guaranteedUpdate(keyOf('db'), same, undefined);
        expect((await stored('db')).slice(0, prefix.length)).toBe(prefix);
        expect(valueOf(rewritten)).toBe('plain');
        const { revision } = await store.get(keyOf('db'));
        await store.guaranteedUpdate(keyOf('db'), same, undefined);
        expect((await store.get(keyOf('db'))).revision).toBe(revision);
      }
    });

    test('a value whose key is not configured cannot be read', async () => {
      await newStore(encryption('aescbc/key1')).create(keyOf('db'), secret('db', '1'), undefined);
      const store = newStore(encryption('identity'));
      await expect(store.get(keyOf('db'))).rejects.toMatchObject({
        code: 500,
        message: 'Internal error occurred: no matching prefix found',
      });
      await expect(store.list(PREFIX, { matches: () => true, matchesAll: true })).rejects.toThrow(
        'Internal error occurred: unable to transform key "/registry/secrets/default/db": no matching prefix found',
      );
    });
  });
});
