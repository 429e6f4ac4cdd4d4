import type { KeyPair } from '../crypto/tls/key-pair.ts';
import type { CertPool } from '../crypto/x509/verify.ts';
import type { Auth } from '../etcd/clientv3/auth.ts';
import type { EtcdClient } from '../etcd/clientv3/client.ts';
import type { Cluster, Maintenance } from '../etcd/clientv3/maintenance.ts';
import type { Machine } from '../node/machine.ts';

/** What etcdctl shows and trusts. */
export interface EtcdTls {
  readonly rootCAs?: CertPool;
  readonly keyPair?: KeyPair;
  readonly insecureSkipVerify?: boolean;
}

/** The same, and who asks. */
export interface EtcdDial extends EtcdTls {
  readonly user?: { readonly name: string; readonly password: string };
}

export type EtcdctlClient = EtcdClient & Maintenance & Cluster & Auth;

/** How etcdctl on a machine reaches an etcd. The cluster provides it. */
export interface EtcdNetwork {
  /**
   * `endpoint` is a URL, "https://127.0.0.1:2379". `problem` is what gRPC says of why there is no
   * connection: "transport: Error while dialing: dial tcp 127.0.0.1:2379: connect: connection refused".
   */
  connect(
    machine: Machine,
    endpoint: string,
    dial: EtcdDial,
  ): Promise<{ readonly client: EtcdctlClient } | { readonly problem: string }>;
}
