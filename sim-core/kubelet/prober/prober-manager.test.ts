import type { Pod } from 'kubernetes-types/core/v1';
import { expect, test } from 'vitest';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import type { ContainerStatus } from '../../cri/runtime-service.ts';
import { settle } from '../../testing/settle.ts';
import { ProberManager } from './prober-manager.ts';
import type { Prober } from './prober.ts';

const container = { name: 'c', image: 'nginx', startupProbe: { httpGet: { port: 80 }, periodSeconds: 5 } };
const pod: Pod = {
  metadata: { name: 'p', namespace: 'default', uid: 'u' },
  spec: { containers: [container] },
};

/** A pod whose one container runs as `id`, and how often it was asked. */
function watched(clock: VirtualClock) {
  const state = { id: 'first', asked: 0 };
  const prober = {
    probe: () => Promise.resolve({ ok: ++state.asked > 0, output: '' }),
    onceChanged: () => undefined,
  } as unknown as Prober;
  const probes = new ProberManager(clock, prober, {
    observe: () => {
      const instance = { id: state.id, state: 'CONTAINER_RUNNING', startedAt: 0 } as ContainerStatus;
      return Promise.resolve({ pod, container: () => instance, podIP: '10.0.0.1' });
    },
    changed: () => {},
    record: () => {},
  });
  return { state, probes };
}

test('a container that is known to have started is not looked at again until its pod changes', async () => {
  const clock = new VirtualClock({ start: 1000, settle });
  const { state, probes } = watched(clock);
  const known = { containerID: 'containerd://first', state: { running: {} }, ready: true, started: true };
  probes.recall([{ name: 'c', image: 'nginx', imageID: '', restartCount: 0, ...known }]);
  probes.addPod(pod);
  await clock.advance(60_000);
  expect(clock.pending).toBe(0);
  expect(state.asked).toBe(0);

  probes.podChanged(pod);
  await clock.advance(60_000);
  expect(clock.pending).toBe(0);
  expect(state.asked).toBe(0);

  state.id = 'second';
  probes.podChanged(pod);
  await clock.advance(4999);
  expect(state.asked).toBe(0);
  await clock.advance(1);
  expect(state.asked).toBe(1);
  await clock.advance(60_000);
  expect(clock.pending).toBe(0);
  expect(state.asked).toBe(1);
});
