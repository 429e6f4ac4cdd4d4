import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../apimachinery/object.ts';
import { StatusError } from '../apimachinery/status.ts';
import { Context } from '../clock/context.ts';
import { Rand } from '../clock/rand.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { RESOURCES } from '../client-go/kubernetes/resources.ts';
import { RestClient } from '../client-go/rest/client.ts';
import { FakeApiServer } from '../testing/fake-api-server.ts';
import { settle } from '../testing/settle.ts';
import { ControllerManager } from './controller-manager.ts';

const NS = '/api/v1/namespaces';
const PODS = `${NS}/default/pods`;
const EVENTS = `${NS}/default/events`;
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const SETS = '/apis/apps/v1/namespaces/default/replicasets';
const NODES = '/api/v1/nodes';

const FOLLOWED = [
  RESOURCES.pods,
  RESOURCES.configMaps,
  RESOURCES.replicaSets,
  RESOURCES.deployments,
  RESOURCES.daemonSets,
];
const apiResources = (group: string) => ({
  resources: FOLLOWED.filter((resource) => resource.group === group).map(
    ({ resource, kind, namespaced }) => ({
      name: resource,
      kind,
      namespaced,
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'watch'],
    }),
  ),
});

const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'nginx', image }] },
});
const deployment = (
  replicas: number,
  image = 'nginx:1',
  strategy: object = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
) => ({
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: template(image),
    strategy,
    progressDeadlineSeconds: 600,
    revisionHistoryLimit: 10,
  },
});

