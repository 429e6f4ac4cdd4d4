import type { Node, Pod } from 'kubernetes-types/core/v1';
import { expect, test } from 'vitest';
import { admitPod } from './predicate.ts';

const node: Node = { metadata: { name: 'node01' }, status: { allocatable: { cpu: '1', pods: '2' } } };

const podOf = (requests?: Record<string, string>): Pod => ({
  metadata: { name: 'p', namespace: 'default' },
  spec: { nodeName: 'node01', containers: [{ name: 'c', ...(requests && { resources: { requests } }) }] },
});

/** Pods of which a node knows `atMost`; `counted` of them run. */
const others = (atMost: number, counted: number, pod = podOf()) => ({
  atMost,
  list: () => Array.from({ length: counted }, () => pod),
});

test('pods that have ended take no place of a node that is full of them', () => {
  expect(admitPod(podOf(), node, others(2, 1))).toBeUndefined();
  expect(admitPod(podOf(), node, others(2, 2))).toEqual({
    reason: 'OutOfpods',
    message: "Node didn't have enough resource: pods, requested: 1, used: 2, capacity: 2",
  });
});

test('nobody counts the pods of a node that cannot be full', () => {
  const list = () => {
    throw new Error('counted');
  };
  expect(admitPod(podOf(), node, { atMost: 1, list })).toBeUndefined();
  expect(() => admitPod(podOf({ cpu: '500m' }), node, { atMost: 1, list })).toThrow('counted');
});

test('what other pods ask for is not there for another', () => {
  const half = podOf({ cpu: '600m' });
  expect(admitPod(half, node, others(1, 1))).toBeUndefined();
  expect(admitPod(half, node, others(1, 1, half))).toEqual({
    reason: 'OutOfcpu',
    message: "Node didn't have enough resource: cpu, requested: 600, used: 600, capacity: 1000",
  });
});
