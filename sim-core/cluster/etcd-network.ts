import { MemoryClient } from '../etcd/clientv3/memory.ts';
import type { EtcdctlClient, EtcdDial, EtcdNetwork } from '../etcdctl/network.ts';
import type { Machine } from '../node/machine.ts';
import { dialEtcd } from './components/etcd-connection.ts';
import type { ComponentServices } from './components/services.ts';

/** The etcds of the cluster's machines as etcdctl meets them: by address, over TLS where they speak it. */
export class ClusterEtcdNetwork implements EtcdNetwork {
  readonly #services: ComponentServices;

  constructor(services: ComponentServices) {
    this.#services = services;
  }

  async connect(
    machine: Machine,
    endpoint: string,
    { user, ...tls }: EtcdDial,
  ): Promise<{ readonly client: EtcdctlClient } | { readonly problem: string }> {
    const found = await dialEtcd(this.#services, machine, endpoint, tls);
    if ('problem' in found) return { problem: found.problem };
    const { server, commonName } = found;
    return { client: new MemoryClient(server, { ...(user && { user }), ...(commonName && { commonName }) }) };
  }
}
