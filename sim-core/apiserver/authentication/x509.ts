import type { CertificateIdentity, HttpRequest } from '../../apimachinery/http.ts';
import { formatTime } from '../../apimachinery/object.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Authenticated, Authenticator } from './authenticator.ts';

/**
 * Takes the common name of a client certificate as the user and its organizations as groups.
 * Models k8s.io/apiserver/pkg/authentication/request/x509.
 */
export class X509Authenticator implements Authenticator {
  readonly #clock: Clock;
  readonly #issuer: string;

  /** `issuer` names the CA of --client-ca-file; certificates of others are refused. */
  constructor(clock: Clock, issuer: string) {
    this.#clock = clock;
    this.#issuer = issuer;
  }

  async authenticate({ certificate }: HttpRequest): Promise<Authenticated | undefined> {
    if (certificate === undefined) return undefined;
    const complaint = this.#complaint(certificate);
    if (complaint !== undefined) throw new Error(`verifying certificate failed: x509: ${complaint}`);
    const { commonName, organizations, fingerprint } = certificate;
    if (commonName === '') return undefined;
    return {
      by: 'x509',
      user: {
        name: commonName,
        groups: organizations,
        extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] },
      },
    };
  }

  #complaint({ issuer, notBefore, notAfter }: CertificateIdentity): string | undefined {
    if (issuer !== this.#issuer) return 'certificate signed by unknown authority';
    const now = this.#clock.now();
    const expired = 'certificate has expired or is not yet valid: current time';
    if (now < notBefore) return `${expired} ${formatTime(now)} is before ${formatTime(notBefore)}`;
    if (now > notAfter) return `${expired} ${formatTime(now)} is after ${formatTime(notAfter)}`;
    return undefined;
  }
}
