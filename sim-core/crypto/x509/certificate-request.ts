import { DerError, DerReader } from '../asn1/decode.ts';
import { bitString, explicit, integer, oid, sequence, setOf } from '../asn1/encode.ts';
import { context, TAG } from '../asn1/tags.ts';
import { encodePem } from '../encoding/pem.ts';
import type { PrivateKey } from '../keys/private-key.ts';
import { PublicKey } from '../keys/public-key.ts';
import { signatureAlgorithm } from '../keys/signature-algorithm.ts';
import type { AlternativeNames } from './alternative-names.ts';
import { NO_NAMES } from './alternative-names.ts';
import { CertificateError } from './certificate.ts';
import { extensionsDer, readExtensions } from './extensions.ts';
import { Name } from './name.ts';

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const ATTRIBUTES = context(0, { constructed: true });

/** A request for a certificate (PKCS #10). */
export class CertificateRequest {
  readonly subject: Name;
  readonly names: AlternativeNames;
  readonly publicKey: PublicKey;
  readonly der: Uint8Array;

  private constructor(subject: Name, names: AlternativeNames, publicKey: PublicKey, der: Uint8Array) {
    this.subject = subject;
    this.names = names;
    this.publicKey = publicKey;
    this.der = der;
  }

  /** Models crypto/x509 CreateCertificateRequest. */
  static create(subject: Name, names: AlternativeNames, key: PrivateKey): CertificateRequest {
    const wanted = Object.values(names).some((list) => list.length > 0);
    const extensions = extensionsDer({ keyUsages: [], extendedKeyUsages: [], names });
    const body = sequence(
      integer(0),
      subject.der,
      key.publicKey.spki,
      explicit(0, ...(wanted ? [sequence(oid(EXTENSION_REQUEST), setOf(extensions))] : [])),
    );
    const der = sequence(body, sequence(oid(key.algorithm.oid)), bitString(key.sign(body)));
    return new CertificateRequest(subject, names, key.publicKey, der);
  }

  /** Throws a {@link CertificateError} with Go's words. Models crypto/x509 ParseCertificateRequest. */
  static parse(der: Uint8Array): CertificateRequest {
    try {
      const body = new DerReader(der).sequence().sequence();
      body.integer();
      const subject = Name.read(body);
      const publicKey = PublicKey.parse(body.next(TAG.sequence).der);
      const attributes = body.optional(ATTRIBUTES);
      return new CertificateRequest(subject, namesOf(attributes?.content), publicKey, der);
    } catch (error) {
      if (error instanceof DerError) throw new CertificateError("asn1: structure error: tags don't match");
      throw error;
    }
  }

  get pem(): string {
    return encodePem({ type: 'CERTIFICATE REQUEST', bytes: this.der });
  }

  /** What is wrong with its signature; undefined if nothing is. Models CertificateRequest.CheckSignature. */
  get signatureProblem(): string | undefined {
    const outer = new DerReader(this.der).sequence();
    const signed = outer.next(TAG.sequence).der;
    const algorithm = signatureAlgorithm(outer.sequence().oid());
    if (algorithm === undefined) return 'x509: cannot verify signature: algorithm unimplemented';
    if (this.publicKey.verify(algorithm, signed, outer.bitString())) return undefined;
    return algorithm.key === 'ecdsa' ? 'x509: ECDSA verification failure' : 'crypto/rsa: verification error';
  }
}

function namesOf(attributes: Uint8Array | undefined): AlternativeNames {
  if (attributes === undefined) return NO_NAMES;
  const requested = new DerReader(attributes)
    .each((reader) => reader.sequence())
    .find((attribute) => attribute.oid() === EXTENSION_REQUEST);
  return requested === undefined
    ? NO_NAMES
    : readExtensions(new DerReader(requested.next(TAG.set).content)).names;
}
