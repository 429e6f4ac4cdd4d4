import type { HttpTransport } from '../../apimachinery/http.ts';
import type { KeyPair } from '../../crypto/tls/key-pair.ts';
import type { CertPool } from '../../crypto/x509/verify.ts';
import type { Machine } from '../../node/machine.ts';

/** How a client checks who it talks to, and what it shows. */
export interface TlsClientConfig {
  /** Missing: what the system trusts. */
  readonly rootCAs?: CertPool;
  readonly insecureSkipVerify?: boolean;
  readonly serverName?: string;
  readonly keyPair?: KeyPair;
}

/** The network as a client on a machine meets it. The cluster provides it. */
export interface ClientNetwork {
  /**
   * The way from `machine` to a server address such as "https://172.30.1.2:6443". The transport
   * rejects with a ConnectionError whose message is Go's: "dial tcp 172.30.1.2:6443: connect:
   * connection refused", "tls: failed to verify certificate: x509: …".
   */
  transport(machine: Machine, server: string, tls: TlsClientConfig): HttpTransport;
}
