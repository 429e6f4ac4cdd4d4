import { LAB_SEED } from './protocol.ts';
import type { Checkpoint, ClusterConfig } from './simulator.ts';

/** Clusters that the build booted and saved: a reader need not wait until one has booted. */
const SAVED: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>> = {
  kubeadm: () => import('@generated/checkpoints/kubeadm.json'),
  manual: () => import('@generated/checkpoints/manual.json'),
};

/** The saved cluster of this shape and seed; undefined if there is none, and it must be booted. */
export async function savedCluster({ shape, seed }: ClusterConfig): Promise<Checkpoint | undefined> {
  const load = seed === LAB_SEED ? SAVED[shape] : undefined;
  return load && ((await load()).default as Checkpoint);
}
