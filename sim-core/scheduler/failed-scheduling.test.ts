import { beforeEach, describe, expect, it } from 'vitest';
import { Context } from '../clock/context.ts';
import { Rand } from '../clock/rand.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { FakeApiServer } from '../testing/fake-api-server.ts';
import { settle } from '../testing/settle.ts';
import { Scheduler } from './scheduler.ts';

// What upstream's scheduler says of a pod that fits nowhere, plugin by plugin.

const NS = '/api/v1/namespaces/default';
const PODS = `${NS}/pods`;
const CLASSES = '/apis/storage.k8s.io/v1/storageclasses';
const ZONE = 'topology.kubernetes.io/zone';
const HOST = 'kubernetes.io/hostname';

const node = (name: string, labels: object = {}, more: object = {}) => ({
  metadata: { name, labels: { [HOST]: name, ...labels } },
  spec: {},
  status: { allocatable: { cpu: '2', memory: '4Gi', pods: '10' } },
  ...more,
});
const pod = (name: string, spec: object = {}, labels: object = { app: 'web' }) => ({
  metadata: { name, labels },
  spec: { containers: [{ name: 'c', image: 'nginx:1' }], ...spec },
});
const requesting = (requests: object, ports: object[] = []) => ({
  containers: [{ name: 'c', image: 'nginx:1', resources: { requests }, ports }],
});
const term = (topologyKey: string, app = 'web') => [{ topologyKey, labelSelector: { matchLabels: { app } } }];
const spread = (topologyKey: string, more: object = {}) => ({
  topologySpreadConstraints: [
    {
      topologyKey,
      maxSkew: 1,
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } },
      ...more,
    },
  ],
});
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const NOT_HELPFUL = (nodes: number, count = nodes) =>
  `preemption: 0/${nodes} nodes are available: ${count} Preemption is not helpful for scheduling..`;
const NO_VICTIMS = (nodes: number) =>
  `preemption: 0/${nodes} nodes are available: ${nodes} No preemption victims found for incoming pod..`;

interface Scene {
  readonly what: string;
  readonly nodes: readonly object[];
  /** Objects by collection that are there before. */
  readonly before?: readonly (readonly [string, object])[];
  readonly pod: object;
  readonly message: string;
}

const claim = (spec: object, status: object = { phase: 'Pending' }, annotations: object = {}) => ({
  metadata: { name: 'data', annotations },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  status,
});
const USES_CLAIM = { volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] };
const CLAIMS = `${NS}/persistentvolumeclaims`;
const VOLUMES = '/api/v1/persistentvolumes';
const boundVolume = (more: object, labels: object = {}) => ({
  metadata: { name: 'disk', labels },
  spec: {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    claimRef: { namespace: 'default', name: 'data' },
    ...more,
  },
  status: { phase: 'Bound' },
});
const BOUND_CLAIM = claim(
  { volumeName: 'disk' },
  { phase: 'Bound' },
  { 'pv.kubernetes.io/bind-completed': 'yes' },
);

