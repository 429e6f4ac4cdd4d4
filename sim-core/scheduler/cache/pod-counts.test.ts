import type { Pod } from 'kubernetes-types/core/v1';
import { expect, test } from 'vitest';
import { PodCounts } from './pod-counts.ts';

const pod = (name: string, app: string): Pod => ({ metadata: { name, labels: { app } } });
const isWeb = ({ metadata }: Pod) => metadata!.labels!['app'] === 'web';

test('counts follow pods that come and go, by node and by the value of a label', () => {
  const labels: Record<string, Record<string, string>> = { a: { zone: 'x' }, b: { zone: 'x' }, c: {} };
  const placed = [
    { pod: pod('1', 'web'), node: 'a' },
    { pod: pod('2', 'db'), node: 'a' },
    { pod: pod('3', 'web'), node: 'gone' },
  ];
  const counts = new PodCounts(
    () => placed,
    (node) => labels[node],
  );
  const byZone = () => Object.fromEntries(counts.byLabel('web', isWeb, 'zone'));
  expect(Object.fromEntries(counts.byNode('web', isWeb))).toEqual({ a: 1, gone: 1 });
  expect(byZone()).toEqual({ x: 1 });
  counts.added(pod('4', 'web'), 'b');
  counts.added(pod('5', 'web'), 'c');
  counts.added(pod('6', 'db'), 'b');
  expect(byZone()).toEqual({ x: 2, '': 1 });
  counts.removed(pod('1', 'web'), 'a');
  expect(byZone()).toEqual({ x: 1, '': 1 });
  labels['b'] = { zone: 'y' };
  labels['gone'] = { zone: 'y' };
  counts.nodesChanged();
  expect(byZone()).toEqual({ y: 2, '': 1 });
});
