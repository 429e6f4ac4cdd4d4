import type { CertificateIdentity, HttpTransport } from '../../../apimachinery/http.ts';
import type { Machine } from '../../../node/machine.ts';

/** The network and the public keys as a program on a machine meets them. The cluster provides it. */
export interface CurlNetwork {
  /** Rejects with a ConnectionError that says in Go's words why there is no connection. */
  transport(
    machine: Machine,
    server: string,
    tls: { readonly certificateAuthority?: string; readonly insecureSkipVerify?: boolean },
  ): HttpTransport;
  /** What a server will see of a client certificate and its key; undefined if they do not fit. */
  identify(certificate: string, key: string): CertificateIdentity | undefined;
}
