import type { V1ConfigMap } from '@kubernetes/client-node';
import { ApiException, AppsV1Api, CoreV1Api, KubeConfig, makeInformer, Watch } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServedCluster } from './served-cluster.ts';
import { serveCluster } from './served-cluster.ts';
import { eventually } from './eventually.ts';

const NAMESPACE = 'default';

describe('@kubernetes/client-node', () => {
  let cluster: ServedCluster;
  let config: KubeConfig;
  let core: CoreV1Api;
  let apps: AppsV1Api;

  beforeAll(async () => {
    cluster = await serveCluster();
    config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    core = config.makeApiClient(CoreV1Api);
    apps = config.makeApiClient(AppsV1Api);
  }, 60_000);
  afterAll(() => cluster.stop());

  test('objects as typed values: create, read, replace, list, delete', async () => {
    const made = await core.createNamespacedConfigMap({
      namespace: NAMESPACE,
      body: { metadata: { name: 'typed', labels: { of: 'test' } }, data: { a: '1' } },
    });
    expect(made.metadata!.creationTimestamp).toBeInstanceOf(Date);
    expect(Math.abs(made.metadata!.creationTimestamp!.getTime() - Date.now())).toBeLessThan(60_000);

    const replaced = await core.replaceNamespacedConfigMap({
      namespace: NAMESPACE,
      name: 'typed',
      body: { ...made, data: { a: '2' } },
    });
    expect(replaced.metadata!.resourceVersion).not.toBe(made.metadata!.resourceVersion);
    const stale = core.replaceNamespacedConfigMap({ namespace: NAMESPACE, name: 'typed', body: made });
    await expect(stale).rejects.toMatchObject({ code: 409 });

    const { items } = await core.listNamespacedConfigMap({ namespace: NAMESPACE, labelSelector: 'of=test' });
    expect(items.map(({ data }) => data)).toEqual([{ a: '2' }]);
    await core.deleteNamespacedConfigMap({ namespace: NAMESPACE, name: 'typed' });
    await expect(core.readNamespacedConfigMap({ namespace: NAMESPACE, name: 'typed' })).rejects.toSatisfy(
      (error) => error instanceof ApiException && error.code === 404,
    );
  });

  test('a Deployment becomes available', async () => {
    const labels = { app: 'typed' };
    await apps.createNamespacedDeployment({
      namespace: NAMESPACE,
      body: {
        metadata: { name: 'typed' },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } },
        },
      },
    });
    await eventually(async () => {
      const { status } = await apps.readNamespacedDeployment({ namespace: NAMESPACE, name: 'typed' });
      expect(status?.availableReplicas).toBe(2);
    });
    const pods = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: 'app=typed' });
    expect(pods.items.map(({ status }) => status?.phase)).toEqual(['Running', 'Running']);
  }, 40_000);

  test('an informer goes on where its watch ended, again and again', async () => {
    const list = () => core.listNamespacedConfigMap({ namespace: NAMESPACE });
    // The server ends each watch after a second; the informer reconnects.
    const path = `/api/v1/namespaces/${NAMESPACE}/configmaps?timeoutSeconds=1`;
    const informer = makeInformer<V1ConfigMap>(config, path, list);
    const seen: string[] = [];
    let connections = 0;
    informer.on('add', ({ metadata }) => seen.push(`add ${metadata!.name}`));
    informer.on('update', ({ metadata, data }) => seen.push(`update ${metadata!.name} ${data!.n}`));
    informer.on('delete', ({ metadata }) => seen.push(`delete ${metadata!.name}`));
    informer.on('connect', () => connections++);
    informer.on('error', () => void setTimeout(() => void informer.start(), 50));
    await informer.start();
    await core.createNamespacedConfigMap({
      namespace: NAMESPACE,
      body: { metadata: { name: 'i' }, data: {} },
    });
    const wanted = ['add kube-root-ca.crt', 'add i'];
    for (let n = 0; n < 8; n++) {
      await core.patchNamespacedConfigMap({
        namespace: NAMESPACE,
        name: 'i',
        body: [{ op: 'add', path: '/data', value: { n: String(n) } }],
      });
      wanted.push(`update i ${n}`);
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    await core.deleteNamespacedConfigMap({ namespace: NAMESPACE, name: 'i' });
    wanted.push('delete i');
    await eventually(() => expect(seen).toEqual(wanted));
    expect(connections).toBeGreaterThan(2);
    await informer.stop();
  }, 40_000);

  test('a watch that its reader ends, and one from a version that is gone', async () => {
    const ended: unknown[] = [];
    const phases: string[] = [];
    const watch = new Watch(config);
    const controller = await watch.watch(
      '/api/v1/namespaces',
      {},
      (phase) => phases.push(phase),
      (error) => ended.push(error),
    );
    await eventually(() => expect(phases.length).toBeGreaterThanOrEqual(4));
    controller.abort();
    await eventually(() => expect(ended).toHaveLength(1));

    const old: { type: string; code: number }[] = [];
    await watch.watch(
      '/api/v1/namespaces/default/configmaps',
      { resourceVersion: '1' },
      (type, status) => old.push({ type, code: status.code }),
      () => {},
    );
    await eventually(() => expect(old.length).toBeGreaterThan(0));
  }, 40_000);
});
