import type { Pod } from 'kubernetes-types/core/v1';
import { expect, it } from 'vitest';
import { groupPods } from './pod-groups.ts';

const at = (second: number) => new Date(second * 1000).toISOString();
const pod = (name: string, phase: string, ready?: string, changed = 0, start = 0): Pod => ({
  metadata: { name },
  status: {
    phase,
    startTime: at(start),
    ...(ready && { conditions: [{ type: 'Ready', status: ready, lastTransitionTime: at(changed) }] }),
  },
});

it('tells pods that can be measured from those that start, are gone or were not measured', () => {
  const now = 1000;
  const pods = [
    pod('runs', 'Running', 'True', 700),
    pod('starts', 'Running', 'True', 990, 980),
    pod('slow', 'Running', 'False', 10),
    pod('broken', 'Running', 'False', 700),
    pod('waits', 'Pending'),
    pod('unseen', 'Running', 'True'),
    pod('failed', 'Failed'),
    { ...pod('going', 'Running', 'True'), metadata: { name: 'going', deletionTimestamp: at(999) } },
  ];
  const metric = { value: 1, at: now * 1000, window: 30_000 };
  const metrics = new Map(['runs', 'starts', 'slow', 'broken', 'going'].map((name) => [name, metric]));
  expect(groupPods(pods, metrics, 'cpu', now * 1000)).toEqual({
    ready: 2,
    unready: new Set(['starts', 'slow', 'waits']),
    missing: new Set(['unseen']),
    ignored: new Set(['failed', 'going']),
  });
  expect(groupPods(pods, metrics, 'memory', now * 1000).ready).toBe(4);
});
