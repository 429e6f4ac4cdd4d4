import { bootCluster, createCluster } from 'sim-core';
import type { Checkpoint, Cluster } from 'sim-core';
import type { Benchmark } from './measure.mts';
import { median, medianMilliseconds, settle } from './measure.mts';

const LAB = { shape: 'kubeadm', seed: 1, settle } as const;
let saved: Promise<string> | undefined;

/** Restores a saved cluster, as a page does: parsing the checkpoint's text is part of the price. */
async function newCluster(): Promise<Cluster> {
  saved ??= bootCluster(LAB).then((checkpoint) => JSON.stringify(checkpoint));
  return createCluster({ ...LAB, checkpoint: JSON.parse(await saved) as Checkpoint });
}

/** What a reader waits for: a cluster, and a Pod that runs. */
export const clusterBenchmarks: readonly Benchmark[] = [
  {
    name: 'cluster.new',
    run: async () => [
      {
        name: 'cluster.new',
        value: await medianMilliseconds(newCluster, { runs: 9, warmUp: 3 }),
        unit: 'ms',
      },
    ],
  },
  {
    name: 'cluster.boot',
    run: async () => [
      {
        name: 'cluster.boot',
        value: await medianMilliseconds(() => bootCluster(LAB), { runs: 5, warmUp: 2 }),
        unit: 'ms',
      },
    ],
  },
  {
    name: 'cluster.run-to-running',
    run: async () => {
      const real: number[] = [];
      const simulated: number[] = [];
      for (let run = 0; run < 9; run++) {
        const cluster = await newCluster();
        // Its components go on when time first moves.
        await cluster.clock.advance(1000);
        const shell = cluster.openShell();
        const from = cluster.clock.now();
        const started = performance.now();
        await cluster.clock.until(shell.run('kubectl run nginx --image=nginx'));
        await cluster.clock.until(shell.run('kubectl wait --for=condition=Ready pod/nginx --timeout=60s'));
        real.push(performance.now() - started);
        simulated.push(cluster.clock.now() - from);
      }
      return [
        { name: 'cluster.run-to-running', value: median(real), unit: 'ms' },
        { name: 'cluster.run-to-running.simulated', value: median(simulated), unit: 'ms' },
      ];
    },
  },
  {
    name: 'cluster.idle-hour',
    run: async () => {
      const cluster = await newCluster();
      const work = () => cluster.clock.advance(3_600_000);
      return [
        {
          name: 'cluster.idle-hour',
          value: await medianMilliseconds(work, { runs: 3, warmUp: 1 }),
          unit: 'ms',
        },
      ];
    },
  },
];
