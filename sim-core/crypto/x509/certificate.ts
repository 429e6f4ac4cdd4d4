import { DerError, DerReader } from '../asn1/decode.ts';
import { bitString, explicit, integer, oid, sequence, time } from '../asn1/encode.ts';
import { TAG, context } from '../asn1/tags.ts';
import { equal, hex } from '../encoding/bytes.ts';
import { encodePem } from '../encoding/pem.ts';
import { digest } from '../keys/hash.ts';
import type { PrivateKey } from '../keys/private-key.ts';
import { PublicKey } from '../keys/public-key.ts';
import { ECDSA_SHA256, signatureAlgorithm } from '../keys/signature-algorithm.ts';
import type { AlternativeNames } from './alternative-names.ts';
import { NO_NAMES } from './alternative-names.ts';
import type { Extensions } from './extensions.ts';
import { extensionsDer, readExtensions } from './extensions.ts';
import { Name } from './name.ts';
import type { ExtendedKeyUsage, KeyUsage } from './usages.ts';

/** What a certificate says, key and signature aside. */
export interface CertificateTemplate {
  readonly serialNumber: bigint;
  readonly subject: Name;
  /** Milliseconds since the Unix epoch; a certificate keeps whole seconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly keyUsages: readonly KeyUsage[];
  readonly extendedKeyUsages: readonly ExtendedKeyUsage[];
  readonly isCA?: boolean;
  readonly names?: AlternativeNames;
}

interface Fields extends Extensions {
  readonly serialNumber: bigint;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: PublicKey;
}

const VERSION_3 = 2;
const KEY_ID_BYTES = 20;
const EXTENSIONS = context(3, { constructed: true });

/** The bytes are no certificate. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

/**
 * An X.509 certificate. One that was made here is signed and written out only when somebody asks for
 * its bytes; what it says is known at once.
 */
export class Certificate {
  readonly serialNumber: bigint;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly keyUsages: readonly KeyUsage[];
  readonly extendedKeyUsages: readonly ExtendedKeyUsage[];
  readonly isCA: boolean | undefined;
  readonly names: AlternativeNames;
  readonly publicKey: PublicKey;
  readonly #source: () => Uint8Array;
  /** Who signed it, where that is known without a look at the signature. */
  readonly #signer: PublicKey | undefined;
  /** Its bytes were made here: whoever has the issuer's key identifier signed it. */
  readonly #isOwn: boolean;
  #der: Uint8Array | undefined;
  #fingerprint: string | undefined;

  private constructor(fields: Fields, source: () => Uint8Array, signer?: PublicKey, isOwn = false) {
    this.serialNumber = fields.serialNumber;
    this.issuer = fields.issuer;
    this.subject = fields.subject;
    this.notBefore = fields.notBefore;
    this.notAfter = fields.notAfter;
    this.keyUsages = fields.keyUsages;
    this.extendedKeyUsages = fields.extendedKeyUsages;
    this.isCA = fields.isCA;
    this.names = fields.names;
    this.publicKey = fields.publicKey;
    this.#source = source;
    this.#signer = signer;
    this.#isOwn = isOwn;
  }

  /**
   * A certificate for `publicKey`, signed with `key`, which belongs to `parent`; without a parent it is
   * signed by itself. Models crypto/x509 CreateCertificate.
   */
  static create(
    template: CertificateTemplate,
    publicKey: PublicKey,
    key: PrivateKey,
    parent?: Certificate,
  ): Certificate {
    const names = template.names ?? NO_NAMES;
    const fields = {
      ...template,
      names,
      notBefore: wholeSeconds(template.notBefore),
      notAfter: wholeSeconds(template.notAfter),
      issuer: parent?.subject ?? template.subject,
      publicKey,
    };
    const write = () => {
      const ownId = template.isCA === true ? keyId(publicKey) : undefined;
      const parentId = parent?.isCA === true ? keyId(parent.publicKey) : undefined;
      const signed = sequence(
        explicit(0, integer(VERSION_3)),
        integer(template.serialNumber),
        sequence(oid(key.algorithm.oid)),
        fields.issuer.der,
        sequence(time(fields.notBefore), time(fields.notAfter)),
        fields.subject.der,
        publicKey.spki,
        explicit(
          3,
          extensionsDer({
            ...fields,
            ...(ownId && { subjectKeyId: ownId }),
            ...(parentId && { authorityKeyId: parentId }),
          }),
        ),
      );
      return sequence(signed, sequence(oid(key.algorithm.oid)), bitString(key.sign(signed)));
    };
    return new Certificate(fields, write, key.publicKey);
  }

