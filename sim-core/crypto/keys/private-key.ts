import { DerError, DerReader } from '../asn1/decode.ts';
import { context } from '../asn1/tags.ts';
import { bitString, explicit, integer, octetString, oid, sequence } from '../asn1/encode.ts';
import type { PemBlock } from '../encoding/pem.ts';
import { toBigInt } from '../encoding/bytes.ts';
import { encodePem } from '../encoding/pem.ts';
import { curve } from './curve.ts';
import { digest } from './hash.ts';
import { P256_OID, PublicKey } from './public-key.ts';
import type { SignatureAlgorithm } from './signature-algorithm.ts';
import { ECDSA_SHA256 } from './signature-algorithm.ts';
import { signWithTable } from './table-signature.ts';

const SIZE = 32;

/** An ECDSA key on P-256. The point that belongs to a new one is worked out when somebody asks for it. */
export class PrivateKey {
  readonly #scalar: Uint8Array;
  readonly publicKey: PublicKey;
  readonly algorithm: SignatureAlgorithm = ECDSA_SHA256;

  /**
   * `scalar` is 32 bytes, more than zero and less than the order of the group; `point` is what belongs to
   * it, where that is known.
   */
  constructor(scalar: Uint8Array, point?: Uint8Array) {
    this.#scalar = scalar;
    this.publicKey = PublicKey.ofPoint(() => point ?? curve.loaded.p256.getPublicKey(scalar, false));
  }

  /** A key from 32 random bytes. */
  static fromRandom(bytes: Uint8Array): PrivateKey {
    // The highest bit is cleared: the order of the group is beyond 2²⁵⁵.
    const scalar = Uint8Array.from(bytes);
    scalar[0]! &= 0x7f;
    scalar[SIZE - 1]! |= 1;
    return new PrivateKey(scalar);
  }

  /**
   * Undefined for anything but a P-256 key in the form of SEC 1 or PKCS #8 that says its public half, as all
   * do in practice. Models crypto/tls parsePrivateKey.
   */
  static parse({ bytes }: PemBlock): PrivateKey | undefined {
    try {
      return parseSec1(bytes) ?? parsePkcs8(bytes);
    } catch (error) {
      if (error instanceof DerError) return undefined;
      throw error;
    }
  }

  /** The signature over SHA-256 of `message`, as DER; the same for the same message (RFC 6979). Needs {@link curve}. */
  sign(message: Uint8Array): Uint8Array {
    return curve.loaded.p256.sign(message, this.#scalar, { lowS: false, format: 'der' });
  }

  /**
   * A signature for a JSON Web Token (ES256): 64 bytes r and s. Cheaper than {@link sign} by far, see
   * table-signature.ts.
   */
  signToken(message: Uint8Array): Uint8Array {
    return signWithTable(message, toBigInt(this.#scalar));
  }

  /** 32 bytes that name the key and give nothing of it away; the public half need not be worked out for them. */
  get id(): Uint8Array {
    return digest('sha256', digest('sha256', this.#scalar));
  }

  /** Models crypto/x509 MarshalECPrivateKey. */
  get pem(): string {
    const bytes = sequence(
      integer(1),
      octetString(this.#scalar),
      explicit(0, oid(P256_OID)),
      explicit(1, bitString(this.publicKey.bits)),
    );
    return encodePem({ type: 'EC PRIVATE KEY', bytes });
  }
}

function parseSec1(bytes: Uint8Array): PrivateKey | undefined {
  const reader = new DerReader(bytes).sequence();
  if (reader.integer() !== 1n) return undefined;
  const scalar = reader.octetString();
  if (scalar.length !== SIZE) return undefined;
  reader.optional(context(0, { constructed: true }));
  const point = reader.optional(context(1, { constructed: true }));
  return point && new PrivateKey(scalar, new DerReader(point.content).bitString());
}

function parsePkcs8(bytes: Uint8Array): PrivateKey | undefined {
  const reader = new DerReader(bytes).sequence();
  if (reader.integer() !== 0n) return undefined;
  const algorithm = reader.sequence();
  algorithm.oid();
  if (algorithm.done || algorithm.oid() !== P256_OID) return undefined;
  return parseSec1(reader.octetString());
}
