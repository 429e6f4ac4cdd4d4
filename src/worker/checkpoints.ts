import kubeadm from '@generated/checkpoints/kubeadm.bin';
import manual from '@generated/checkpoints/manual.bin';
import { readCheckpoint } from './checkpoint-text.ts';
import { LAB_SEED } from './protocol.ts';
import type { Checkpoint, ClusterConfig } from './simulator.ts';
import { unpack } from './unpack.ts';

/** Where the clusters are that the build booted and saved: a reader need not wait until one has booted. */
const SAVED: Readonly<Record<string, string>> = { kubeadm, manual };

/**
 * The saved cluster of this shape and seed; undefined if there is none, and it must be booted. Rejects if it cannot
 * be fetched.
 */
export async function savedCluster({ shape, seed }: ClusterConfig): Promise<Checkpoint | undefined> {
  const address = seed === LAB_SEED ? SAVED[shape] : undefined;
  if (address === undefined) return undefined;
  return readCheckpoint(new TextDecoder().decode(await unpack(address)));
}
