import { MemoryClient } from '../etcd/clientv3/memory.ts';
import type { EtcdctlClient, EtcdNetwork, EtcdTls } from '../etcdctl/network.ts';
import type { Machine } from '../node/machine.ts';
import { dialEtcd } from './components/etcd-connection.ts';
import type { ComponentServices } from './components/services.ts';

/** The etcds of the cluster's machines as etcdctl meets them: by address, over TLS where they speak it. */
export class ClusterEtcdNetwork implements EtcdNetwork {
  readonly #services: ComponentServices;

  constructor(services: ComponentServices) {
    this.#services = services;
  }

  connect(
    machine: Machine,
    endpoint: string,
    tls: EtcdTls,
  ): { readonly client: EtcdctlClient } | { readonly problem: string } {
    const found = dialEtcd(this.#services, machine, endpoint, tls);
    return 'server' in found ? { client: new MemoryClient(found.server) } : { problem: found.problem };
  }
}
