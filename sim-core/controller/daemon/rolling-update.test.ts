import type { DaemonSet } from 'kubernetes-types/apps/v1';
import type { Node, Pod } from 'kubernetes-types/core/v1';
import { describe, expect, it } from 'vitest';
import { HASH_LABEL } from './daemon-pods.ts';
import { rollingUpdate } from './rolling-update.ts';
import { byCreation } from './status.ts';

const NODES: Node[] = ['a', 'b', 'c', 'd'].map((name) => ({ metadata: { name } }));
const set = (update: object): DaemonSet => ({
  metadata: { name: 'agent' },
  spec: {
    selector: {},
    template: { spec: { containers: [] } },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: update },
  },
});
const pod = (name: string, hash: string, ready = true): Pod => ({
  metadata: { name, labels: { [HASH_LABEL]: hash } },
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});
const step = (update: object, pods: Record<string, Pod[]>) => {
  const podsByNode = new Map(Object.entries(pods));
  const { excess, surge } = rollingUpdate({
    set: set(update),
    nodes: NODES,
    podsByNode,
    hash: 'new',
    now: 0,
  });
  return { excess: excess.map(({ metadata }) => metadata!.name), surge };
};

describe('rollingUpdate', () => {
  const old = { a: [pod('a', 'old')], b: [pod('b', 'old')], c: [pod('c', 'old')], d: [pod('d', 'old')] };

  it.each([
    ['as many as may be missing', { maxUnavailable: 2 }, old, ['a', 'b']],
    ['a part of all, at least one', { maxUnavailable: '10%' }, old, ['a']],
    ['one where neither may be', { maxUnavailable: 0, maxSurge: 0 }, old, ['a']],
    ['those that do not work besides', { maxUnavailable: 1 }, { ...old, c: [pod('c', 'old', false)] }, ['c']],
    [
      'none while a new one does not work',
      { maxUnavailable: 1 },
      { ...old, d: [pod('d', 'new', false)] },
      [],
    ],
    ['none while a node has none', { maxUnavailable: 1 }, { a: old.a, b: old.b, c: old.c }, []],
  ])('deletes %s', (_, update, pods, excess) => {
    expect(step(update, pods)).toEqual({ excess, surge: [] });
  });

  it.each([
    ['makes new ones beside them', old, [], ['a', 'b']],
    [
      'deletes an old one when the new one works',
      { ...old, a: [pod('a', 'old'), pod('a2', 'new')] },
      ['a'],
      ['b', 'c'],
    ],
    ['waits for new ones to work', { ...old, a: [pod('a', 'old'), pod('a2', 'new', false)] }, [], ['b']],
  ])('with a surge of two: %s', (_, pods, excess, surge) => {
    expect(step({ maxSurge: 2, maxUnavailable: 0 }, pods)).toEqual({ excess, surge });
  });
});

it('ranks scheduled pods before others, then the old before the young', () => {
  const made = (name: string, creationTimestamp: string, nodeName?: string): Pod => ({
    metadata: { name, creationTimestamp },
    spec: { containers: [], ...(nodeName && { nodeName }) },
  });
  const pods = [
    made('young', '2', 'a'),
    made('waiting', '0'),
    made('old', '1', 'a'),
    made('alike', '1', 'a'),
  ];
  expect(pods.sort(byCreation).map(({ metadata }) => metadata!.name)).toEqual([
    'alike',
    'old',
    'young',
    'waiting',
  ]);
});
