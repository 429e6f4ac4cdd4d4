import { curve } from '../crypto/keys/curve.ts';
import type { BootConfig, Checkpoint } from './checkpoint.ts';
import type { Cluster, ClusterConfig, ClusterShape } from './cluster.ts';
import type { ClusterHost } from './restore.ts';
import { restoreKubeadmCluster } from './kubeadm/restore.ts';

/** When the clock of a lab starts: 2026-11-23 09:00:00 UTC. */
export const LAB_START = Date.UTC(2026, 10, 23, 9);

/** Shapes that take their time to boot: what boots them, and what restores them; fetched on use, but for the usual one's. */
type BootedShape = Exclude<ClusterShape, 'apiserver'>;
const SHAPES: Readonly<
  Record<
    BootedShape,
    {
      boot(config: BootConfig): Promise<Checkpoint>;
      restore(checkpoint: Checkpoint, host: ClusterHost): Promise<Cluster>;
    }
  >
> = {
  kubeadm: {
    boot: async (config) => (await import('./kubeadm/boot.ts')).bootKubeadmCluster(config),
    restore: restoreKubeadmCluster,
  },
  manual: {
    boot: async (config) => (await import('./manual/boot.ts')).bootManualCluster(config),
    restore: async (...from) => (await import('./manual/restore.ts')).restoreManualCluster(...from),
  },
};

/**
 * Builds a cluster that stands at `config.start`. What it holds is a function of shape, seed and start
 * alone: whether it was booted just now or comes from a checkpoint of {@link bootCluster} makes no difference.
 */
export async function createCluster(config: ClusterConfig): Promise<Cluster> {
  const { shape, seed, settle, start = LAB_START, compactionInterval } = config;
  if (shape === 'apiserver') {
    await curve.fetch();
    return (await import('./apiserver-only/create.ts')).createApiserverOnly({ ...config, start });
  }
  const checkpoint = config.checkpoint ?? (await bootCluster({ ...config, shape, start }));
  if (checkpoint.seed !== seed || checkpoint.time !== start) {
    throw new Error(
      `the checkpoint is of seed ${checkpoint.seed} at ${checkpoint.time}, not ${seed} at ${start}`,
    );
  }
  return SHAPES[shape].restore(checkpoint, {
    settle,
    ...(compactionInterval !== undefined && { compactionInterval }),
  });
}

/** Boots a cluster, up to `config.start`, and saves it. */
export async function bootCluster(
  config: Omit<ClusterConfig, 'checkpoint'> & { readonly shape: BootedShape },
): Promise<Checkpoint> {
  await curve.fetch();
  return SHAPES[config.shape].boot({ start: LAB_START, ...config });
}
