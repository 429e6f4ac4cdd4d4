import type { Cluster, ClusterConfig, ClusterShape } from './cluster.ts';
import { createApiserverOnly } from './apiserver-only/create.ts';
import { createKubeadmCluster } from './kubeadm/create.ts';
import { createManualCluster } from './manual/create.ts';

/** When the clock of a lab starts: 2026-11-23 09:00:00 UTC. */
export const LAB_START = Date.UTC(2026, 10, 23, 9);

const SHAPES: Readonly<Record<ClusterShape, (config: Required<ClusterConfig>) => Promise<Cluster>>> = {
  kubeadm: createKubeadmCluster,
  manual: createManualCluster,
  apiserver: createApiserverOnly,
};

/**
 * Builds a cluster and runs it up to `config.start`. What it holds is a function of shape, seed and
 * start alone.
 */
export function createCluster(config: ClusterConfig): Promise<Cluster> {
  return SHAPES[config.shape]({ start: LAB_START, ...config });
}
