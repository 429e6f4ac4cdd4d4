import type { VirtualClock } from '../clock/virtual-clock.ts';
import { createCluster, LAB_START } from '../cluster/create-cluster.ts';
import { createEtcdLab } from '../cluster/etcd-only/create.ts';
import type { Shell } from '../shell/command.ts';
import type { ShellOptions } from './options.ts';
import { settle } from './settle.ts';

/** A terminal and the clock that its commands wait on. */
export interface Lab {
  readonly clock: VirtualClock;
  readonly shell: Shell;
}

/** The lab that `sim shell` opens. */
export async function openLab({ seed, emptyEtcd }: ShellOptions): Promise<Lab> {
  if (emptyEtcd) return createEtcdLab({ seed, start: LAB_START, settle });
  const cluster = await createCluster({ shape: 'kubeadm', seed, settle });
  return { clock: cluster.clock, shell: cluster.openShell() };
}