const SCENES: readonly Scene[] = [
  {
    what: 'nodes that are cordoned',
    nodes: [
      node('a', {}, { spec: { unschedulable: true } }),
      node('b', {}, { spec: { unschedulable: true } }),
    ],
    pod: pod('p'),
    message: `0/2 nodes are available: 2 node(s) were unschedulable. ${NOT_HELPFUL(2)}`,
  },
  {
    what: 'several reasons on one node',
    nodes: [node('a')],
    pod: pod('p', requesting({ cpu: '3', memory: '8Gi', 'example.com/gpu': '1' })),
    message: `0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient example.com/gpu, 1 Insufficient memory. ${NO_VICTIMS(1)}`,
  },
  {
    what: 'a node that is full of pods',
    nodes: [node('a', {}, { status: { allocatable: { cpu: '2', memory: '4Gi', pods: '1' } } })],
    before: [[PODS, pod('there', { nodeName: 'a' })]],
    pod: pod('p'),
    message: `0/1 nodes are available: 1 Too many pods. ${NO_VICTIMS(1)}`,
  },
  {
    what: 'a host port that is taken',
    nodes: [node('a')],
    before: [
      [PODS, pod('there', { nodeName: 'a', ...requesting({}, [{ containerPort: 80, hostPort: 80 }]) })],
    ],
    pod: pod('p', requesting({}, [{ containerPort: 8080, hostPort: 80 }])),
    message: `0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. ${NO_VICTIMS(1)}`,
  },
  {
    what: 'a node that is named and not there',
    nodes: [node('a'), node('b')],
    pod: pod('p', {
      affinity: {
        nodeAffinity: {
          [REQUIRED]: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['c'] }] }],
          },
        },
      },
    }),
    message: `0/2 nodes are available: ${NOT_HELPFUL(2)}`,
  },
  {
    what: 'affinity to a pod that is nowhere',
    nodes: [node('a', { [ZONE]: '1' }), node('b', { [ZONE]: '2' })],
    pod: pod('p', { affinity: { podAffinity: { [REQUIRED]: term(ZONE, 'db') } } }),
    message: `0/2 nodes are available: 2 node(s) didn't match pod affinity rules. ${NOT_HELPFUL(2)}`,
  },
  {
    what: 'anti-affinity to a pod that is on every node',
    nodes: [node('a'), node('b')],
    before: [
      [PODS, pod('one', { nodeName: 'a' })],
      [PODS, pod('two', { nodeName: 'b' })],
    ],
    pod: pod('p', { affinity: { podAntiAffinity: { [REQUIRED]: term(HOST) } } }),
    message: `0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules. ${NO_VICTIMS(2)}`,
  },
  {
    what: 'a pod that keeps others away',
    nodes: [node('a')],
    before: [
      [PODS, pod('lone', { nodeName: 'a', affinity: { podAntiAffinity: { [REQUIRED]: term(HOST) } } })],
    ],
    pod: pod('p'),
    message: `0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules. ${NO_VICTIMS(1)}`,
  },
  {
    what: 'a skew that would be too large',
    nodes: [node('a', { [ZONE]: '1' }), node('b', { [ZONE]: '2' }, { spec: { unschedulable: true } })],
    before: [[PODS, pod('there', { nodeName: 'a' })]],
    pod: pod('p', spread(ZONE)),
    message:
      "0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) were unschedulable. " +
      'preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling..',
  },
  {
    what: 'fewer zones than are asked for',
    nodes: [node('a', { [ZONE]: '1' })],
    before: [[PODS, pod('there', { nodeName: 'a' })]],
    pod: pod('p', spread(ZONE, { minDomains: 2 })),
    message: `0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints. ${NO_VICTIMS(1)}`,
  },
  {
    what: 'nodes without the label to spread by',
    nodes: [node('a'), node('b')],
    pod: pod('p', spread('rack')),
    message: `0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints (missing required label). ${NOT_HELPFUL(2)}`,
  },
  {
    what: 'a claim that is not there',
    nodes: [node('a')],
    pod: pod('p', USES_CLAIM),
    message: `0/1 nodes are available: persistentvolumeclaim "data" not found. ${NOT_HELPFUL(1)}`,
  },
  {
    what: 'a claim that is not bound',
    nodes: [node('a')],
    before: [[CLAIMS, claim({})]],
    pod: pod('p', USES_CLAIM),
    message: `0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. ${NOT_HELPFUL(1)}`,
  },
  {
    what: 'a claim that waits for a pod, and no volume',
    nodes: [node('a')],
    before: [
      [
        CLASSES,
        {
          metadata: { name: 'local' },
          provisioner: 'kubernetes.io/no-provisioner',
          volumeBindingMode: 'WaitForFirstConsumer',
        },
      ],
      [CLAIMS, claim({ storageClassName: 'local' })],
    ],
    pod: pod('p', USES_CLAIM),
    message: `0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind. ${NOT_HELPFUL(1)}`,
  },
  {
    what: 'a volume that lies on another node',
    nodes: [node('a')],
    before: [
      [CLAIMS, BOUND_CLAIM],
      [
        VOLUMES,
        boundVolume({
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: HOST, operator: 'In', values: ['b'] }] }],
            },
          },
        }),
      ],
    ],
    pod: pod('p', USES_CLAIM),
    message: `0/1 nodes are available: ${NOT_HELPFUL(1)}`,
  },
  {
    what: 'a volume that is elsewhere',
    nodes: [node('a')],
    before: [
      [CLAIMS, BOUND_CLAIM],
      [
        VOLUMES,
        boundVolume({
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'rack', operator: 'In', values: ['2'] }] }],
            },
          },
        }),
      ],
    ],
    pod: pod('p', USES_CLAIM),
    message: `0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity. ${NOT_HELPFUL(1)}`,
  },
  {
    what: 'a volume in another zone',
    nodes: [node('a', { [ZONE]: '1' })],
    before: [
      [CLAIMS, BOUND_CLAIM],
      [VOLUMES, boundVolume({}, { [ZONE]: '2' })],
    ],
    pod: pod('p', USES_CLAIM),
    message: `0/1 nodes are available: 1 node(s) had no available volume zone. ${NOT_HELPFUL(1)}`,
  },
  {
    what: 'a claim for one pod that another has',
    nodes: [node('a')],
    before: [
      [CLAIMS, { ...BOUND_CLAIM, spec: { ...BOUND_CLAIM.spec, accessModes: ['ReadWriteOncePod'] } }],
      [VOLUMES, boundVolume({})],
      [PODS, pod('there', { nodeName: 'a', ...USES_CLAIM })],
    ],
    pod: pod('p', USES_CLAIM),
    message: `0/1 nodes are available: 1 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode. ${NO_VICTIMS(1)}`,
  },
  {
    what: 'no node at all',
    nodes: [],
    pod: pod('p'),
    message: 'no nodes available to schedule pods',
  },
  {
    what: 'preemption that would not be enough',
    nodes: [node('a')],
    before: [[PODS, { ...pod('low', { nodeName: 'a', priority: 0, ...requesting({ cpu: '1' }) }) }]],
    pod: pod('p', { priority: 10, ...requesting({ cpu: '5' }) }),
    message:
      '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 Insufficient cpu..',
  },
];

describe('FailedScheduling', () => {
  let clock: VirtualClock;
  let server: FakeApiServer;

  beforeEach(() => {
    clock = new VirtualClock({ start: Date.UTC(2026, 0, 1), settle });
    server = new FakeApiServer(clock);
  });

  it.each(SCENES)('$what', async (scene) => {
    for (const object of scene.nodes) server.put('/api/v1/nodes', object);
    for (const [path, object] of scene.before ?? []) server.put(path, object);
    const config = {
      hostname: 'controlplane',
      leaderElect: false,
      id: 'b6d1c1f0-3b0e-4a6e-9a53-9f5e2c1d7a10',
    };
    const scheduler = new Scheduler(server.config('s'), clock, new Rand(1), { emit: () => {} }, config);
    const context = new Context();
    const running = scheduler.run(context);
    await clock.settled();
    server.put(PODS, scene.pod);
    await clock.advance(100);
    const events = server.list(`${NS}/events`);
    expect(events.map(({ reason, message }) => [reason, message])).toEqual([
      ['FailedScheduling', scene.message],
    ]);
    context.cancel();
    await running;
  });
});
