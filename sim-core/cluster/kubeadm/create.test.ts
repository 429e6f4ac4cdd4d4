import type { Node, Pod } from 'kubernetes-types/core/v1';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HttpResponse } from '../../apimachinery/http.ts';
import type { KubeList } from '../../apimachinery/object.ts';
import { settle } from '../../testing/settle.ts';
import type { Cluster } from '../cluster.ts';
import { createCluster, LAB_START } from '../create-cluster.ts';

const MANIFEST = '/etc/kubernetes/manifests/kube-apiserver.yaml';

let cluster: Cluster;

beforeEach(async () => {
  cluster = await createCluster({ shape: 'kubeadm', seed: 1, settle });
});
afterEach(() => vi.restoreAllMocks());

function ask(path: string, user = 'kubernetes-admin'): Promise<HttpResponse> {
  const { certificate } = cluster.credentials.get(user)!;
  const request = cluster.request({
    method: 'GET',
    path,
    headers: { accept: 'application/json', 'user-agent': 'test' },
    body: '',
    ...(certificate !== undefined && { certificate }),
  });
  return cluster.clock.until(request);
}

async function list<T>(path: string): Promise<T[]> {
  const { status, body } = await ask(path);
  expect(status, String(body)).toBe(200);
  return (JSON.parse(body as string) as KubeList<T>).items;
}

const run = async (line: string) => {
  const { stdout, stderr } = await cluster.clock.until(cluster.openShell().run(line));
  return stdout + stderr;
};

const conditionOf = (object: Pod | Node, type: string) =>
  (object.status?.conditions as { type?: string; status?: string }[]).find(
    (condition) => condition.type === type,
  )?.status;

const servers = () =>
  cluster.machines
    .get('controlplane')!
    .processes.list()
    .filter(({ command }) => command[0] === 'kube-apiserver');

