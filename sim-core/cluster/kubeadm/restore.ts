import type { Checkpoint } from '../checkpoint.ts';
import type { Cluster } from '../cluster.ts';
import type { ClusterHost } from '../restore.ts';
import { restoreCluster } from '../restore.ts';
import { API_SERVER_PORT, CONTROL_PLANE, IMAGES } from './constants.ts';
import { installNode } from './node.ts';

/** The kubeadm cluster that `checkpoint` was taken of. */
export function restoreKubeadmCluster(checkpoint: Checkpoint, host: ClusterHost): Promise<Cluster> {
  return restoreCluster(checkpoint, host, {
    home: CONTROL_PLANE.hostname,
    apiserver: { address: CONTROL_PLANE.address, port: API_SERVER_PORT },
    install: (foundation, machine, runtime) =>
      installNode(foundation, machine, {
        images: runtime?.images ?? [IMAGES.pause],
        ...(runtime !== undefined && { podNetwork: runtime.podNetwork }),
      }),
  });
}
