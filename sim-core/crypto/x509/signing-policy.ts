import type { KeyPair } from '../tls/key-pair.ts';
import type { CertificateRequest } from './certificate-request.ts';
import { Certificate } from './certificate.ts';
import { splitUsages } from './usages.ts';

/** What an authority grants to whoever asks. Models pkg/controller/certificates/authority PermissiveSigningPolicy. */
export interface SigningPolicy {
  /** Names of certificates.k8s.io: "client auth", "digital signature". */
  readonly usages: readonly string[];
  /** How long the certificate is good for, in milliseconds. */
  readonly ttl: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly serialNumber: bigint;
}

/** Certificates begin in the past, so that clocks may differ. */
const BACKDATE_MS = 5 * 60_000;
/** Of one that is good for no longer than this, no time is taken off for it. */
const SHORT_MS = 8 * 3600_000;

/**
 * A certificate for the key of a request, with the names that it asks for, no longer good than the
 * authority itself. Throws an Error for an unknown usage.
 */
export function signRequest(
  authority: KeyPair,
  { subject, names, publicKey }: CertificateRequest,
  { usages, ttl, now, serialNumber }: SigningPolicy,
): Certificate {
  const split = splitUsages(usages);
  if ('unknown' in split) throw new Error(`unrecognized usages: [${split.unknown.join(' ')}]`);
  const notBefore = now - BACKDATE_MS;
  const notAfter = ttl <= SHORT_MS ? now + ttl : notBefore + ttl;
  return Certificate.create(
    {
      ...split,
      serialNumber,
      subject,
      names,
      notBefore,
      notAfter: Math.min(notAfter, authority.certificate.notAfter),
      isCA: false,
    },
    publicKey,
    authority.key,
    authority.certificate,
  );
}
