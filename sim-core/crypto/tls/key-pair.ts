import type { PrivateKey } from '../keys/private-key.ts';
import type { Certificate } from '../x509/certificate.ts';
import { CertificateError } from '../x509/certificate.ts';
import type { Pem } from '../x509/pem.ts';
import { isPrivateKey } from '../x509/pem.ts';

/** A certificate, those that it was signed with, and its key. Models crypto/tls Certificate. */
export interface KeyPair {
  readonly certificate: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly key: PrivateKey;
}

/** What is wrong with certificate or key: Go's words. */
export class KeyPairError extends Error {
  override readonly name = 'KeyPairError';
}

/** Brings a certificate and its key together; throws a {@link KeyPairError}. Models crypto/tls X509KeyPair. */
export function keyPair(certificatePem: Pem, keyPem: Pem): KeyPair {
  const { certificates, types } = contentsOf(certificatePem);
  const [certificate, ...intermediates] = certificates;
  if (certificate === undefined) throw new KeyPairError(`tls: ${noCertificate(types)}`);
  const { key, types: keyTypes } = contentsOf(keyPem);
  if (key === undefined) throw new KeyPairError(`tls: ${noKey(keyTypes)}`);
  if (certificate.publicKey.equals(key.publicKey)) return { certificate, intermediates, key };
  throw new KeyPairError(
    certificate.publicKey.type === 'ecdsa'
      ? 'tls: private key does not match public key'
      : 'tls: private key type does not match public key type',
  );
}

function contentsOf(pem: Pem): Pem['contents'] {
  try {
    return pem.contents;
  } catch (error) {
    if (error instanceof CertificateError) throw new KeyPairError(error.message);
    throw error;
  }
}

function noCertificate(types: readonly string[]): string {
  if (types.length === 0) return 'failed to find any PEM data in certificate input';
  if (types.length === 1 && isPrivateKey(types[0]!))
    return 'failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
  return `failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${types.join(' ')}]`;
}

function noKey(types: readonly string[]): string {
  if (types.length === 0) return 'failed to find any PEM data in key input';
  if (types.some(isPrivateKey)) return 'failed to parse private key';
  if (types.length === 1 && types[0] === 'CERTIFICATE')
    return 'found a certificate rather than a key in the PEM for the private key';
  return `failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${types.join(' ')}]`;
}