describe('ControllerManager', () => {
  let clock: VirtualClock;
  let server: FakeApiServer;
  let context: Context;
  let admin: RestClient;
  let running: Promise<void>;
  let nodesRunPods: boolean;

  const start = async (controllers: readonly string[] = ['*'], leaderElect = false) => {
    const manager = new ControllerManager(
      (account) =>
        server.config(
          account === undefined
            ? 'system:kube-controller-manager'
            : `system:serviceaccount:kube-system:${account}`,
        ),
      clock,
      new Rand(1),
      {
        hostname: 'controlplane',
        leaderElect,
        id: 'b6d1c1f0-3b0e-4a6e-9a53-9f5e2c1d7a10',
        rootCa: 'PEM',
        clusterCidr: '192.168.0.0/16',
        minResyncPeriod: 12 * 3_600_000,
        controllers,
      },
    );
    running = manager.run(context);
    await clock.advance(0);
  };
  /** Makes the pods ready that were made since, as kubelets would, until nothing more happens. */
  const converge = async () => {
    for (let round = 0; round < 30; round++) {
      await clock.advance(0);
      const waiting = server.list(PODS).filter((pod) => pod.status?.phase !== 'Running');
      if (!nodesRunPods || waiting.length === 0) return;
      for (const pod of waiting) server.put(PODS, runningPod(pod));
    }
    throw new Error('the pods do not come to rest');
  };
  const runningPod = (pod: KubeObject) => ({
    ...pod,
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
    },
  });
  const messages = () => server.list(EVENTS).map(({ message }) => message);
  const requestsOf = (account: string) =>
    server.requests
      .filter(({ user, path }) => user.endsWith(`:${account}`) && !path.includes('watch='))
      .map(
        ({ method, path }) =>
          `${method} ${path.replace(/-[a-z0-9]{8,10}\b/g, '-<hash>').replace(/\?.*/, '')}`,
      );

  beforeEach(() => {
    clock = new VirtualClock({ start: Date.UTC(2026, 0, 1), settle });
    server = new FakeApiServer(clock);
    server.discovery = {
      '/apis': { groups: [{ preferredVersion: { groupVersion: 'apps/v1' } }] },
      '/api/v1': apiResources(''),
      '/apis/apps/v1': apiResources('apps'),
    };
    admin = new RestClient(server.config('admin'));
    context = new Context();
    nodesRunPods = true;
    server.put(NS, { metadata: { name: 'default' }, status: { phase: 'Active' } });
  });

  it('gives each namespace a default service account and the root certificate', async () => {
    await start();
    server.put(NS, { metadata: { name: 'shop' }, status: { phase: 'Active' } });
    await clock.advance(0);
    expect(server.get(`${NS}/shop/serviceaccounts/default`)).toBeDefined();
    expect(server.get(`${NS}/shop/configmaps/kube-root-ca.crt`)!.data).toEqual({ 'ca.crt': 'PEM' });
    server.remove(`${NS}/shop/serviceaccounts/default`);
    server.remove(`${NS}/shop/configmaps/kube-root-ca.crt`);
    await clock.advance(0);
    expect(server.get(`${NS}/shop/serviceaccounts/default`)).toBeDefined();
    expect(server.get(`${NS}/shop/configmaps/kube-root-ca.crt`)).toBeDefined();
  });

  it('brings a deployment up by way of a replica set', async () => {
    await start();
    server.put(DEPLOYMENTS, deployment(2));
    await converge();
    const status = server.get(`${DEPLOYMENTS}/web`)!.status;
    expect(status).toMatchObject({ replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 });
    expect(status.conditions.map(({ type, reason }: KubeObject) => `${type} ${reason}`).sort()).toEqual([
      'Available MinimumReplicasAvailable',
      'Progressing NewReplicaSetAvailable',
    ]);
    const [set] = server.list(SETS);
    expect(set!.metadata.labels).toEqual({ app: 'web', 'pod-template-hash': set!.metadata.name!.slice(4) });
    expect(set!.metadata.annotations).toEqual({
      'deployment.kubernetes.io/revision': '1',
      'deployment.kubernetes.io/desired-replicas': '2',
      'deployment.kubernetes.io/max-replicas': '3',
    });
    expect(messages()).toContain(`Scaled up replica set ${set!.metadata.name} to 2`);
    expect(server.get(`${DEPLOYMENTS}/web`)!.metadata.annotations).toEqual({
      'deployment.kubernetes.io/revision': '1',
    });
    expect(clock.quiet).toBe(true);
  });

  it('sends the requests of a real controller manager when a deployment is created', async () => {
    await start();
    server.requests.length = 0;
    server.put(DEPLOYMENTS, deployment(2));
    await converge();
    const distinct = (account: string) => [...new Set(requestsOf(account))];
    expect(distinct('deployment-controller')).toEqual([
      `POST ${SETS}`,
      `PUT ${DEPLOYMENTS}/web/status`,
      `POST ${EVENTS}`,
    ]);
    // An event is sent in the background: when, depends on how long the server takes to answer.
    expect(distinct('replicaset-controller').sort()).toEqual([
      `POST ${EVENTS}`,
      `POST ${PODS}`,
      `PUT ${SETS}/web-<hash>/status`,
    ]);
    expect(distinct('generic-garbage-collector')).toEqual([]);
  });

  it('replaces pods step by step when the template changes', async () => {
    await start();
    server.put(DEPLOYMENTS, deployment(4));
    await converge();
    const most: number[] = [];
    nodesRunPods = false;
    await admin.patch(RESOURCES.deployments, 'web', 'merge', deployment(4, 'nginx:2'), {
      namespace: 'default',
    });
    for (let round = 0; round < 20; round++) {
      await clock.advance(0);
      most.push(server.list(PODS).length);
      const waiting = server.list(PODS).find((pod) => pod.status?.phase !== 'Running');
      if (waiting === undefined) break;
      server.put(PODS, runningPod(waiting));
    }
    expect(Math.max(...most)).toBe(5);
    expect(server.list(PODS).map((pod) => pod.spec.containers[0].image)).toEqual(Array(4).fill('nginx:2'));
    const sizes = server
      .list(SETS)
      .map(({ spec, metadata }) => [
        metadata.annotations!['deployment.kubernetes.io/revision'],
        spec.replicas,
      ]);
    expect(sizes).toEqual([
      ['1', 0],
      ['2', 4],
    ]);
  });

  it('makes the old set the newest again on a rollback', async () => {
    await start();
    server.put(DEPLOYMENTS, deployment(2));
    await converge();
    for (const image of ['nginx:2', 'nginx:1']) {
      await admin.patch(RESOURCES.deployments, 'web', 'merge', deployment(2, image), {
        namespace: 'default',
      });
      await converge();
    }
    const [first, second] = server.list(SETS);
    expect(server.list(SETS)).toHaveLength(2);
    expect([first!.spec.replicas, second!.spec.replicas]).toEqual([2, 0]);
    expect(first!.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
    });
  });

  it('ends all old pods before new ones come with the strategy Recreate', async () => {
    await start();
    server.put(DEPLOYMENTS, deployment(2, 'nginx:1', { type: 'Recreate' }));
    await converge();
    let images: string[] = [];
    server.intercept = ({ method, path }) => {
      if (method === 'POST' && path === PODS) {
        images = server.list(PODS).map((pod) => pod.spec.containers[0].image);
      }
    };
    await admin.patch(RESOURCES.deployments, 'web', 'merge', deployment(2, 'nginx:2', { type: 'Recreate' }), {
      namespace: 'default',
    });
    await converge();
    expect(images).not.toContain('nginx:1');
    expect(server.list(PODS).map((pod) => pod.spec.containers[0].image)).toEqual(['nginx:2', 'nginx:2']);
  });

  it('scales by one update of the set', async () => {
    await start();
    server.put(DEPLOYMENTS, deployment(2));
    await converge();
    await admin.patch(
      RESOURCES.deployments,
      'web',
      'merge',
      { spec: { replicas: 3 } },
      { namespace: 'default' },
    );
    await converge();
    await admin.patch(
      RESOURCES.deployments,
      'web',
      'merge',
      { spec: { replicas: 1 } },
      { namespace: 'default' },
    );
    await converge();
    expect(server.list(PODS)).toHaveLength(1);
    const name = server.list(SETS)[0]!.metadata.name;
    expect(messages().filter((message) => message.startsWith('Scaled'))).toEqual([
      `Scaled up replica set ${name} to 2`,
      `Scaled up replica set ${name} to 3 from 2`,
      `Scaled down replica set ${name} to 1 from 3`,
    ]);
  });

  it('makes a pod again that was deleted', async () => {
    await start();
    server.put(DEPLOYMENTS, deployment(2));
    await converge();
    server.remove(`${PODS}/${server.list(PODS)[0]!.metadata.name}`);
    await converge();
    expect(server.list(PODS)).toHaveLength(2);
  });

  it('deletes what a deleted deployment owned', async () => {
    await start();
    server.put(DEPLOYMENTS, deployment(3));
    await converge();
    server.requests.length = 0;
    await admin.delete(RESOURCES.deployments, 'web', {
      namespace: 'default',
      propagationPolicy: 'Background',
    });
    await clock.advance(0);
    expect(server.list(SETS)).toEqual([]);
    expect(server.list(PODS)).toEqual([]);
    const kinds = requestsOf('generic-garbage-collector').map((line) => line.replace(/\/[^/]*$/, ''));
    expect([...new Set(kinds)]).toEqual([`GET ${SETS}`, `DELETE ${SETS}`, `GET ${PODS}`, `DELETE ${PODS}`]);
  });

  it('keeps the pods of a replica set that is deleted with --cascade=orphan', async () => {
    await start();
    server.put(DEPLOYMENTS, deployment(2));
    await converge();
    await admin.delete(RESOURCES.deployments, 'web', { namespace: 'default', propagationPolicy: 'Orphan' });
    await clock.advance(0);
    expect(server.list(DEPLOYMENTS)).toEqual([]);
    expect(server.list(SETS)[0]!.metadata.ownerReferences).toEqual([]);
    expect(server.list(PODS)).toHaveLength(2);
  });

  it('deletes dependents first with --cascade=foreground', async () => {
    await start();
    server.put(DEPLOYMENTS, deployment(2));
    await converge();
    await admin.delete(RESOURCES.deployments, 'web', {
      namespace: 'default',
      propagationPolicy: 'Foreground',
    });
    await clock.advance(0);
    expect([server.list(PODS), server.list(SETS), server.list(DEPLOYMENTS)]).toEqual([[], [], []]);
    const writes = requestsOf('generic-garbage-collector').filter((line) => !line.startsWith('GET'));
    expect(writes.map((line) => line.replace(/\/(web)?-?[^/]*$/, ''))).toEqual([
      `DELETE ${SETS}`,
      `DELETE ${PODS}`,
      `DELETE ${PODS}`,
      `PATCH ${SETS}`,
      `PATCH ${DEPLOYMENTS}`,
    ]);
  });

  it('runs a daemon set on the nodes whose taints it tolerates', async () => {
    server.put(NODES, {
      metadata: { name: 'controlplane' },
      spec: { taints: [{ key: 'cp', effect: 'NoSchedule' }] },
    });
    server.put(NODES, { metadata: { name: 'node01' }, spec: {} });
    await start(['*', '-node-lifecycle-controller']);
    server.put('/apis/apps/v1/namespaces/default/daemonsets', {
      metadata: { name: 'log' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: template('log:1'),
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      },
    });
    await clock.advance(0);
    const targets = () =>
      server
        .list(PODS)
        .map(
          (pod) =>
            pod.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms,
        );
    expect(targets()).toEqual([
      [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node01'] }] }],
    ]);
    server.put(NODES, { metadata: { name: 'node02' }, spec: {} });
    await converge();
    expect(targets()).toHaveLength(2);
    expect(server.get('/apis/apps/v1/namespaces/default/daemonsets/log')!.status).toMatchObject({
      desiredNumberScheduled: 2,
      currentNumberScheduled: 2,
    });
    await admin.patch(
      RESOURCES.daemonSets,
      'log',
      'merge',
      { spec: { template: template('log:2') } },
      { namespace: 'default' },
    );
    await converge();
    expect(server.list(PODS).map((pod) => pod.spec.containers[0].image)).toEqual(['log:2', 'log:2']);
  });

  it('empties a namespace before it lets it go', async () => {
    await start();
    server.put(NS, {
      metadata: { name: 'shop', deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['test'] },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Terminating' },
    });
    server.put(`${NS}/shop/configmaps`, { metadata: { name: 'a' } });
    await clock.untilQuiet(60_000);
    expect(server.list(`${NS}/shop/configmaps`)).toEqual([]);
    expect(server.get(`${NS}/shop`)!.spec.finalizers).toEqual([]);
  });

  it('gives every node a network of its own', async () => {
    await start();
    for (const name of ['a', 'b', 'c']) server.put(NODES, { metadata: { name }, spec: {} });
    await clock.advance(0);
    expect(server.list(NODES).map(({ spec }) => spec.podCIDR)).toEqual([
      '192.168.0.0/24',
      '192.168.1.0/24',
      '192.168.2.0/24',
    ]);
  });

  it('marks a silent node after 50 s, taints it, and evicts its pods 300 s later', async () => {
    const condition = (type: string, status: string) => ({
      type,
      status,
      lastTransitionTime: '2026-01-01T00:00:00Z',
    });
    server.put(NODES, {
      metadata: { name: 'node01' },
      spec: {},
      status: { conditions: [condition('Ready', 'True'), condition('MemoryPressure', 'False')] },
    });
    const tolerations = ['not-ready', 'unreachable'].map((key) => ({
      key: `node.kubernetes.io/${key}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    }));
    server.put(PODS, {
      metadata: { name: 'web' },
      spec: { nodeName: 'node01', tolerations },
      status: { phase: 'Running', conditions: [condition('Ready', 'True')] },
    });
    // As long as another node is heard of, it is not the manager that is cut off.
    const beat = () => {
      const lastHeartbeatTime = new Date(clock.now()).toISOString();
      const conditions = [{ ...condition('Ready', 'True'), lastHeartbeatTime }];
      server.put(NODES, { metadata: { name: 'node02' }, spec: {}, status: { conditions } });
      clock.schedule(10_000, beat, { periodic: true });
    };
    beat();
    await start();
    await clock.advance(49_000);
    const ready = () => server.get(`${NODES}/node01`)!.status.conditions[0];
    expect(ready().status).toBe('True');
    await clock.advance(7000);
    expect(ready()).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    });
    // The taint that drives pods away comes with the next look.
    await clock.advance(6000);
    expect(
      server.get(`${NODES}/node01`)!.spec.taints.map(({ key, effect }: KubeObject) => `${key}:${effect}`),
    ).toEqual(['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute']);
    expect(server.get(`${PODS}/web`)!.status.conditions[0].status).toBe('False');
    await clock.advance(290_000);
    expect(server.get(`${PODS}/web`)).toBeDefined();
    await clock.advance(15_000);
    expect(server.get(`${PODS}/web`)).toBeUndefined();
  });

  it('lists the ready pods of a service', async () => {
    server.put(NODES, { metadata: { name: 'node01' }, spec: {}, status: {} });
    await start();
    const service = { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] };
    server.put(`${NS}/default/services`, { metadata: { name: 'web' }, spec: service });
    const ports = [{ name: 'http', containerPort: 8080 }];
    for (const [name, status] of [
      ['a', 'True'],
      ['b', 'False'],
    ]) {
      server.put(PODS, {
        metadata: { name, labels: { app: 'web' } },
        spec: { nodeName: 'node01', containers: [{ name: 'c', ports }] },
        status: { phase: 'Running', podIP: `192.168.1.${name}`, conditions: [{ type: 'Ready', status }] },
      });
    }
    await clock.advance(0);
    expect(server.get(`${NS}/default/endpoints/web`)!.subsets).toMatchObject([
      {
        addresses: [{ ip: '192.168.1.a' }],
        notReadyAddresses: [{ ip: '192.168.1.b' }],
        ports: [{ port: 8080, protocol: 'TCP' }],
      },
    ]);
    const slices = server.list('/apis/discovery.k8s.io/v1/namespaces/default/endpointslices');
    expect(slices).toMatchObject([
      {
        metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
        endpoints: [
          { addresses: ['192.168.1.a'], conditions: { ready: true } },
          { addresses: ['192.168.1.b'], conditions: { ready: false } },
        ],
        ports: [{ port: 8080 }],
      },
    ]);
  });

  it('deletes the pods of a node that is gone for 40 s', async () => {
    server.put(NODES, { metadata: { name: 'node01' }, spec: {}, status: {} });
    server.put(PODS, {
      metadata: { name: 'web' },
      spec: { nodeName: 'node01' },
      status: { phase: 'Running' },
    });
    await start();
    server.remove(`${NODES}/node01`);
    await clock.advance(39_000);
    expect(server.get(`${PODS}/web`)).toBeDefined();
    await clock.advance(45_000);
    expect(server.get(`${PODS}/web`)).toBeUndefined();
  });

  it('runs the other controllers when a resource of one cannot be listed', async () => {
    server.intercept = ({ method, path }) => {
      if (method === 'GET' && path.includes('/endpointslices')) {
        throw new StatusError(404, 'NotFound', 'the server could not find the requested resource');
      }
    };
    await start();
    server.put(DEPLOYMENTS, deployment(1));
    await converge();
    expect(server.get(`${DEPLOYMENTS}/web`)!.status.availableReplicas).toBe(1);
  });

  it('can be stopped and started again, and leaves nothing running', async () => {
    await start(['*'], true);
    context.cancel();
    await running;
    await clock.advance(0);
    expect(server.openWatches).toBe(0);
    expect(clock.nextTimer()).toBeUndefined();
    context = new Context();
    await start(['*'], true);
    server.put(DEPLOYMENTS, deployment(1));
    await clock.advance(30_000);
    await converge();
    expect(server.get(`${DEPLOYMENTS}/web`)!.status.availableReplicas).toBe(1);
  });
});
