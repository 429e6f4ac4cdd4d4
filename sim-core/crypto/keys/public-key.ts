import { DerError, DerReader } from '../asn1/decode.ts';
import { bitString, oid, sequence } from '../asn1/encode.ts';
import { equal } from '../encoding/bytes.ts';
import { encodePem } from '../encoding/pem.ts';
import { curve } from './curve.ts';
import { digest } from './hash.ts';
import type { RsaNumbers } from './rsa.ts';
import { verifyPkcs1 } from './rsa.ts';
import type { SignatureAlgorithm } from './signature-algorithm.ts';

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';
const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
export const P256_OID = '1.2.840.10045.3.1.7';

/** What the bits of a public key say; `unknown` for a kind that nothing here can verify. */
type KeyMaterial =
  | { readonly type: 'ecdsa'; readonly point: Uint8Array }
  | { readonly type: 'rsa'; readonly numbers: RsaNumbers }
  | { readonly type: 'unknown' };

/** A public key; its bytes are worked out when somebody asks for them. */
export class PublicKey {
  readonly #source: () => Uint8Array;
  #spki: Uint8Array | undefined;

  private constructor(source: () => Uint8Array) {
    this.#source = source;
  }

  /** From the DER of a SubjectPublicKeyInfo. */
  static parse(spki: Uint8Array): PublicKey {
    return new PublicKey(() => spki);
  }

  /** Of a point on P-256 in its long form, `point` called at most once. */
  static ofPoint(point: () => Uint8Array): PublicKey {
    return new PublicKey(() => sequence(sequence(oid(EC_PUBLIC_KEY), oid(P256_OID)), bitString(point())));
  }

  /** DER of the SubjectPublicKeyInfo. */
  get spki(): Uint8Array {
    return (this.#spki ??= this.#source());
  }

  get pem(): string {
    return encodePem({ type: 'PUBLIC KEY', bytes: this.spki });
  }

  /** The bits of the key without its kind: what key identifiers are made from. */
  get bits(): Uint8Array {
    const reader = new DerReader(this.spki).sequence();
    reader.next();
    return reader.bitString();
  }

  get type(): KeyMaterial['type'] {
    return this.material.type;
  }

  get material(): KeyMaterial {
    const reader = new DerReader(this.spki).sequence();
    const algorithm = reader.sequence();
    const kind = algorithm.oid();
    const bits = reader.bitString();
    if (kind === EC_PUBLIC_KEY && algorithm.oid() === P256_OID) return { type: 'ecdsa', point: bits };
    if (kind !== RSA_ENCRYPTION) return { type: 'unknown' };
    const numbers = new DerReader(bits).sequence();
    return { type: 'rsa', numbers: { modulus: numbers.integer(), exponent: numbers.integer() } };
  }

  equals(other: PublicKey): boolean {
    return this === other || equal(this.spki, other.spki);
  }

  /**
   * Whether the holder of the private key signed `message`: 64 bytes r and s, as JSON Web Tokens have them. Needs
   * {@link curve}.
   */
  verifyToken(message: Uint8Array, signature: Uint8Array): boolean {
    const { material } = this;
    if (material.type !== 'ecdsa' || signature.length !== 64) return false;
    const options = { prehash: false, lowS: false, format: 'compact' } as const;
    return curve.loaded.p256.verify(signature, digest('sha256', message), material.point, options);
  }

  /** Whether the holder of the private key signed `message`. Needs {@link curve}. */
  verify(algorithm: SignatureAlgorithm, message: Uint8Array, signature: Uint8Array): boolean {
    try {
      const material = this.material;
      if (material.type === 'unknown' || material.type !== algorithm.key) return false;
      if (material.type === 'rsa') return verifyPkcs1(material.numbers, algorithm.hash, message, signature);
      return curve.loaded.p256.verify(signature, digest(algorithm.hash, message), material.point, {
        prehash: false,
        lowS: false,
        format: 'der',
      });
    } catch (error) {
      if (error instanceof DerError) return false;
      throw error;
    }
  }
}
