import type { TLSSocket } from 'node:tls';
import type { HttpRequest } from '../../apimachinery/http.ts';
import { Certificate, CertificateError } from '../../crypto/x509/certificate.ts';

type ClientCertificate = NonNullable<HttpRequest['certificate']>;

/** Certificates that were seen last. */
const CAPACITY = 256;

/**
 * What clients show in their handshakes. Whether it is to be trusted is the server's to judge; a client that
 * comes again shows the same object, so that the server need not judge it again.
 */
export class ClientCertificates {
  readonly #bySocket = new WeakMap<TLSSocket, ClientCertificate | null>();
  readonly #byFingerprint = new Map<string, ClientCertificate>();

  /** Undefined for a client that shows none, or one that cannot be read. */
  readonly of = (socket: TLSSocket): ClientCertificate | undefined => {
    let certificate = this.#bySocket.get(socket);
    if (certificate === undefined) {
      certificate = this.#read(socket);
      this.#bySocket.set(socket, certificate);
    }
    return certificate ?? undefined;
  };

  #read(socket: TLSSocket): ClientCertificate | null {
    const { raw, fingerprint256 } = socket.getPeerCertificate();
    if (raw === undefined) return null;
    let certificate = this.#byFingerprint.get(fingerprint256);
    if (certificate !== undefined) return certificate;
    try {
      certificate = Certificate.parse(raw);
    } catch (error) {
      if (error instanceof CertificateError) return null;
      throw error;
    }
    if (this.#byFingerprint.size >= CAPACITY) {
      const [oldest] = this.#byFingerprint.keys();
      this.#byFingerprint.delete(oldest!);
    }
    this.#byFingerprint.set(fingerprint256, certificate);
    return certificate;
  }
}
