import type { CertificateIdentity, HttpTransport } from '../../apimachinery/http.ts';
import type { Machine } from '../../node/machine.ts';

/** How a client checks who it talks to. */
export interface TlsClientConfig {
  /** The CA bundle as PEM; missing: what the system trusts. */
  readonly certificateAuthority?: string;
  readonly insecureSkipVerify?: boolean;
  readonly serverName?: string;
}

/**
 * The network and the public keys as a client on a machine meets them. The cluster provides it.
 */
export interface ClientNetwork {
  /**
   * The way from `machine` to a server address such as "https://172.30.1.2:6443". The transport
   * rejects with a ConnectionError whose message is Go's: "dial tcp 172.30.1.2:6443: connect:
   * connection refused", "tls: failed to verify certificate: x509: …".
   */
  transport(machine: Machine, server: string, tls: TlsClientConfig): HttpTransport;
  /**
   * What a server will see of a client certificate (PEM) whose private key (PEM) fits; undefined if
   * they are no certificate and key, or do not belong together.
   */
  identify(certificate: string, key: string): CertificateIdentity | undefined;
}
