import type { Pod } from 'kubernetes-types/core/v1';
import { describe, expect, it } from 'vitest';
import { finishedAt, remainingBackoff, withFinishedPods } from './backoff.ts';

const at = (second: number) => new Date(second * 1000).toISOString();
const ended = (name: string, second?: number) => ({
  name,
  image: '',
  imageID: '',
  ready: false,
  restartCount: 0,
  state: second === undefined ? { running: {} } : { terminated: { exitCode: 1, finishedAt: at(second) } },
});
const pod = (...ends: number[]): Pod => ({
  metadata: { creationTimestamp: at(1) },
  status: { containerStatuses: ends.map((end, index) => ended(`c${index}`, end)) },
});

describe('finishedAt', () => {
  it('is when the last container ended, sidecars with them', () => {
    expect(finishedAt(pod(5, 7))).toBe(7000);
    const initContainers = [{ name: 'init' }, { name: 'side', restartPolicy: 'Always' }];
    const withSidecar: Pod = {
      ...pod(5),
      spec: { containers: [], initContainers },
      status: { ...pod(5).status, initContainerStatuses: [ended('init', 99), ended('side', 8)] },
    };
    expect(finishedAt(withSidecar)).toBe(8000);
  });

  it.each([
    [
      'is no longer ready',
      { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: at(6) }] },
      {},
      6,
    ],
    ['was told to go', {}, { deletionTimestamp: at(40), deletionGracePeriodSeconds: 30 }, 10],
    ['was made', {}, {}, 1],
  ])('is when the pod %s while a container runs', (_, status, metadata, second) => {
    const running: Pod = {
      metadata: { creationTimestamp: at(1), ...metadata },
      status: { containerStatuses: [ended('c', 9), ended('d')], ...status },
    };
    expect(finishedAt(running)).toBe(second * 1000);
  });
});

describe('withFinishedPods', () => {
  const record = { failures: 2, last: 4000 };

  it.each([
    ['keeps the record when nothing ended', [], [], record],
    ['adds failures', [], [pod(6), pod(5)], { failures: 4, last: 6000 }],
    ['begins anew with a success', [pod(6)], [], { failures: 0, last: 0 }],
    ['counts what failed after the success', [pod(6)], [pod(5), pod(7)], { failures: 1, last: 7000 }],
  ])('%s', (_, succeeded, failed, wanted) => {
    expect(withFinishedPods(record, succeeded, failed)).toEqual(wanted);
  });
});

it('doubles up to ten minutes', () => {
  const after = (failures: number) => remainingBackoff({ failures, last: 1000 }, 1000) / 1000;
  expect([0, 1, 2, 3, 6, 7, 8].map(after)).toEqual([0, 10, 20, 40, 320, 600, 600]);
});
