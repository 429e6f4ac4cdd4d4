import type { HttpTransport } from '../../apimachinery/http.ts';

/** Whom a client speaks for. Models k8s.io/client-go/rest ImpersonationConfig. */
interface Impersonation {
  readonly user: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  /** Values by key. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Who a client is and how it reaches the server. Models k8s.io/client-go/rest Config. */
export interface RestConfig {
  /** "https://172.30.1.2:6443"; for messages: the transport knows the way and shows the client certificate. */
  readonly host: string;
  readonly transport: HttpTransport;
  readonly userAgent: string;
  readonly bearerToken?: string;
  readonly impersonate?: Impersonation;
  /**
   * The revision at which the client's process was saved, if it goes on from there: informers begin with the
   * objects as of then, and learn of what came after as watches tell it.
   */
  readonly resumeFrom?: string | undefined;
}
