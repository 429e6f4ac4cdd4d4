import { beforeEach, describe, expect, it } from 'vitest';
import { Context } from '../clock/context.ts';
import { Rand } from '../clock/rand.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { FakeApiServer } from '../testing/fake-api-server.ts';
import { settle } from '../testing/settle.ts';
import { numFeasibleNodesToFind } from './framework/framework.ts';
import { Scheduler } from './scheduler.ts';

// Where pods go.

const NS = '/api/v1/namespaces/default';
const PODS = `${NS}/pods`;
const ZONE = 'topology.kubernetes.io/zone';
const HOST = 'kubernetes.io/hostname';
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

const node = (name: string, labels: object = {}, status: object = {}) => ({
  metadata: { name, labels: { [HOST]: name, ...labels } },
  spec: {},
  status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' }, ...status },
});
const pod = (name: string, spec: object = {}, metadata: object = {}) => ({
  metadata: { name, labels: { app: 'web' }, ...metadata },
  spec: { containers: [{ name: 'c', image: 'nginx:1' }], ...spec },
});
const cpu = (amount: string) => ({
  containers: [{ name: 'c', image: 'nginx:1', resources: { requests: { cpu: amount } } }],
});

describe('placement', () => {
  let clock: VirtualClock;
  let server: FakeApiServer;
  let context: Context;

  beforeEach(() => {
    clock = new VirtualClock({ start: Date.UTC(2026, 0, 1), settle });
    server = new FakeApiServer(clock);
    context = new Context();
  });
  const start = async () => {
    const config = {
      hostname: 'controlplane',
      leaderElect: false,
      id: 'b6d1c1f0-3b0e-4a6e-9a53-9f5e2c1d7a10',
    };
    void new Scheduler(server.config('s'), clock, new Rand(1), { emit: () => {} }, config).run(context);
    await clock.settled();
  };
  const nodeOf = (name: string) => server.get(`${PODS}/${name}`)?.spec.nodeName as string | undefined;
  const place = async (name: string, spec: object = {}, metadata: object = {}) => {
    server.put(PODS, pod(name, spec, metadata));
    await clock.advance(50);
    return nodeOf(name);
  };

  it('spreads pods of one ReplicaSet over nodes and zones without being told to', async () => {
    for (const [name, zone] of [
      ['a', '1'],
      ['b', '1'],
      ['c', '2'],
    ] as const) {
      server.put('/api/v1/nodes', node(name, { [ZONE]: zone }));
    }
    server.put('/apis/apps/v1/namespaces/default/replicasets', {
      metadata: { name: 'web', uid: 'u' },
      spec: { selector: { matchLabels: { app: 'web' } } },
    });
    await start();
    const ownerReferences = [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true },
    ];
    const counts: Record<string, number> = {};
    for (let index = 0; index < 6; index++) {
      const chosen = (await place(`web-${index}`, {}, { ownerReferences }))!;
      counts[chosen] = (counts[chosen] ?? 0) + 1;
    }
    expect(counts).toEqual({ a: 2, b: 2, c: 2 });
  });

  it('keeps the skew between zones', async () => {
    for (const [name, zone] of [
      ['a', '1'],
      ['b', '1'],
      ['c', '2'],
    ] as const) {
      server.put('/api/v1/nodes', node(name, { [ZONE]: zone }));
    }
    await start();
    const labelSelector = { matchLabels: { app: 'web' } };
    const constraint = { topologyKey: ZONE, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', labelSelector };
    const zones: number[] = [0, 0];
    for (let index = 0; index < 6; index++) {
      const chosen = await place(`p${index}`, { topologySpreadConstraints: [constraint] });
      zones[chosen === 'c' ? 1 : 0]!++;
      expect(Math.abs(zones[0]! - zones[1]!)).toBeLessThanOrEqual(1);
    }
    expect(zones).toEqual([3, 3]);
  });

  it('puts a pod beside those that it wants, and away from those that it does not', async () => {
    for (const name of ['a', 'b', 'c']) server.put('/api/v1/nodes', node(name));
    server.put(PODS, pod('db', { nodeName: 'b' }, { labels: { app: 'db' } }));
    await start();
    const term = (app: string) => [{ topologyKey: HOST, labelSelector: { matchLabels: { app } } }];
    expect(await place('near', { affinity: { podAffinity: { [REQUIRED]: term('db') } } })).toBe('b');
    const apart = { affinity: { podAntiAffinity: { [REQUIRED]: [...term('db'), ...term('web')] } } };
    const first = await place('far', apart);
    const second = await place('farther', apart);
    expect([first, second].sort()).toEqual(['a', 'c']);
    const preferred = [{ weight: 100, podAffinityTerm: term('db')[0] }];
    expect(
      await place('rather', { affinity: { podAffinity: { [PREFERRED]: preferred } } }, { labels: {} }),
    ).toBe('b');
  });

  it('lets the first of a group that wants to be together go anywhere', async () => {
    for (const name of ['a', 'b']) server.put('/api/v1/nodes', node(name, { [ZONE]: name }));
    await start();
    const together = {
      affinity: {
        podAffinity: { [REQUIRED]: [{ topologyKey: ZONE, labelSelector: { matchLabels: { app: 'web' } } }] },
      },
    };
    const first = await place('one', together);
    expect(first).toBeDefined();
    expect(await place('two', together)).toBe(first);
  });

  it('prefers nodes that have the image', async () => {
    const images = [{ names: ['docker.io/library/big:1', 'big:1'], sizeBytes: 900_000_000 }];
    server.put('/api/v1/nodes', node('a'));
    server.put('/api/v1/nodes', node('b', {}, { images }));
    await start();
    expect(await place('p', { containers: [{ name: 'c', image: 'big:1' }] })).toBe('b');
  });

  it('binds a claim that waits for its pod', async () => {
    for (const name of ['a', 'b']) server.put('/api/v1/nodes', node(name));
    server.put('/apis/storage.k8s.io/v1/storageclasses', {
      metadata: { name: 'local' },
      provisioner: 'kubernetes.io/no-provisioner',
      volumeBindingMode: 'WaitForFirstConsumer',
    });
    const at = { nodeSelectorTerms: [{ matchExpressions: [{ key: HOST, operator: 'In', values: ['b'] }] }] };
    server.put('/api/v1/persistentvolumes', {
      metadata: { name: 'disk' },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'local',
        nodeAffinity: { required: at },
      },
      status: { phase: 'Available' },
    });
    const spec = {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      storageClassName: 'local',
    };
    server.put(`${NS}/persistentvolumeclaims`, {
      metadata: { name: 'data' },
      spec,
      status: { phase: 'Pending' },
    });
    await start();
    expect(
      await place('p', { volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] }),
    ).toBeUndefined();
    expect(server.get('/api/v1/persistentvolumes/disk')!.spec.claimRef).toMatchObject({ name: 'data' });
    // The binder of the controller manager does its part.
    const annotations = { 'pv.kubernetes.io/bind-completed': 'yes' };
    server.put(`${NS}/persistentvolumeclaims`, {
      metadata: { name: 'data', annotations },
      spec: { ...spec, volumeName: 'disk' },
      status: { phase: 'Bound' },
    });
    await clock.advance(1500);
    expect(nodeOf('p')).toBe('b');
  });

  it('waits while a gate is closed', async () => {
    server.put('/api/v1/nodes', node('a'));
    await start();
    expect(await place('p', { schedulingGates: [{ name: 'example.com/wait' }] })).toBeUndefined();
    expect(await place('p')).toBe('a');
  });

  describe('preemption', () => {
    const low = (name: string, on: string, priority = 0, amount = '2', labels: object = { app: name }) =>
      server.put(PODS, pod(name, { nodeName: on, priority, ...cpu(amount) }, { labels, uid: name }));
    const there = () =>
      server
        .list(PODS)
        .map(({ metadata }) => metadata.name)
        .sort();

    it('spares what a budget keeps', async () => {
      for (const name of ['a', 'b']) server.put('/api/v1/nodes', node(name));
      low('kept', 'a', 0, '4');
      low('spare', 'b', 5, '4');
      server.put('/apis/policy/v1/namespaces/default/poddisruptionbudgets', {
        metadata: { name: 'kept' },
        spec: { selector: { matchLabels: { app: 'kept' } }, minAvailable: 1 },
        status: { disruptionsAllowed: 0 },
      });
      await start();
      server.put(PODS, pod('high', { priority: 100, ...cpu('3') }));
      await clock.untilQuiet(20_000);
      expect(there()).toEqual(['high', 'kept']);
      expect(nodeOf('high')).toBe('b');
    });

    it('takes no more than it needs, and the least important', async () => {
      server.put('/api/v1/nodes', node('a'));
      low('one', 'a', 1);
      low('two', 'a', 2);
      await start();
      server.put(PODS, pod('high', { priority: 100, ...cpu('2') }));
      await clock.untilQuiet(20_000);
      expect(there()).toEqual(['high', 'two']);
    });

    it('keeps the place until the victims are gone', async () => {
      server.put('/api/v1/nodes', node('a'));
      const finalizers = ['example.com/slow'];
      const victim = pod(
        'victim',
        { nodeName: 'a', priority: 0, ...cpu('4') },
        { finalizers, uid: 'victim' },
      );
      server.put(PODS, victim);
      await start();
      server.put(PODS, pod('high', { priority: 100, ...cpu('3') }));
      await clock.advance(100);
      expect(server.get(`${PODS}/high`)!.status.nominatedNodeName).toBe('a');
      server.put(PODS, pod('late', { priority: 50, ...cpu('3') }));
      server.put(PODS, {
        ...victim,
        metadata: { ...victim.metadata, finalizers: [], deletionTimestamp: 'x' },
      });
      server.remove(`${PODS}/victim`);
      await clock.untilQuiet(20_000);
      expect(nodeOf('high')).toBe('a');
      expect(nodeOf('late')).toBeUndefined();
    });
  });

  it('looks at fewer of many nodes', () => {
    expect([3, 100, 1000, 5000, 20_000].map(numFeasibleNodesToFind)).toEqual([3, 100, 420, 500, 1000]);
  });
});
