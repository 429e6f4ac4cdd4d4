import type { HttpTransport } from '../../../apimachinery/http.ts';
import type { KeyPair } from '../../../crypto/tls/key-pair.ts';
import type { CertPool } from '../../../crypto/x509/verify.ts';
import type { Machine } from '../../../node/machine.ts';

/** The network as a program on a machine meets it. The cluster provides it. */
export interface CurlNetwork {
  /** Rejects with a ConnectionError that says in Go's words why there is no connection. */
  transport(
    machine: Machine,
    server: string,
    tls: {
      readonly rootCAs?: CertPool;
      readonly insecureSkipVerify?: boolean;
      /** The client certificate and its key. */
      readonly keyPair?: KeyPair;
    },
  ): HttpTransport;
}
