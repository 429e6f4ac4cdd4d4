/** How a signature was made: the key's family and the hash. */
export interface SignatureAlgorithm {
  readonly oid: string;
  /** "ECDSA-SHA256", as Go names it. */
  readonly name: string;
  readonly key: 'ecdsa' | 'rsa';
  readonly hash: 'sha256' | 'sha384' | 'sha512';
}

/** What certificates and requests in use are signed with. Models crypto/x509 signatureAlgorithmDetails. */
const ALGORITHMS: readonly SignatureAlgorithm[] = [
  { oid: '1.2.840.10045.4.3.2', name: 'ECDSA-SHA256', key: 'ecdsa', hash: 'sha256' },
  { oid: '1.2.840.10045.4.3.3', name: 'ECDSA-SHA384', key: 'ecdsa', hash: 'sha384' },
  { oid: '1.2.840.10045.4.3.4', name: 'ECDSA-SHA512', key: 'ecdsa', hash: 'sha512' },
  { oid: '1.2.840.113549.1.1.11', name: 'SHA256-RSA', key: 'rsa', hash: 'sha256' },
  { oid: '1.2.840.113549.1.1.12', name: 'SHA384-RSA', key: 'rsa', hash: 'sha384' },
  { oid: '1.2.840.113549.1.1.13', name: 'SHA512-RSA', key: 'rsa', hash: 'sha512' },
];

export const ECDSA_SHA256 = ALGORITHMS[0]!;

/** Undefined for an algorithm that is not known here. */
export function signatureAlgorithm(oid: string): SignatureAlgorithm | undefined {
  return ALGORITHMS.find((algorithm) => algorithm.oid === oid);
}
