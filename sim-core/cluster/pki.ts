import type { CertificateIdentity } from '../apimachinery/http.ts';
import type { Rand } from '../clock/rand.ts';
import type { ServerCertificate } from '../node/network.ts';

/** A certificate with its key, both as PEM. */
export interface IssuedCertificate extends ServerCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  /** Names and addresses of a server. */
  readonly names?: readonly string[];
}

/** The certificates of a cluster by the name of their issuer, authorities first. */
export interface SavedPki {
  readonly authorities: readonly (readonly [name: string, issued: IssuedCertificate])[];
  readonly issued: readonly IssuedCertificate[];
}

const YEAR_MS = 365 * 24 * 3600_000;
/** Validity of kubeadm's authorities and of what they sign. */
const AUTHORITY_YEARS = 10;
const CERTIFICATE_YEARS = 1;
/** kubeadm dates certificates back, so that clocks may differ. */
const BACKDATE_MS = 300_000;

/** Sizes in bytes of what PEM blocks hold: an RSA-2048 key, a certificate. */
const KEY_BYTES = 1190;
const PUBLIC_KEY_BYTES = 294;
const CERTIFICATE_BYTES = 820;

/**
 * The certificate authorities of a cluster and all that they signed. Certificates stand for themselves:
 * their bytes come from the seed, who they name is remembered here.
 */
export class Pki {
  readonly #rand: Rand;
  readonly #authorities = new Map<string, IssuedCertificate>();
  readonly #byCertificate = new Map<string, IssuedCertificate>();

  /** Begins with what another one issued, if that was saved. */
  constructor(rand: Rand, saved: SavedPki = { authorities: [], issued: [] }) {
    this.#rand = rand;
    for (const [name, issued] of saved.authorities) this.#authorities.set(name, issued);
    for (const issued of saved.issued) this.#byCertificate.set(issued.certificate.trim(), issued);
  }

  save(): SavedPki {
    return { authorities: [...this.#authorities], issued: [...this.#byCertificate.values()] };
  }

  /** The authority called `name`, made at `now` (milliseconds) when it is first asked for. */
  authority(name: string, now: number): IssuedCertificate {
    const known = this.#authorities.get(name);
    if (known !== undefined) return known;
    const made = this.#make({ commonName: name }, name, undefined, now, AUTHORITY_YEARS);
    this.#authorities.set(name, made);
    return made;
  }

  /** A certificate that the authority `issuer` signed at `now`. */
  issue(issuer: string, request: CertificateRequest, now: number): IssuedCertificate {
    return this.#make(request, issuer, this.authority(issuer, now).certificate, now, CERTIFICATE_YEARS);
  }

  /** A key pair without a certificate, as PEM. */
  keyPair(): { readonly privateKey: string; readonly publicKey: string } {
    return {
      privateKey: this.#pem('RSA PRIVATE KEY', KEY_BYTES),
      publicKey: this.#pem('PUBLIC KEY', PUBLIC_KEY_BYTES),
    };
  }

  /** What was issued as this PEM text; undefined if nothing was. */
  find(certificate: string): IssuedCertificate | undefined {
    return this.#byCertificate.get(certificate.trim());
  }

  /** The holder of `certificate` if `key` is its key. */
  identify(certificate: string, key: string): CertificateIdentity | undefined {
    const issued = this.find(certificate);
    return issued?.key.trim() === key.trim() ? issued.identity : undefined;
  }

  #make(
    { commonName, organizations, names }: CertificateRequest,
    issuer: string,
    authority: string | undefined,
    now: number,
    years: number,
  ): IssuedCertificate {
    const certificate = this.#pem('CERTIFICATE', CERTIFICATE_BYTES);
    const issued: IssuedCertificate = {
      identity: {
        commonName,
        organizations: organizations ?? [],
        issuer,
        fingerprint: hex(this.#rand.bytes(32)),
        notBefore: now - BACKDATE_MS,
        notAfter: now + years * YEAR_MS,
      },
      authority: authority ?? certificate,
      names: names ?? [],
      certificate,
      key: this.#pem('RSA PRIVATE KEY', KEY_BYTES),
    };
    this.#byCertificate.set(certificate.trim(), issued);
    return issued;
  }

  #pem(label: string, bytes: number): string {
    const lines: string[] = [];
    for (let left = Math.ceil((bytes * 4) / 3 / 4) * 4; left > 0; left -= LINE) {
      lines.push(this.#base64(Math.min(left, LINE)));
    }
    return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
  }

  #base64(length: number): string {
    let text = '';
    while (text.length < length) {
      // Five characters from each draw: 30 of its 32 bits.
      let draw = this.#rand.uint32();
      for (let index = 0; index < 5 && text.length < length; index++) {
        text += BASE64[draw & 63];
        draw >>>= 6;
      }
    }
    return text;
  }
}

const LINE = 64;
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
