import type { Pod, Service } from 'kubernetes-types/core/v1';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import { expect, test } from 'vitest';
import { reconcileSlices } from './reconciler.ts';

const SERVICE: Service = {
  metadata: { name: 'web', namespace: 'default', uid: 'uid', labels: { tier: 'x' } },
  spec: { clusterIP: '10.96.0.1', ports: [{ port: 80, targetPort: 8080 }] },
};
const podAt = (index: number, ready = true): Pod => ({
  metadata: { name: `p${index}`, namespace: 'default', uid: `p${index}` },
  spec: { nodeName: 'node01', containers: [{ name: 'c' }] },
  status: {
    podIP: `10.0.${index >> 8}.${index & 255}`,
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
  },
});
const pods = (count: number) => Array.from({ length: count }, (_, index) => podAt(index));
const NODE = () => ({ metadata: { name: 'node01', labels: { 'topology.kubernetes.io/zone': 'a' } } });
const reconcile = (of: readonly Pod[], existing: readonly EndpointSlice[] = []) =>
  reconcileSlices(SERVICE, of, existing, NODE);
const named = (slices: readonly EndpointSlice[]) =>
  slices.map((slice, index) => ({ ...slice, metadata: { ...slice.metadata, name: `web-${index}` } }));

test('makes an empty slice for a service without pods, and leaves it alone', () => {
  const { create } = reconcile([]);
  expect(create).toMatchObject([{ endpoints: [], ports: [], metadata: { labels: { tier: 'x' } } }]);
  expect(reconcile([], named(create))).toEqual({ create: [], update: [], remove: [], lost: [] });
});

test('fills slices of a hundred, with the zones of the nodes', () => {
  const { create } = reconcile(pods(250));
  expect(create.map(({ endpoints }) => endpoints.length)).toEqual([100, 100, 50]);
  expect(create[0]!.endpoints[0]).toMatchObject({ zone: 'a', nodeName: 'node01' });
});

test('writes only the slice that a changed pod is in', () => {
  const known = named(reconcile(pods(150)).create);
  const changed = [...pods(150).slice(0, 149), podAt(149, false)];
  const { create, update, remove } = reconcile(changed, known);
  expect([create, remove]).toEqual([[], []]);
  expect(update.map(({ metadata }) => metadata!.name)).toEqual(['web-1']);
});

test('brings new pods into a slice with room', () => {
  const known = named(reconcile(pods(120)).create);
  const { create, update } = reconcile(pods(125), known);
  expect(create).toEqual([]);
  expect(update.map(({ endpoints }) => endpoints.length)).toEqual([25]);
});

test('uses a slice again for the first pods and for the last ones that go', () => {
  const empty = named(reconcile([]).create);
  const first = reconcile(pods(1), empty);
  expect(first.update).toMatchObject([{ metadata: { name: 'web-0' }, ports: [{ port: 8080 }] }]);
  const last = reconcile([], first.update);
  expect(last).toMatchObject({
    create: [],
    update: [{ metadata: { name: 'web-0' }, endpoints: [] }],
    remove: [],
  });
});

test('leaves out a pod whose node is not there', () => {
  const { create, lost } = reconcileSlices(SERVICE, pods(1), [], () => undefined);
  expect(create[0]!.endpoints).toEqual([]);
  expect(lost).toHaveLength(1);
});
