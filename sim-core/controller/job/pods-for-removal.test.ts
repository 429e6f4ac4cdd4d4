import type { Job } from 'kubernetes-types/batch/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { expect, it } from 'vitest';
import { INDEX_KEY } from './indexes.ts';
import { podsForRemoval } from './pods-for-removal.ts';

const pod = (uid: string, index: number | undefined, phase: string): Pod => ({
  metadata: {
    uid,
    creationTimestamp: '2026-01-01T00:00:00Z',
    ...(index !== undefined && { annotations: { [INDEX_KEY]: String(index) } }),
  },
  spec: { nodeName: 'node01', containers: [] },
  status: { phase },
});
const job = (completionMode: string): Job => ({
  spec: { completions: 2, completionMode, template: {} },
});
const PODS = [
  pod('first', 0, 'Running'),
  pod('twin', 0, 'Pending'),
  pod('beyond', 2, 'Running'),
  pod('none', undefined, 'Running'),
  pod('second', 1, 'Pending'),
];
const removed = (mode: string, atLeast: number) =>
  podsForRemoval(job(mode), PODS, atLeast, 0).map(({ metadata }) => metadata!.uid);

it('takes pods without an index of their own whatever is asked for, then the least useful', () => {
  expect(removed('Indexed', 0)).toEqual(['twin', 'beyond', 'none']);
  expect(removed('Indexed', 4)).toEqual(['twin', 'beyond', 'none', 'second']);
});

it('takes the least useful ones of a job without indexes', () => {
  expect(removed('NonIndexed', 0)).toEqual([]);
  expect(removed('NonIndexed', 2)).toEqual(['second', 'twin']);
});
