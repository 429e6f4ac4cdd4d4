import type { ControllerRevision, StatefulSet } from 'kubernetes-types/apps/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { describe, expect, it } from 'vitest';
import type { StatefulClaims } from './claims.ts';
import type { StatefulPodControl } from './stateful-pod-control.ts';
import { StatefulSetSync } from './stateful-set-sync.ts';

const revision = (name: string): ControllerRevision => ({
  metadata: { name },
  revision: 1,
  data: { spec: { template: { spec: { containers: [] } } } },
});
const REVISIONS = { current: revision('old'), update: revision('new') };
const set = (spec: object = {}): StatefulSet => ({
  metadata: { name: 'db', namespace: 'default', uid: 'set', generation: 1 },
  spec: {
    serviceName: 'db',
    replicas: 3,
    selector: {},
    template: {},
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    ...spec,
  },
});
const LONG_AGO = '2026-01-01T00:00:00Z';
const pod = (ordinal: number, revision = 'new', phase = 'Running', readySince = LONG_AGO): Pod => ({
  metadata: { name: `db-${ordinal}`, labels: { 'controller-revision-hash': revision } },
  spec: { containers: [] },
  status: {
    phase,
    conditions: [
      { type: 'Ready', status: phase === 'Running' ? 'True' : 'False', lastTransitionTime: readySince },
    ],
  },
});
const going = (of: Pod): Pod => ({ ...of, metadata: { ...of.metadata, deletionTimestamp: LONG_AGO } });

/** What a sync does to which pods, and the status that it comes to. */
async function sync(of: StatefulSet, pods: readonly Pod[], { stale = [] as string[] } = {}) {
  const done: string[] = [];
  const note = (verb: string) => (_: StatefulSet, what: Pod) => {
    done.push(`${verb} ${what.metadata!.name} ${what.metadata!.labels!['controller-revision-hash']}`);
    return Promise.resolve();
  };
  const control = {
    create: note('create'),
    delete: note('delete'),
    update: note('update'),
    createMissingClaims: () => Promise.resolve(),
    isConsistent: () => true,
  } as unknown as StatefulPodControl;
  const claims = {
    areStale: (_: StatefulSet, what: Pod) => stale.includes(what.metadata!.name!),
    matchPolicy: () => true,
  } as unknown as StatefulClaims;
  const now = Date.parse(LONG_AGO) + 100_000;
  const one = new StatefulSetSync(control, claims, of, REVISIONS, pods, now);
  await one.run();
  return { done, status: one.status };
}

describe('StatefulSetSync', () => {
  const parallel = { podManagementPolicy: 'Parallel' };

  it.each<[string, object, Pod[], string[]]>([
    ['makes the first that is missing', {}, [pod(0)], ['create db-1 new']],
    ['makes all that are missing', parallel, [pod(1)], ['create db-0 new', 'create db-2 new']],
    ['waits for one that is not ready', {}, [pod(0, 'new', 'Pending')], []],
    ['takes a pod that ended away, and waits', {}, [pod(0, 'new', 'Succeeded')], ['delete db-0 new']],
    [
      'takes a pod that ended away, and goes on',
      parallel,
      [pod(0, 'new', 'Failed'), pod(1), pod(3)],
      ['delete db-0 new', 'create db-2 new', 'delete db-3 new'],
    ],
    [
      'waits for a pod to have been ready long enough',
      { minReadySeconds: 200, replicas: 1 },
      [pod(0), pod(1)],
      [],
    ],
    [
      'takes what is beyond its size away from the end',
      { replicas: 1 },
      [pod(0), pod(1), pod(2)],
      ['delete db-2 new'],
    ],
    [
      'waits with that for one that is not ready before it',
      { replicas: 0 },
      [pod(0), pod(1, 'new', 'Pending'), pod(2, 'new', 'Pending')],
      [],
    ],
    [
      'may begin with the one that is not ready',
      { replicas: 0 },
      [pod(0), pod(1), pod(2, 'new', 'Pending')],
      ['delete db-2 new'],
    ],
    [
      'replaces the last of another template',
      {},
      [pod(0, 'old'), pod(1, 'old'), pod(2)],
      ['delete db-1 old'],
    ],
    ['waits for one that is being replaced', {}, [pod(0, 'old'), pod(1, 'old'), going(pod(2, 'old'))], []],
    [
      'counts its first ordinal and its partition from there',
      { ordinals: { start: 5 }, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } },
      [pod(5, 'old'), pod(6, 'old'), pod(7, 'old')],
      ['delete db-7 old'],
    ],
    [
      'keeps the old template below the partition',
      { ordinals: { start: 5 }, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } },
      [],
      ['create db-5 old'],
    ],
    [
      'replaces nothing OnDelete',
      { updateStrategy: { type: 'OnDelete' } },
      [0, 1, 2].map((n) => pod(n, 'old')),
      [],
    ],
  ])('%s', async (_, spec, pods, wanted) => {
    expect((await sync(set(spec), pods)).done).toEqual(wanted);
  });

  it('waits for claims of an earlier pod to go', async () => {
    expect((await sync(set(), [], { stale: ['db-0'] })).done).toEqual([]);
  });

  it('counts the pods that it found, and one fewer that has the old template when it replaces one', async () => {
    const { done, status } = await sync(set(), [pod(0, 'old'), pod(1, 'old'), pod(2, 'old')]);
    expect(done).toEqual(['delete db-2 old']);
    expect(status).toMatchObject({ replicas: 3, readyReplicas: 3, currentReplicas: 2 });
    expect((await sync(set(), [pod(0)])).status).toMatchObject({ replicas: 1, currentRevision: 'old' });
  });
});
