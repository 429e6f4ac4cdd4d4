import type { ContainerStatus, Pod } from 'kubernetes-types/core/v1';
import { describe, expect, test } from 'vitest';
import { generateConditions, podPhase } from './generate.ts';

type State = 'waiting' | 'running' | 'ok' | 'failed' | 'crashing';

const STATES: Record<State, Pick<ContainerStatus, 'state' | 'lastState' | 'ready' | 'started'>> = {
  waiting: { state: { waiting: { reason: 'ContainerCreating' } }, ready: false, started: false },
  running: { state: { running: {} }, ready: true, started: true },
  ok: { state: { terminated: { exitCode: 0 } }, ready: false, started: false },
  failed: { state: { terminated: { exitCode: 1 } }, ready: false, started: false },
  crashing: {
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: { exitCode: 1 } },
    ready: false,
    started: false,
  },
};

const statuses = (names: string[], states: State[]): ContainerStatus[] =>
  states.map((state, index) => ({
    name: names[index]!,
    image: 'i',
    imageID: '',
    restartCount: 0,
    ...STATES[state],
  }));
const podOf = (restartPolicy: string, init: number, main: number): Pod => ({
  spec: {
    restartPolicy,
    initContainers: Array.from({ length: init }, (_, index) => ({ name: `i${index}` })),
    containers: Array.from({ length: main }, (_, index) => ({ name: `c${index}` })),
  },
});
const NAMES = ['c0', 'c1'];
const INIT_NAMES = ['i0', 'i1'];

describe('podPhase', () => {
  const cases: [string, string, State[], State[], boolean, string][] = [
    ['nothing started', 'Always', [], ['waiting'], false, 'Pending'],
    ['one runs, one waits for its first start', 'Always', [], ['running', 'waiting'], false, 'Pending'],
    ['all run', 'Always', [], ['running', 'running'], false, 'Running'],
    ['one crashes and is to be restarted', 'Always', [], ['crashing'], false, 'Running'],
    ['all ended well, to be restarted', 'Always', [], ['ok'], false, 'Running'],
    ['all ended well', 'OnFailure', [], ['ok', 'ok'], false, 'Succeeded'],
    ['one failed, to be restarted', 'OnFailure', [], ['ok', 'failed'], false, 'Running'],
    ['all ended, one badly, for good', 'Never', [], ['ok', 'failed'], false, 'Failed'],
    ['one still runs', 'Never', [], ['running', 'failed'], false, 'Running'],
    ['an init container runs', 'Always', ['running'], ['waiting'], false, 'Pending'],
    ['an init container failed for good', 'Never', ['failed'], ['waiting'], false, 'Failed'],
    ['ended for good although it was to be restarted', 'Always', [], ['failed'], true, 'Failed'],
    ['ended well for good', 'Always', [], ['ok'], true, 'Succeeded'],
  ];
  test.each(cases)('%s (%s)', (_name, policy, init, main, terminal, phase) => {
    const pod = podOf(policy, init.length, main.length);
    expect(podPhase(pod, statuses(INIT_NAMES, init), statuses(NAMES, main), terminal)).toBe(phase);
  });

  test('a pod that has ended stays as it ended', () => {
    const pod: Pod = { ...podOf('Always', 0, 1), status: { phase: 'Failed' } };
    expect(podPhase(pod, [], statuses(NAMES, ['running']), false)).toBe('Failed');
  });
});

describe('generateConditions', () => {
  const conditionsOf = (pod: Pod, phase: string, init: State[], main: State[]) =>
    Object.fromEntries(
      generateConditions(
        pod,
        {
          phase,
          // An init container is ready when it is through.
          initContainerStatuses: statuses(INIT_NAMES, init).map((status, index) => ({
            ...status,
            ready: init[index] === 'ok',
          })),
          containerStatuses: statuses(NAMES, main),
        },
        true,
      ).map(({ type, status, reason, message }) => [
        type,
        [status, reason, message].filter((part) => part !== undefined),
      ]),
    );

  test('come in the order of upstream', () => {
    expect(Object.keys(conditionsOf(podOf('Always', 0, 1), 'Running', [], ['running']))).toEqual([
      'PodReadyToStartContainers',
      'Initialized',
      'Ready',
      'ContainersReady',
      'PodScheduled',
    ]);
  });

  test('name the containers that are not ready', () => {
    const unready = ['False', 'ContainersNotReady', 'containers with unready status: [c1]'];
    expect(conditionsOf(podOf('Always', 0, 2), 'Pending', [], ['running', 'waiting'])).toMatchObject({
      Initialized: ['True'],
      Ready: unready,
      ContainersReady: unready,
    });
  });

  test('name the init containers that are not through', () => {
    expect(conditionsOf(podOf('Always', 2, 1), 'Pending', ['ok', 'running'], ['waiting'])).toMatchObject({
      Initialized: ['False', 'ContainersNotInitialized', 'containers with incomplete status: [i1]'],
    });
  });

  test('say of a pod that ended well that it is completed', () => {
    expect(conditionsOf(podOf('Never', 0, 1), 'Succeeded', [], ['ok'])).toMatchObject({
      Initialized: ['True', 'PodCompleted'],
      Ready: ['False', 'PodCompleted'],
    });
  });
});
