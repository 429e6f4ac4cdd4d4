import type { VirtualClock } from '../clock/virtual-clock.ts';
import { createCluster } from '../cluster/create-cluster.ts';
import type { Shell } from '../shell/command.ts';
import type { ShellOptions } from './options.ts';
import { settle } from './settle.ts';

/** A terminal and the clock that its commands wait on. */
export interface Lab {
  readonly clock: VirtualClock;
  readonly shell: Shell;
}

/** The lab that `sim shell` opens. */
export async function openLab({ seed }: ShellOptions): Promise<Lab> {
  const cluster = await createCluster({ shape: 'kubeadm', seed, settle });
  return { clock: cluster.clock, shell: cluster.openShell() };
}
