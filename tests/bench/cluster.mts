import { createCluster } from 'sim-core';
import type { Cluster } from 'sim-core';
import type { Benchmark } from './measure.mts';
import { median, medianMilliseconds, settle } from './measure.mts';

const newCluster = (): Promise<Cluster> => createCluster({ shape: 'kubeadm', seed: 1, settle });

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
    name: 'cluster.run-to-running',
    run: async () => {
      const real: number[] = [];
      const simulated: number[] = [];
      for (let run = 0; run < 9; run++) {
        const cluster = await newCluster();
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
