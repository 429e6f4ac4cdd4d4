import type { V1ConfigMap } from '@kubernetes/client-node';
import { AuthenticationV1Api, CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_REAL_ETCD, RealEtcd, realEtcdVersion } from '../../sim-core/testing/real-etcd.ts';
import { eventually } from './eventually.ts';
import type { ServedCluster } from './served-cluster.ts';
import { serveCluster } from './served-cluster.ts';

if (realEtcdVersion === undefined) console.warn(`two servers on one etcd: ${NO_REAL_ETCD}`);

describe.skipIf(realEtcdVersion === undefined)('two servers on one real etcd', () => {
  const pki = mkdtempSync(join(tmpdir(), 'sim-pki-'));
  let etcd: RealEtcd;
  let servers: [ServedCluster, ServedCluster];
  let configs: [KubeConfig, KubeConfig];

  beforeAll(async () => {
    etcd = await RealEtcd.start();
    const start = () =>
      serveCluster('--components', 'apiserver', '--etcd', etcd.endpoint, '--pki', pki, '--seed', '1');
    servers = [await start(), await start()];
    configs = servers.map(({ kubeconfig }) => {
      const config = new KubeConfig();
      config.loadFromFile(kubeconfig);
      return config;
    }) as [KubeConfig, KubeConfig];
  }, 120_000);
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await etcd.stop();
    rmSync(pki, { recursive: true });
  });

  const core = (index: 0 | 1) => configs[index].makeApiClient(CoreV1Api);

  test('what one writes the other shows and watches; uids differ', async () => {
    const seen: string[] = [];
    const informer = makeInformer<V1ConfigMap>(configs[1], '/api/v1/namespaces/default/configmaps', () =>
      core(1).listNamespacedConfigMap({ namespace: 'default' }),
    );
    informer.on('add', ({ metadata }) => seen.push(metadata!.name!));
    await informer.start();
    const uids = new Set<string>();
    const wanted: string[] = [];
    for (let index = 0; index < 20; index++) {
      const name = `c-${index}`;
      const writer = core(index % 2 === 0 ? 0 : 1);
      const made = await writer.createNamespacedConfigMap({
        namespace: 'default',
        body: { metadata: { name } },
      });
      uids.add(made.metadata!.uid!);
      wanted.push(name);
    }
    await eventually(() => expect(seen).toEqual(wanted));
    expect(uids.size).toBe(20);
    await informer.stop();
    const { items } = await core(0).listNamespacedConfigMap({ namespace: 'default' });
    expect(items).toHaveLength(20);
  });

  test('with the same keys each accepts the other’s certificates and tokens', async () => {
    const namespace = 'default';
    const account = await core(0).createNamespacedServiceAccount({
      namespace,
      body: { metadata: { name: 'robot' } },
    });
    const { status } = await core(0).createNamespacedServiceAccountToken({
      namespace,
      name: account.metadata!.name!,
      body: { spec: { audiences: [] } },
    });
    const review = await configs[1]
      .makeApiClient(AuthenticationV1Api)
      .createTokenReview({ body: { spec: { token: status!.token! } } });
    expect(review.status?.user?.username).toBe('system:serviceaccount:default:robot');
    const crossed = new KubeConfig();
    crossed.loadFromOptions({
      ...configs[0],
      clusters: configs[1].clusters,
    });
    expect((await crossed.makeApiClient(CoreV1Api).listNamespace()).items.length).toBeGreaterThanOrEqual(4);
  });
});
