import type { ContainerStatus, Pod, PodStatus } from 'kubernetes-types/core/v1';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { podColumns } from './printer.ts';

const NOW = Date.UTC(2026, 0, 1, 0, 10, 0);
const at = (secondsAgo: number) => new Date(NOW - secondsAgo * 1000).toISOString().replace('.000Z', 'Z');

function row(spec: Partial<Pod['spec']>, status: PodStatus, meta: object = {}) {
  const pod = {
    metadata: { name: 'p', creationTimestamp: at(180), ...meta },
    spec: { containers: [{ name: 'c' }], ...spec },
    status,
  } as unknown as KubeObject;
  const [ready, text, restarts, age] = podColumns.map((column) => column.cell(pod, NOW));
  return { ready, status: text, restarts, age };
}

const container = (
  state: ContainerStatus['state'],
  more: Partial<ContainerStatus> = {},
): ContainerStatus => ({
  name: 'c',
  ready: false,
  restartCount: 0,
  image: '',
  imageID: '',
  state: state ?? {},
  lastState: {},
  ...more,
});
const running = (more: Partial<ContainerStatus> = {}) =>
  container({ running: { startedAt: at(60) } }, { ready: true, ...more });
const terminated = (exitCode: number, reason?: string, more: Partial<ContainerStatus> = {}) =>
  container({ terminated: { exitCode, ...(reason !== undefined && { reason }) } }, more);

describe('printPod', () => {
  test.each<[string, ReturnType<typeof row>, Partial<ReturnType<typeof row>>]>([
    [
      'a pod that waits for a node',
      row({}, { phase: 'Pending' }),
      { ready: '0/1', status: 'Pending', restarts: '0', age: '3m' },
    ],
    [
      'a gated pod',
      row(
        {},
        {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
        },
      ),
      { status: 'SchedulingGated' },
    ],
    [
      'a running pod',
      row({}, { phase: 'Running', containerStatuses: [running()] }),
      { ready: '1/1', status: 'Running' },
    ],
    [
      'a container that is made',
      row(
        {},
        { phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ContainerCreating' } })] },
      ),
      { ready: '0/1', status: 'ContainerCreating' },
    ],
    [
      'a crash loop, with the time of the last restart',
      row(
        {},
        {
          phase: 'Running',
          containerStatuses: [
            container(
              { waiting: { reason: 'CrashLoopBackOff' } },
              { restartCount: 2, lastState: { terminated: { exitCode: 1, finishedAt: at(207) } } },
            ),
          ],
        },
      ),
      { status: 'CrashLoopBackOff', restarts: '2 (3m27s ago)' },
    ],
    [
      'an end with success',
      row({}, { phase: 'Succeeded', containerStatuses: [terminated(0, 'Completed')] }),
      { status: 'Completed' },
    ],
    [
      'an end without a reason',
      row({}, { phase: 'Failed', containerStatuses: [terminated(3)] }),
      { status: 'ExitCode:3' },
    ],
    [
      'an end by a signal',
      row(
        {},
        { phase: 'Failed', containerStatuses: [container({ terminated: { exitCode: 137, signal: 9 } })] },
      ),
      { status: 'Signal:9' },
    ],
    [
      'the second of two init containers',
      row(
        { initContainers: [{ name: 'a' }, { name: 'b' }] },
        {
          phase: 'Pending',
          initContainerStatuses: [
            terminated(0, 'Completed', { name: 'a' }),
            container({ waiting: { reason: 'PodInitializing' } }, { name: 'b' }),
          ],
        },
      ),
      { status: 'Init:1/2' },
    ],
    [
      'an init container that fails',
      row(
        { initContainers: [{ name: 'a' }] },
        { phase: 'Pending', initContainerStatuses: [terminated(1, 'Error', { name: 'a' })] },
      ),
      { status: 'Init:Error' },
    ],
    [
      'one of two containers ended, the pod is ready',
      row(
        { containers: [{ name: 'c' }, { name: 'd' }] },
        {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'True' }],
          containerStatuses: [terminated(0, 'Completed'), running({ name: 'd' })],
        },
      ),
      { ready: '1/2', status: 'Running' },
    ],
    [
      'one of two containers ended, the pod is not ready',
      row(
        { containers: [{ name: 'c' }, { name: 'd' }] },
        { phase: 'Running', containerStatuses: [terminated(0, 'Completed'), running({ name: 'd' })] },
      ),
      { status: 'NotReady' },
    ],
    [
      'a pod on its way out',
      row({}, { phase: 'Running', containerStatuses: [running()] }, { deletionTimestamp: at(-20) }),
      { ready: '1/1', status: 'Terminating' },
    ],
    [
      'a pod on its way out on a lost node',
      row({}, { phase: 'Running', reason: 'NodeLost' }, { deletionTimestamp: at(-20) }),
      { status: 'Unknown' },
    ],
    ['an evicted pod', row({}, { phase: 'Failed', reason: 'Evicted' }), { status: 'Evicted' }],
  ])('%s', (_name, got, want) => {
    expect(got).toMatchObject(want);
  });
});
