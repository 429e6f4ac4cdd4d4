import { beforeEach, describe, expect, it } from 'vitest';
import type { ClusterTraceEvent } from '../apimachinery/trace.ts';
import { StatusError } from '../apimachinery/status.ts';
import { Context } from '../clock/context.ts';
import { Rand } from '../clock/rand.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { FakeApiServer } from '../testing/fake-api-server.ts';
import { settle } from '../testing/settle.ts';
import { Scheduler } from './scheduler.ts';

const PODS = '/api/v1/namespaces/default/pods';
const NODES = '/api/v1/nodes';
const node = (name: string, spec: object = {}, labels: object = {}) => ({
  metadata: { name, labels },
  spec,
  status: { allocatable: { cpu: '2', memory: '4Gi', pods: '110' } },
});
const pod = (name: string, spec: object = {}) => ({
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'nginx:1' }], ...spec },
});
const wanting = (cpu: string) => ({ containers: [{ name: 'c', resources: { requests: { cpu } } }] });
const CONTROL_PLANE = {
  taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
};

/** A binding cycle takes this long. */
const BINDING_CYCLE_MS = 5;

describe('Scheduler', () => {
  let clock: VirtualClock;
  let server: FakeApiServer;
  let context: Context;
  let traced: ClusterTraceEvent[];
  let running: Promise<void>;

  const start = async (leaderElect = false) => {
    const tracer = { emit: (event: unknown) => void traced.push(event as ClusterTraceEvent) };
    const scheduler = new Scheduler(server.config('kube-scheduler'), clock, new Rand(1), tracer, {
      hostname: 'controlplane',
      leaderElect,
      id: 'b6d1c1f0-3b0e-4a6e-9a53-9f5e2c1d7a10',
    });
    running = scheduler.run(context);
    await clock.settled();
  };
  const nodeOf = (name: string) => server.get(`${PODS}/${name}`)!.spec.nodeName;
  const events = () =>
    server
      .list('/api/v1/namespaces/default/events')
      .map(({ reason, message, action, type }) => ({ reason, message, action, type }));

  beforeEach(() => {
    clock = new VirtualClock({ start: Date.UTC(2026, 0, 1), settle });
    server = new FakeApiServer(clock);
    context = new Context();
    traced = [];
    server.put(NODES, node('controlplane', CONTROL_PLANE));
    server.put(NODES, node('node01'));
    server.put(NODES, node('node02', {}, { disk: 'ssd' }));
  });

  it('binds a pod, then writes the event', async () => {
    await start();
    server.put(PODS, pod('web', { nodeSelector: { disk: 'ssd' } }));
    await clock.settled();
    expect(nodeOf('web')).toBeUndefined();
    await clock.advance(BINDING_CYCLE_MS);
    const posts = server.requests.filter(({ method }) => method === 'POST');
    expect(posts.map(({ path }) => path)).toEqual([
      `${PODS}/web/binding`,
      '/api/v1/namespaces/default/events',
    ]);
    expect(JSON.parse(posts[0]!.body)).toMatchObject({ target: { kind: 'Node', name: 'node02' } });
    expect(events()).toEqual([
      {
        type: 'Normal',
        reason: 'Scheduled',
        action: 'Binding',
        message: 'Successfully assigned default/web to node02',
      },
    ]);
    expect(traced).toEqual([
      {
        type: 'scheduling',
        pod: { namespace: 'default', name: 'web' },
        nodes: [
          {
            name: 'controlplane',
            refused: {
              plugin: 'TaintToleration',
              reason: 'node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }',
            },
            scores: {},
          },
          {
            name: 'node01',
            refused: {
              plugin: 'NodeAffinity',
              reason: "node(s) didn't match Pod's node affinity/selector",
            },
            scores: {},
          },
          { name: 'node02', scores: {} },
        ],
        node: 'node02',
      },
    ]);
  });

  it('spreads pods over equal nodes', async () => {
    await start();
    for (const name of ['a', 'b', 'c', 'd']) server.put(PODS, pod(name));
    await clock.advance(BINDING_CYCLE_MS);
    expect(['a', 'b', 'c', 'd'].map(nodeOf).sort()).toEqual(['node01', 'node01', 'node02', 'node02']);
  });

  it.each([
    [
      'a selector that no node has',
      { nodeSelector: { disk: 'tape' } },
      "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling..",
    ],
    [
      'more cpu than there is',
      wanting('500'),
      '0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod..',
    ],
    [
      'no right to preempt',
      { ...wanting('500'), preemptionPolicy: 'Never' },
      '0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never..',
    ],
  ])('says why a pod fits nowhere: %s', async (_, spec, message) => {
    await start();
    server.put(PODS, pod('stuck', spec));
    await clock.advance(BINDING_CYCLE_MS);
    expect(events()).toEqual([
      { type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', message },
    ]);
    expect(server.get(`${PODS}/stuck`)!.status.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
    ]);
    expect(clock.quiet).toBe(true);
  });

  it('tries a pod again when its node selector comes to match', async () => {
    await start();
    server.put(PODS, pod('stuck', { nodeSelector: { disk: 'tape' } }));
    await clock.advance(BINDING_CYCLE_MS);
    server.put(NODES, node('node01', {}, { disk: 'tape' }));
    await clock.untilQuiet(20_000);
    expect(nodeOf('stuck')).toBe('node01');
  });

  it('leaves a pod alone after an event that cannot help it', async () => {
    await start();
    server.put(PODS, pod('stuck', { nodeSelector: { disk: 'tape' } }));
    await clock.advance(BINDING_CYCLE_MS);
    server.put(NODES, node('node01', {}, { rack: '1' }));
    await clock.advance(BINDING_CYCLE_MS);
    expect(traced).toHaveLength(1);
  });

  it('places a waiting pod when another leaves', async () => {
    await start();
    for (const name of ['a', 'b', 'c']) server.put(PODS, pod(name, wanting('1500m')));
    await clock.advance(BINDING_CYCLE_MS);
    expect(nodeOf('c')).toBeUndefined();
    server.remove(`${PODS}/a`);
    await clock.untilQuiet(20_000);
    expect(nodeOf('c')).toBeDefined();
  });

  it('evicts less important pods for a more important one', async () => {
    await start();
    server.put(PODS, pod('low', { ...wanting('1500m'), nodeName: 'node01', priority: 0 }));
    server.put(PODS, pod('mid', { ...wanting('1500m'), nodeName: 'node02', priority: 10 }));
    await clock.advance(BINDING_CYCLE_MS);
    server.put(PODS, pod('high', { ...wanting('1'), priority: 100 }));
    await clock.untilQuiet(20_000);
    expect(server.get(`${PODS}/low`)).toBeUndefined();
    expect(nodeOf('high')).toBe('node01');
    expect(events().map(({ reason }) => reason)).toEqual(['Preempted', 'FailedScheduling', 'Scheduled']);
    const { uid } = server.get(`${PODS}/high`)!.metadata;
    expect(events()[0]!.message).toBe(`Preempted by pod ${uid} on node node01`);
  });

  it('keeps no place for a pod that nobody need leave for any more', async () => {
    for (const name of ['node01', 'node02'])
      server.put(PODS, pod(`on-${name}`, { ...wanting('1500m'), nodeName: name, priority: 100 }));
    const status = { nominatedNodeName: 'node01' };
    server.put(PODS, { ...pod('late', { ...wanting('1'), priority: 10 }), status });
    await start();
    await clock.advance(BINDING_CYCLE_MS);
    expect(server.get(`${PODS}/late`)!.status.nominatedNodeName ?? null).toBeNull();
  });

  it('keeps no place on a node for a pod that is less important than the one others leave it for', async () => {
    server.put(PODS, pod('low', { ...wanting('1500m'), nodeName: 'node01', priority: 0 }));
    server.put(PODS, pod('mid', { ...wanting('1500m'), nodeName: 'node02', priority: 90 }));
    const lesser = pod('lesser', { ...wanting('2'), priority: 10, preemptionPolicy: 'Never' });
    server.put(PODS, { ...lesser, status: { nominatedNodeName: 'node01' } });
    await start();
    await clock.advance(BINDING_CYCLE_MS);
    expect(server.get(`${PODS}/lesser`)!.status.nominatedNodeName).toBe('node01');
    server.put(PODS, pod('high', { ...wanting('1'), priority: 100 }));
    await clock.untilQuiet(20_000);
    expect(nodeOf('high')).toBe('node01');
    expect(server.get(`${PODS}/lesser`)!.status.nominatedNodeName ?? null).toBeNull();
  });

  it('tries again after a backoff when the binding is refused', async () => {
    let refusals = 1;
    server.intercept = ({ path }) => {
      if (path.endsWith('/binding') && refusals-- > 0) throw new StatusError(500, 'InternalError', 'no');
    };
    await start();
    server.put(PODS, pod('web'));
    await clock.advance(BINDING_CYCLE_MS);
    expect(nodeOf('web')).toBeUndefined();
    await clock.untilQuiet(20_000);
    expect(nodeOf('web')).toBeDefined();
  });

  it('works only as leader, is quiet when idle, and stops without a trace', async () => {
    await start(true);
    const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
    expect(server.get(`${leases}/kube-scheduler`)!.spec.holderIdentity).toMatch(/^controlplane_/);
    expect(clock.quiet).toBe(true);
    server.requests.length = 0;
    await clock.advance(10_000);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array(5).fill(`PUT ${leases}/kube-scheduler?timeout=5s`),
    );
    context.cancel();
    await running;
    await clock.settled();
    expect(clock.nextTimer()).toBeUndefined();
    expect(server.openWatches).toBe(0);
  });
});
