import type { CertificateIdentity, HttpTransport } from '../../apimachinery/http.ts';
import type { Decoder } from './decoder.ts';

/** Who a client is and how it reaches the server. Models k8s.io/client-go/rest Config. */
export interface RestConfig {
  /** "https://172.30.1.2:6443"; for messages, the transport knows the way. */
  readonly host: string;
  readonly transport: HttpTransport;
  readonly userAgent: string;
  readonly certificate?: CertificateIdentity;
  readonly bearerToken?: string;
  readonly impersonate?: { readonly user: string; readonly groups: readonly string[] };
  /** Parses watch lines; clients that share one share the objects. Missing: each parses for itself. */
  readonly decoder?: Decoder;
}
