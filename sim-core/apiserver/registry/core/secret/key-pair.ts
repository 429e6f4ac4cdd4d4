import { decodePem } from '../../../../crypto/encoding/pem.ts';
import type { PemBlock } from '../../../../crypto/encoding/pem.ts';
import { PrivateKey } from '../../../../crypto/keys/private-key.ts';
import { Certificate, CertificateError } from '../../../../crypto/x509/certificate.ts';
import { isPrivateKey } from '../../../../crypto/x509/pem.ts';

const typesOf = (blocks: readonly PemBlock[]) => `[${blocks.map(({ type }) => type).join(' ')}]`;

/**
 * Why a certificate and a key in PEM are no pair; undefined if they are, as far as the kind of key is known here.
 * Models crypto/tls X509KeyPair.
 */
export function keyPairFault(certificateText: string, keyText: string): string | undefined {
  const certificates = decodePem(certificateText);
  const leaf = certificates.find(({ type }) => type === 'CERTIFICATE');
  if (leaf === undefined) return noCertificate(certificates);
  const keys = decodePem(keyText);
  const keyBlock = keys.find(({ type }) => isPrivateKey(type));
  if (keyBlock === undefined) return noKey(keys);
  return mismatch(leaf, keyBlock);
}

function noCertificate(skipped: readonly PemBlock[]): string {
  if (skipped.length === 0) return 'tls: failed to find any PEM data in certificate input';
  return skipped.length === 1 && skipped[0]!.type.endsWith('PRIVATE KEY')
    ? 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched'
    : `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: ${typesOf(skipped)}`;
}

function noKey(skipped: readonly PemBlock[]): string {
  if (skipped.length === 0) return 'tls: failed to find any PEM data in key input';
  return skipped.length === 1 && skipped[0]!.type === 'CERTIFICATE'
    ? 'tls: found a certificate rather than a key in the PEM for the private key'
    : `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: ${typesOf(skipped)}`;
}

function mismatch(leaf: PemBlock, keyBlock: PemBlock): string | undefined {
  try {
    const { publicKey } = Certificate.parse(leaf.bytes);
    const key = PrivateKey.parse(keyBlock);
    if (key === undefined) return keyBlock.bytes[0] === 0x30 ? undefined : 'tls: failed to parse private key';
    if (key.publicKey.type !== publicKey.type) return 'tls: private key type does not match public key type';
    return key.publicKey.equals(publicKey) ? undefined : 'tls: private key does not match public key';
  } catch (error) {
    if (error instanceof CertificateError) return error.message;
    return 'tls: failed to parse private key';
  }
}
