import type { Cluster, ClusterConfig, ClusterShape } from './cluster.ts';
import { createKubeadmCluster } from './kubeadm/create.ts';

/** When the clock of a lab starts: 2026-11-23 09:00:00 UTC. */
export const LAB_START = Date.UTC(2026, 10, 23, 9);

/** The usual shape is there at once, the others are fetched when a lab has one. */
const SHAPES: Readonly<Record<ClusterShape, (config: Required<ClusterConfig>) => Promise<Cluster>>> = {
  kubeadm: createKubeadmCluster,
  manual: async (config) => (await import('./manual/create.ts')).createManualCluster(config),
  apiserver: async (config) => (await import('./apiserver-only/create.ts')).createApiserverOnly(config),
};

/**
 * Builds a cluster and runs it up to `config.start`. What it holds is a function of shape, seed and
 * start alone.
 */
export function createCluster(config: ClusterConfig): Promise<Cluster> {
  return SHAPES[config.shape]({ start: LAB_START, ...config });
}