describe('a new cluster', () => {
  test('has three ready nodes of the ages that the lab begins with', async () => {
    const nodes = await list<Node>('/api/v1/nodes');
    expect(nodes.map(({ metadata }) => metadata!.name)).toEqual(['controlplane', 'node01', 'node02']);
    expect(nodes.map((node) => conditionOf(node, 'Ready'))).toEqual(['True', 'True', 'True']);
    const ages = nodes.map(({ metadata }) => (LAB_START - Date.parse(metadata!.creationTimestamp!)) / 1000);
    expect(Math.floor(ages[0]! / 60)).toBe(12);
    expect(ages.slice(1)).toEqual([9 * 60 + 41, 9 * 60 + 38]);
    expect(nodes[0]!.spec!.taints).toEqual([
      { effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane' },
    ]);
    expect(nodes.slice(1).map(({ spec }) => spec!.taints)).toEqual([undefined, undefined]);
  });

  test('has exactly the nine pods of kube-system, all ready and never restarted', async () => {
    const pods = await list<Pod>('/api/v1/pods');
    expect(
      pods.map(({ metadata }) => metadata!.name!.replace(/(-[0-9a-z]{8,10})?-[a-z0-9]{5}$/, '')),
    ).toEqual([
      'coredns',
      'coredns',
      'etcd-controlplane',
      'kube-apiserver-controlplane',
      'kube-controller-manager-controlplane',
      'kube-proxy',
      'kube-proxy',
      'kube-proxy',
      'kube-scheduler-controlplane',
    ]);
    for (const pod of pods) {
      expect(conditionOf(pod, 'Ready'), pod.metadata!.name).toBe('True');
      expect(pod.status!.phase).toBe('Running');
      expect(pod.status!.containerStatuses!.map(({ restartCount }) => restartCount)).toEqual([0]);
    }
  });

  test('has mirror pods that belong to their node and carry the annotations of static pods', async () => {
    const pods = await list<Pod>('/api/v1/namespaces/kube-system/pods');
    const { metadata, spec } = pods.find((pod) => pod.metadata!.name === 'etcd-controlplane')!;
    expect(Object.keys(metadata!.annotations!).sort()).toEqual([
      'kubeadm.kubernetes.io/etcd.advertise-client-urls',
      'kubernetes.io/config.hash',
      'kubernetes.io/config.mirror',
      'kubernetes.io/config.seen',
      'kubernetes.io/config.source',
    ]);
    expect(metadata!.ownerReferences).toMatchObject([
      { kind: 'Node', name: 'controlplane', controller: true },
    ]);
    expect(spec!.tolerations).toEqual([{ effect: 'NoExecute', operator: 'Exists' }]);
  });

  test('lets admin.conf in by RBAC and super-admin.conf by its group', async () => {
    for (const user of ['kubernetes-admin', 'kubernetes-super-admin']) {
      expect((await ask('/api/v1/secrets', user)).status).toBe(200);
    }
    expect((await ask('/api/v1/secrets', 'anonymous')).status).toBe(403);
    const deciding = cluster.trace.filter(({ type }) => type === 'authorized').slice(-2);
    expect(deciding[0]).toMatchObject({
      reason: expect.stringContaining('ClusterRoleBinding "kubeadm:cluster-admins"') as string,
    });
  });

  test('does nothing but heartbeats, and keeps all of it running for half an hour', async () => {
    expect(await cluster.clock.untilQuiet(1000)).toBe(true);
    await cluster.clock.advance(1_800_000);
    const pods = await list<Pod>('/api/v1/pods');
    expect(pods.map((pod) => conditionOf(pod, 'Ready'))).toEqual(Array(9).fill('True'));
    const nodes = await list<Node>('/api/v1/nodes');
    expect(nodes.map((node) => conditionOf(node, 'Ready'))).toEqual(['True', 'True', 'True']);
  });
});

describe('the same seed', () => {
  const dump = async (of: Cluster) => {
    const { kvs } = await of.etcd.get({ key: '', rangeEnd: '\0' });
    return kvs.map(({ key, value, modRevision, createRevision }) =>
      JSON.stringify([key, createRevision, modRevision, value]),
    );
  };

  test('gives the same etcd, byte for byte, also after work was done', async () => {
    const other = await createCluster({ shape: 'kubeadm', seed: 1, settle });
    for (const each of [cluster, other]) {
      await each.clock.until(
        each.openShell().run('kubectl create deployment web --image=nginx --replicas=3'),
      );
      await each.clock.advance(10_000);
    }
    const [first, second] = [await dump(cluster), await dump(other)];
    expect(first.length).toBeGreaterThan(200);
    expect(second).toEqual(first);
  });

  test('is needed: another seed gives other names', async () => {
    const other = await createCluster({ shape: 'kubeadm', seed: 2, settle });
    expect(await dump(other)).not.toEqual(await dump(cluster));
  });
});

describe('a pod', () => {
  test('runs about two seconds after kubectl run, and is gone after kubectl delete', async () => {
    const started = cluster.clock.now();
    expect(await run('kubectl run nginx --image=nginx:1.27')).toBe('pod/nginx created\n');
    await run('kubectl wait --for=condition=Ready pod/nginx --timeout=60s');
    const took = cluster.clock.now() - started;
    expect(took).toBeGreaterThan(1000);
    expect(took).toBeLessThan(3000);
    const [pod] = await list<Pod>('/api/v1/namespaces/default/pods');
    expect(pod!.status).toMatchObject({
      phase: 'Running',
      podIP: expect.stringMatching(/^192\.168\./) as string,
    });
    expect(await run('kubectl delete pod nginx')).toContain('deleted');
    expect(await list<Pod>('/api/v1/namespaces/default/pods')).toEqual([]);
    const web = [...cluster.machines.values()].flatMap(({ processes }) =>
      processes.list().filter(({ command }) => command.includes('nginx')),
    );
    expect(web).toEqual([]);
  });

  test('that cannot be pulled waits in ErrImagePull, then in ImagePullBackOff', async () => {
    await run('kubectl run web --image=nginx:nope');
    await cluster.clock.advance(4000);
    expect(await run('kubectl get pod web --no-headers')).toMatch(/^web +0\/1 +ErrImagePull +0 /);
    await cluster.clock.advance(15_000);
    expect(await run('kubectl get pod web --no-headers')).toMatch(/^web +0\/1 +ImagePullBackOff +0 /);
  });

  test('that keeps failing is started again with longer and longer pauses', async () => {
    await run('kubectl run crash --image=busybox -- sh -c "exit 1"');
    await cluster.clock.advance(120_000);
    const [pod] = await list<Pod>('/api/v1/namespaces/default/pods');
    const status = pod!.status!.containerStatuses![0]!;
    expect(status.restartCount).toBeGreaterThanOrEqual(3);
    expect(status.restartCount).toBeLessThanOrEqual(5);
    expect(status.lastState!.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
  });

  test('that fails its liveness probe is started again, with pauses', async () => {
    const manifest = `apiVersion: v1
kind: Pod
metadata: {name: unwell}
spec:
  containers:
  - {name: c, image: "nginx:1.27", livenessProbe: {httpGet: {path: /nope, port: 80}, periodSeconds: 5, failureThreshold: 2}}
`;
    cluster.machines.get('controlplane')!.files.write('/root/unwell.yaml', manifest);
    await run('kubectl apply -f unwell.yaml');
    await cluster.clock.advance(180_000);
    const [pod] = await list<Pod>('/api/v1/namespaces/default/pods');
    const { restartCount } = pod!.status!.containerStatuses![0]!;
    expect(restartCount).toBeGreaterThanOrEqual(4);
    expect(restartCount).toBeLessThanOrEqual(7);
    expect(await run('kubectl describe pod unwell')).toContain(
      'Container c failed liveness probe, will be restarted',
    );
  });

  test('that ends well is Completed', async () => {
    await run('kubectl run once --image=busybox --restart=Never -- true');
    await cluster.clock.advance(10_000);
    expect(await run('kubectl get pod once --no-headers')).toMatch(/^once +0\/1 +Completed +0 /);
  });
});

describe('the kube-apiserver is a static pod', () => {
  test('moved away it refuses connections, moved back it answers again', async () => {
    await run(`mv ${MANIFEST} /root/`);
    await cluster.clock.advance(5000);
    expect(servers()).toEqual([]);
    await expect(ask('/api/v1/nodes')).rejects.toThrow(
      'dial tcp 172.30.1.2:6443: connect: connection refused',
    );
    expect(await run('kubectl get nodes')).toContain(
      'The connection to the server 172.30.1.2:6443 was refused - did you specify the right host or port?\n',
    );
    await run(`mv /root/kube-apiserver.yaml ${MANIFEST}`);
    await cluster.clock.advance(60_000);
    expect(servers()).toHaveLength(1);
    const nodes = await list<Node>('/api/v1/nodes');
    expect(nodes.map((node) => conditionOf(node, 'Ready'))).toEqual(['True', 'True', 'True']);
    expect(await run('kubectl run after --image=nginx')).toBe('pod/after created\n');
    await run('kubectl wait --for=condition=Ready pod/after --timeout=60s');
  });

  test.each([
    ['--authorization-mode', '--authorization-modus', / F Error: unknown flag: --authorization-modus\n$/],
    [
      '--etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key',
      '--etcd-keyfile=/etc/kubernetes/pki/apiserver.key',
      / F F1123 .* instance\.go:232\] Error creating leases: error creating storage factory: tls: private key does not match public key\n$/,
    ],
  ])('with %s as %s it ends at once and says why in its log', async (right, wrong, last) => {
    const { files } = cluster.machines.get('controlplane')!;
    expect(files.read(MANIFEST)).toContain(right);
    files.write(MANIFEST, files.read(MANIFEST).replace(right, wrong));
    await cluster.clock.advance(30_000);
    expect(servers()).toEqual([]);
    const [directory] = files.list('/var/log/pods').filter((name) => name.includes('kube-apiserver'));
    const logs = files.list(`/var/log/pods/${directory!}/kube-apiserver`);
    expect(files.read(`/var/log/pods/${directory!}/kube-apiserver/${logs.at(-1)!}`)).toMatch(last);
  });

  test('does without kubectl delete: the mirror pod comes back, the process stays', async () => {
    const [before] = servers();
    expect(await run('kubectl delete pod kube-apiserver-controlplane -n kube-system')).toContain('deleted');
    await cluster.clock.advance(5000);
    expect(servers().map(({ pid }) => pid)).toEqual([before!.pid]);
    const pods = await list<Pod>('/api/v1/namespaces/kube-system/pods');
    expect(pods.map(({ metadata }) => metadata!.name)).toContain('kube-apiserver-controlplane');
  });
});

test('with etcd moved away requests fail until it is back', async () => {
  await run('mv /etc/kubernetes/manifests/etcd.yaml /root/');
  await cluster.clock.advance(5000);
  expect((await ask('/readyz')).status).toBe(500);
  await run('mv /root/etcd.yaml /etc/kubernetes/manifests/');
  await cluster.clock.advance(30_000);
  expect((await ask('/readyz')).status).toBe(200);
  expect(await list<Node>('/api/v1/nodes')).toHaveLength(3);
});

test('a node whose kubelet stops becomes NotReady and comes back', async () => {
  const { services } = cluster.machines.get('node01')!;
  await cluster.clock.until(services.stop('kubelet'));
  await cluster.clock.advance(70_000);
  expect(await run('kubectl get node node01 --no-headers')).toMatch(/^node01 +NotReady /);
  services.start('kubelet');
  await cluster.clock.advance(20_000);
  expect(await run('kubectl get node node01 --no-headers')).toMatch(/^node01 +Ready /);
});