  /**
   * Throws a {@link CertificateError} with Go's words. `isOwn`: the bytes were made by this simulator, and
   * the signature needs no second look. Models crypto/x509 ParseCertificate.
   */
  static parse(der: Uint8Array, { isOwn = false }: { readonly isOwn?: boolean } = {}): Certificate {
    try {
      const body = new DerReader(der).sequence().sequence();
      body.optional(context(0, { constructed: true }));
      const serialNumber = body.integer();
      body.next(TAG.sequence);
      const issuer = Name.read(body);
      const validity = body.sequence();
      const [notBefore, notAfter] = [validity.time(), validity.time()];
      const subject = Name.read(body);
      const publicKey = PublicKey.parse(body.next(TAG.sequence).der);
      const extensions = body.done ? undefined : body.optional(EXTENSIONS);
      return new Certificate(
        {
          ...(extensions === undefined
            ? { keyUsages: [], extendedKeyUsages: [], names: NO_NAMES }
            : readExtensions(new DerReader(extensions.content))),
          serialNumber,
          issuer,
          subject,
          notBefore,
          notAfter,
          publicKey,
        },
        () => der,
        undefined,
        isOwn,
      );
    } catch (error) {
      if (error instanceof DerError) throw new CertificateError('x509: malformed certificate');
      throw error;
    }
  }

  get der(): Uint8Array {
    return (this.#der ??= this.#source());
  }

  get pem(): string {
    return encodePem({ type: 'CERTIFICATE', bytes: this.der });
  }

  /** Identifiers of its own key and of its issuer's, as the bytes have them. */
  get keyIds(): Pick<Extensions, 'subjectKeyId' | 'authorityKeyId'> {
    const body = new DerReader(this.der)
      .sequence()
      .sequence()
      .each((reader) => reader.next());
    const extensions = body.find(({ tag }) => tag === EXTENSIONS);
    return extensions === undefined ? {} : readExtensions(new DerReader(extensions.content));
  }

  /** Whether its authority's key identifier is that of `key`; of one that signs itself, its own. */
  #names(key: PublicKey): boolean {
    const { authorityKeyId, subjectKeyId } = this.keyIds;
    const id = authorityKeyId ?? subjectKeyId;
    return id !== undefined && equal(id, keyId(key));
  }

  /** Whether only a look at the signature tells who made it. */
  get isForeign(): boolean {
    return this.#signer === undefined && !this.#isOwn;
  }

  get commonName(): string {
    return this.subject.commonName;
  }

  get organizations(): readonly string[] {
    return this.subject.organizations;
  }

  /** SHA-256 of the bytes, lower-case hexadecimal. */
  get fingerprint(): string {
    return (this.#fingerprint ??= hex(digest('sha256', this.der)));
  }

  /**
   * What is wrong with the signature if `parent` is to have made it; undefined if nothing is. Needs the curve if
   * one of them {@link isForeign}.
   * Models Certificate.CheckSignatureFrom.
   */
  signatureProblem(parent: Certificate): string | undefined {
    const mayNotSign =
      parent.isCA !== true || (parent.keyUsages.length > 0 && !parent.keyUsages.includes('cert sign'));
    if (mayNotSign) return 'x509: invalid signature: parent certificate cannot sign this kind of certificate';
    if (this.#signer !== undefined && this.#signer.equals(parent.publicKey)) return undefined;
    if (this.#isOwn && this.#names(parent.publicKey)) return undefined;
    const outer = new DerReader(this.der).sequence();
    const signed = outer.next(TAG.sequence).der;
    const algorithm = signatureAlgorithm(outer.sequence().oid());
    if (algorithm === undefined) return 'x509: cannot verify signature: algorithm unimplemented';
    if (parent.publicKey.type !== algorithm.key)
      return `x509: signature algorithm specifies an ${algorithm.key.toUpperCase()} public key, but have public key of type ${GO_TYPES[parent.publicKey.type]}`;
    if (parent.publicKey.verify(algorithm, signed, outer.bitString())) return undefined;
    return algorithm.key === ECDSA_SHA256.key
      ? 'x509: ECDSA verification failure'
      : 'crypto/rsa: verification error';
  }
}

const GO_TYPES = { ecdsa: '*ecdsa.PublicKey', rsa: '*rsa.PublicKey', unknown: 'unknown' } as const;

function wholeSeconds(instant: number): number {
  return Math.floor(instant / 1000) * 1000;
}

/** Method 1 of RFC 7093: the first 160 bits of SHA-256, as Go takes since 1.25. */
function keyId(key: PublicKey): Uint8Array {
  return digest('sha256', key.bits).subarray(0, KEY_ID_BYTES);
}
