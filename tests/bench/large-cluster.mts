import type { HttpRequest } from 'sim-core';
import { createCluster, Context } from 'sim-core';
import { Rand } from '../../sim-core/clock/rand.ts';
import { Scheduler } from '../../sim-core/scheduler/scheduler.ts';
import type { Benchmark } from './measure.mts';
import { cpuOf, settle } from './measure.mts';

const NODES = 5000;
const PODS = 50_000;
/** The first and the last so many pods are compared. */
const SAMPLE = 5000;
/** So many pods come at a time. */
const BATCH = 500;

const node = (index: number) => ({
  kind: 'Node',
  apiVersion: 'v1',
  metadata: {
    name: `node-${index}`,
    labels: {
      'kubernetes.io/hostname': `node-${index}`,
      'topology.kubernetes.io/zone': `zone-${index % 10}`,
    },
  },
  status: { allocatable: { cpu: '8', memory: '32Gi', pods: '110' } },
});
const pod = (index: number) => ({
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: {
    name: `pod-${index}`,
    labels: { app: `app-${index % 10}` },
    // As the pods of ten ReplicaSets.
    ownerReferences: [
      {
        kind: 'ReplicaSet',
        apiVersion: 'apps/v1',
        name: `app-${index % 10}`,
        uid: String(index % 10),
        controller: true,
      },
    ],
  },
  spec: {
    containers: [{ name: 'c', image: 'nginx:1', resources: { requests: { cpu: '100m', memory: '64Mi' } } }],
  },
});
const replicaSet = (index: number) => ({
  kind: 'ReplicaSet',
  apiVersion: 'apps/v1',
  metadata: { name: `app-${index}` },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: `app-${index}` } },
    template: { metadata: { labels: { app: `app-${index}` } }, spec: pod(index).spec },
  },
});

/**
 * A kube-apiserver, an etcd and a scheduler with as many nodes and pods as upstream supports; no
 * kubelets. What a pod costs, from its POST to its binding, must not grow with the pods that are there.
 */
export const largeClusterBenchmarks: readonly Benchmark[] = [
  {
    name: 'scheduler.large-cluster',
    run: async () => {
      const cluster = await createCluster({ shape: 'apiserver', seed: 1, settle });
      const credentials = cluster.credentials.get('kubernetes-admin')!;
      const send = async (path: string, object: object, method = 'POST') => {
        const type = method === 'POST' ? 'application/json' : 'application/merge-patch+json';
        const headers = { 'content-type': type };
        const request: HttpRequest = {
          method,
          path,
          headers,
          body: JSON.stringify(object),
          ...credentials,
        };
        const { status, body } = await cluster.clock.until(cluster.request(request));
        if (status >= 300) throw new Error(`${method} ${path}: ${status} ${String(body)}`);
      };
      for (let index = 0; index < NODES; index++) {
        await send('/api/v1/nodes', node(index));
        // Every node is born with the taint of one that is not ready.
        await send(`/api/v1/nodes/node-${index}`, { spec: { taints: null } }, 'PATCH');
      }
      for (let index = 0; index < 10; index++) {
        await send('/apis/apps/v1/namespaces/default/replicasets', replicaSet(index));
      }
      await send('/api/v1/namespaces/default/serviceaccounts', {
        kind: 'ServiceAccount',
        apiVersion: 'v1',
        metadata: { name: 'default' },
      });
      const rest = {
        host: '',
        userAgent: 'kube-scheduler',
        transport: (request: HttpRequest) => cluster.request({ ...request, ...credentials }),
      };
      let bound = 0;
      const tracer = {
        emit: (event: { readonly type: string; readonly node?: string }) => {
          if (event.type === 'scheduling' && event.node !== undefined) bound++;
        },
      };
      const config = { hostname: 'large', leaderElect: false, id: 'b6d1c1f0-3b0e-4a6e-9a53-9f5e2c1d7a10' };
      const context = new Context();
      const scheduler = new Scheduler(rest, cluster.clock, new Rand(1), tracer, config);
      const running = scheduler.run(context);
      await cluster.clock.settled();
      let next = 0;
      const place = (count: number) => async () => {
        for (const end = next + count; next < end;) {
          for (let batch = 0; batch < BATCH; batch++) {
            await send('/api/v1/namespaces/default/pods', pod(next++));
          }
          await cluster.clock.advance(100);
        }
      };
      const first = (await cpuOf(place(SAMPLE))) / SAMPLE;
      await place(PODS - 2 * SAMPLE)();
      const last = (await cpuOf(place(SAMPLE))) / SAMPLE;
      if (bound !== PODS) throw new Error(`${bound} of ${PODS} pods have a node`);
      const heap = process.memoryUsage().heapUsed / 1e6;
      context.cancel();
      await running;
      return [
        { name: 'scheduler.large-cluster.first-pods', value: first, unit: 'ms CPU/pod' },
        { name: 'scheduler.large-cluster.last-pods', value: last, unit: 'ms CPU/pod' },
        { name: 'scheduler.large-cluster.growth', value: last / first, unit: 'times' },
        { name: 'scheduler.large-cluster.heap', value: heap, unit: 'MB' },
      ];
    },
  },
];
