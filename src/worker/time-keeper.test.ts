import { beforeAll, expect, it } from 'vitest';
import { Lab } from './lab.ts';
import { LAB_SEED } from './protocol.ts';
import type { Checkpoint } from './simulator.ts';
import { bootCluster, createCluster } from './simulator.ts';
import { TimeKeeper } from './time-keeper.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
let checkpoint: Checkpoint;
beforeAll(async () => {
  checkpoint = await bootCluster({ shape: 'kubeadm', seed: LAB_SEED, settle });
});

/** A lab, and who keeps its time by a clock that goes on only while somebody rests. */
async function setUp() {
  let now = 0;
  const host = {
    createCluster: (config: Parameters<typeof createCluster>[0]) => createCluster({ ...config, checkpoint }),
    settle,
    realTime: () => now,
  };
  const told: boolean[] = [];
  const lab = await Lab.open(host, { id: 'page', shape: 'kubeadm', seed: LAB_SEED });
  const keeper = new TimeKeeper({
    realTime: () => now,
    rest: (milliseconds) => {
      now += milliseconds;
      return Promise.resolve();
    },
    onActivity: (_, passing) => told.push(passing),
  });
  return { lab, keeper, told };
}

it('says that time stands once it does, and not before', async () => {
  const { lab, keeper, told } = await setUp();
  await keeper.run(lab, () => false);
  expect(told).toEqual([false]);
  keeper.beginSwitch(lab);
  await keeper.run(lab, () => told.length > 3);
  expect(told).toEqual([false, true, true, true]);
});

it('rushes as far as it is told, in any mode, and then keeps the pace that was chosen', async () => {
  const { lab, keeper, told } = await setUp();
  keeper.pace = { mode: 'pause', speed: 1, rush: { until: 60_000, speed: 30 } };
  await keeper.run(lab, () => false);
  expect(lab.status.time).toBeGreaterThanOrEqual(60_000);
  expect(lab.status.time).toBeLessThan(62_000);
  // A minute in two seconds.
  expect(told.filter((passing) => passing)).toHaveLength(34);
  expect(told.at(-1)).toBe(false);
});
