import type { EtcdClient } from '../etcd/clientv3/client.ts';
import type { Cluster, Maintenance } from '../etcd/clientv3/maintenance.ts';
import type { Machine } from '../node/machine.ts';

/** What etcdctl shows and trusts; PEM texts. */
interface EtcdTls {
  readonly certificateAuthority?: string;
  readonly certificate?: string;
  readonly key?: string;
}

export type EtcdctlClient = EtcdClient & Maintenance & Cluster;

/** How etcdctl on a machine reaches an etcd. The cluster provides it. */
export interface EtcdNetwork {
  /**
   * `endpoint` is "127.0.0.1:2379" or a URL. `problem` is what gRPC says of why there is no
   * connection: "transport: Error while dialing: dial tcp 127.0.0.1:2379: connect: connection refused".
   */
  connect(
    machine: Machine,
    endpoint: string,
    tls: EtcdTls,
  ): { readonly client: EtcdctlClient } | { readonly problem: string };
}
