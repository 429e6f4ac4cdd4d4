import type { HttpRequest } from '../../apimachinery/http.ts';
import type { Clock } from '../../clock/clock.ts';
import { hex } from '../../crypto/encoding/bytes.ts';
import { curve } from '../../crypto/keys/curve.ts';
import type { Certificate } from '../../crypto/x509/certificate.ts';
import type { CertPool } from '../../crypto/x509/verify.ts';
import type { Authenticated, Authenticator } from './authenticator.ts';
import type { UserInfo } from './user.ts';

/**
 * Takes the common name of a client certificate as the user and its organizations as groups.
 * Models k8s.io/apiserver/pkg/authentication/request/x509.
 */
export class X509Authenticator implements Authenticator {
  readonly #clock: Clock;
  readonly #authorities: CertPool;
  /** A certificate comes with every request of its holder. */
  readonly #known = new WeakMap<Certificate, Authenticated>();
  /** What checks signatures made elsewhere has been fetched. */
  #hasCurve = false;

  /** `authorities` are those of --client-ca-file; certificates of others are refused. */
  constructor(clock: Clock, authorities: CertPool) {
    this.#clock = clock;
    this.#authorities = authorities;
  }

  async authenticate({ certificate }: HttpRequest): Promise<Authenticated | undefined> {
    if (certificate === undefined) return undefined;
    if (!this.#hasCurve && (certificate.isForeign || this.#authorities.hasForeign)) {
      await curve.load(this.#clock);
      this.#hasCurve = true;
    }
    const now = this.#clock.now();
    const problem = this.#authorities.problem(certificate, { now, usage: 'client auth' });
    if (problem !== undefined) {
      throw new Error(`verifying certificate ${identifier(certificate)} failed: ${problem.message}`);
    }
    if (certificate.commonName === '') return undefined;
    let known = this.#known.get(certificate);
    if (known === undefined) {
      known = { by: 'x509', user: userOf(certificate) };
      this.#known.set(certificate, known);
    }
    return known;
  }
}

/** Models certificateIdentifier. */
function identifier({ serialNumber, keyIds }: Certificate): string {
  const shown = (id: Uint8Array | undefined) =>
    hex(id ?? new Uint8Array())
      .toUpperCase()
      .replace(/..(?=.)/g, '$&:');
  return `SN=${serialNumber}, SKID=${shown(keyIds.subjectKeyId)}, AKID=${shown(keyIds.authorityKeyId)}`;
}

/** Models x509 CommonNameUserConversion. */
function userOf(certificate: Certificate): UserInfo {
  return {
    name: certificate.commonName,
    groups: certificate.organizations,
    // Worked out when somebody looks: it needs the certificate's bytes.
    get extra() {
      return { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${certificate.fingerprint}`] };
    },
  };
}
