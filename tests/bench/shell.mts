import { bootCluster, createCluster } from 'sim-core';
import type { Benchmark } from './measure.mts';
import { medianMilliseconds, settle } from './measure.mts';

const LAB = { shape: 'kubeadm', seed: 1, settle } as const;
/** Lines as everybody types them: of kubectl, of the machine, and with grammar. */
const LINES = [
  'kubectl get nodes',
  'kubectl get pods -A -o wide',
  'ls /etc/kubernetes',
  'cat /etc/hostname | wc -l',
];

/** How long a terminal takes for a line, once it has run it before. */
export const shellBenchmarks: readonly Benchmark[] = [
  {
    name: 'shell.line',
    run: async () => {
      const cluster = await createCluster({ ...LAB, checkpoint: await bootCluster(LAB) });
      await cluster.clock.advance(1000);
      const shell = cluster.openShell();
      const run = async (line: string) => {
        const { exit, stderr } = await cluster.clock.until(shell.run(line));
        if (exit !== 0) throw new Error(`${line}: ${stderr}`);
      };
      const measured = [];
      for (const line of LINES) {
        const value = await medianMilliseconds(() => run(line), { runs: 21, warmUp: 3 });
        measured.push({ name: `shell.line: ${line}`, value, unit: 'ms' });
      }
      return measured;
    },
  },
];
