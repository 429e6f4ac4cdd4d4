import type { Checkpoint } from '../checkpoint.ts';
import type { Cluster } from '../cluster.ts';
import { API_SERVER_PORT } from '../kubeadm/constants.ts';
import type { ClusterHost } from '../restore.ts';
import { restoreCluster } from '../restore.ts';
import { SERVER } from './constants.ts';
import { installUnits } from './install.ts';

/** The manual installation that `checkpoint` was taken of. */
export function restoreManualCluster(checkpoint: Checkpoint, host: ClusterHost): Promise<Cluster> {
  return restoreCluster(checkpoint, host, {
    home: SERVER.hostname,
    apiserver: { address: SERVER.address, port: API_SERVER_PORT },
    install: ({ services }, machine) => installUnits(services, machine),
  });
}
