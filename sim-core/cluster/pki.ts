import type { Rand } from '../clock/rand.ts';
import { PrivateKey } from '../crypto/keys/private-key.ts';
import type { KeyPair } from '../crypto/tls/key-pair.ts';
import { keyPair } from '../crypto/tls/key-pair.ts';
import { serverNames } from '../crypto/x509/alternative-names.ts';
import { Certificate } from '../crypto/x509/certificate.ts';
import { Name } from '../crypto/x509/name.ts';
import { Pem } from '../crypto/x509/pem.ts';
import type { ExtendedKeyUsage } from '../crypto/x509/usages.ts';
import { toBigInt } from '../crypto/encoding/bytes.ts';
import type { PkiFiles } from './checkpoint.ts';

/** Whom a certificate is for. */
interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

/** What a certificate is to be good for. */
export interface CertificateRequest {
  readonly subject: Subject;
  readonly usages: readonly ExtendedKeyUsage[];
  /** Names and addresses of a server. */
  readonly sans?: readonly string[];
  /** From when, and for how long after it, in milliseconds; default: kubeadm's year. */
  readonly now: number;
  readonly validity?: number;
}

/** A certificate with its key. */
export class IssuedCertificate implements KeyPair {
  readonly certificate: Certificate;
  readonly intermediates: readonly Certificate[] = [];
  readonly key: PrivateKey;
  /** As the files hold them. */
  readonly certificateFile: Pem;
  readonly keyFile: Pem;

  constructor(certificate: Certificate, key: PrivateKey) {
    this.certificate = certificate;
    this.key = key;
    this.certificateFile = Pem.of(certificate);
    this.keyFile = Pem.of(key);
  }

  /** Who a server sees in front of it. */
  get identity(): Certificate {
    return this.certificate;
  }

  get certificatePEM(): string {
    return this.certificateFile.text;
  }

  get privateKeyPEM(): string {
    return this.keyFile.text;
  }
}

const YEAR_MS = 365 * 24 * 3600_000;
/** Validity of kubeadm's authorities and of what they sign. */
const AUTHORITY_VALIDITY = 10 * YEAR_MS;
const CERTIFICATE_VALIDITY = YEAR_MS;
/** kubeadm dates certificates back, so that clocks may differ. */
const BACKDATE_MS = 300_000;

/** Where the authorities lie below /etc/kubernetes/pki, by name. */
const AUTHORITY_FILES: Readonly<Record<string, string>> = {
  kubernetes: 'ca',
  'front-proxy-ca': 'front-proxy-ca',
  'etcd-ca': 'etcd/ca',
};

const KEY_BYTES = 32;
const SERIAL_BYTES = 8;

/**
 * The certificate authorities of a cluster. Keys and serial numbers come from the seed, signatures are
 * deterministic: the same seed gives the same bytes.
 *
 * Models cmd/kubeadm/app/util/pkiutil.
 */
export class Pki {
  readonly #rand: Rand;
  readonly #authorities = new Map<string, IssuedCertificate>();
  #accountKey: PrivateKey | undefined;

  /** `files` are authorities and a key of service accounts that are there already; throws for broken ones. */
  constructor(rand: Rand, files: PkiFiles = {}) {
    this.#rand = rand;
    for (const [name, path] of Object.entries(AUTHORITY_FILES)) {
      const [certificate, key] = [files[`${path}.crt`], files[`${path}.key`]];
      if (certificate === undefined || key === undefined) continue;
      const pair = keyPair(Pem.ofText(certificate), Pem.ofText(key));
      this.#authorities.set(name, new IssuedCertificate(pair.certificate, pair.key));
    }
    const account = files['sa.key'];
    if (account !== undefined) this.#accountKey = Pem.ofText(account).contents.key;
  }

  /** The authority called `name`, made at `now` (milliseconds) when it is first asked for. */
  authority(name: string, now: number): IssuedCertificate {
    const known = this.#authorities.get(name);
    if (known !== undefined) return known;
    const key = this.key();
    const certificate = Certificate.create(
      {
        serialNumber: newSerialNumber(this.#rand),
        subject: Name.of({ commonName: name }),
        notBefore: now - BACKDATE_MS,
        notAfter: now + AUTHORITY_VALIDITY,
        keyUsages: ['digital signature', 'key encipherment', 'cert sign'],
        extendedKeyUsages: [],
        isCA: true,
        names: serverNames([name]),
      },
      key.publicKey,
      key,
    );
    const made = new IssuedCertificate(certificate, key);
    this.#authorities.set(name, made);
    return made;
  }

  /** A certificate that the authority `issuer` signs. */
  issue(issuer: string, request: CertificateRequest): IssuedCertificate {
    return issueCertificate(this.#rand, this.authority(issuer, request.now), request);
  }

  /** The key that service account tokens are signed with. */
  serviceAccountKey(): PrivateKey {
    return (this.#accountKey ??= this.key());
  }

  /** A key without a certificate. */
  key(): PrivateKey {
    return newKey(this.#rand);
  }
}

/** A certificate with a new key, signed by `authority`. Models pkiutil.NewCertAndKey. */
export function issueCertificate(
  rand: Rand,
  authority: Pick<KeyPair, 'certificate' | 'key'>,
  { subject, usages, sans, now, validity }: CertificateRequest,
): IssuedCertificate {
  const key = newKey(rand);
  const certificate = Certificate.create(
    {
      serialNumber: newSerialNumber(rand),
      subject: Name.of(subject),
      notBefore: now - BACKDATE_MS,
      notAfter: now + (validity ?? CERTIFICATE_VALIDITY),
      keyUsages: ['digital signature', 'key encipherment'],
      extendedKeyUsages: usages,
      isCA: false,
      names: serverNames(sans ?? []),
    },
    key.publicKey,
    authority.key,
    authority.certificate,
  );
  return new IssuedCertificate(certificate, key);
}

const newKey = (rand: Rand): PrivateKey => PrivateKey.fromRandom(rand.bytes(KEY_BYTES));

function newSerialNumber(rand: Rand): bigint {
  const bytes = rand.bytes(SERIAL_BYTES);
  bytes[0]! &= 0x7f;
  return toBigInt(bytes) + 1n;
}
