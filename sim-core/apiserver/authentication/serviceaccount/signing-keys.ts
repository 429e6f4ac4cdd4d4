import { sha256 } from '@noble/hashes/sha2.js';
import type { JsonObject } from '../../../apimachinery/object.ts';
import type { Clock } from '../../../clock/clock.ts';
import { encodeBase64Url } from '../../../crypto/encoding/base64.ts';
import { equal } from '../../../crypto/encoding/bytes.ts';
import { encodeUtf8 } from '../../../crypto/encoding/utf8.ts';
import { curve } from '../../../crypto/keys/curve.ts';
import type { PrivateKey } from '../../../crypto/keys/private-key.ts';
import type { PublicKey } from '../../../crypto/keys/public-key.ts';
import type { ParsedToken } from './jwt.ts';
import { encodePart } from './jwt.ts';

const ALGORITHM = 'ES256';

/**
 * The key that tokens are signed with, and those that they are verified with.
 * Models pkg/serviceaccount/jwt.go JWTTokenGenerator and StaticPublicKeysGetter.
 */
export class SigningKeys {
  readonly #signer: PrivateKey;
  readonly #signerId: string;
  readonly #header: string;
  readonly #others: readonly PublicKey[];
  readonly #ids = new Map<PublicKey, string>();

  /** `publicKeys` may hold the signer's own. */
  constructor(signer: PrivateKey, publicKeys: readonly PublicKey[]) {
    this.#signer = signer;
    this.#signerId = encodeBase64Url(signer.id);
    this.#header = encodePart({ alg: ALGORITHM, kid: this.#signerId });
    this.#others = publicKeys.filter((key) => key !== signer.publicKey);
  }

  sign(claims: JsonObject): string {
    const signed = `${this.#header}.${encodePart(claims)}`;
    return `${signed}.${encodeBase64Url(this.#signer.signToken(encodeUtf8(signed)))}`;
  }

  /** Says what is wrong with the signature of a token; undefined if nothing is. */
  async problem({ header, signed, signature }: ParsedToken, clock: Clock): Promise<string | undefined> {
    const { kid = '', alg } = header;
    const message = encodeUtf8(signed);
    const isOwn = kid === '' || kid === this.#signerId;
    // Signing is cheaper than verifying, and this server's signature of a text is always the same.
    if (isOwn && equal(signature, this.#signer.signToken(message))) return undefined;
    // A key that signs is named after its private half: of a token with another name, any key may be the one.
    const keys = isOwn ? [this.#signer.publicKey, ...this.#others] : this.#others;
    if (keys.length === 0) return 'invalid signature, no keys found';
    await curve.load(clock);
    const verified = alg === ALGORITHM && keys.some((key) => key.verifyToken(message, signature));
    return verified ? undefined : 'go-jose/go-jose: error in cryptographic primitive';
  }

  /** The public keys for whoever wants to verify tokens. Models openidmetadata.go. */
  jsonWebKeySet(): JsonObject {
    const own = this.#signer.publicKey;
    const others = this.#others.filter((key) => !key.equals(own));
    return {
      keys: [...webKey(own, this.#signerId), ...others.flatMap((key) => webKey(key, this.#idOf(key)))],
    };
  }

  #idOf(key: PublicKey): string {
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = encodeBase64Url(sha256(key.spki));
      this.#ids.set(key, id);
    }
    return id;
  }
}

/** Empty for a key of a kind that signs no tokens here. */
function webKey({ material }: PublicKey, kid: string): JsonObject[] {
  if (material.type !== 'ecdsa') return [];
  // An uncompressed point: 4, x, y.
  const [x, y] = [material.point.slice(1, 33), material.point.slice(33)].map(encodeBase64Url);
  return [{ use: 'sig', kty: 'EC', kid, crv: 'P-256', alg: ALGORITHM, x: x!, y: y! }];
}
