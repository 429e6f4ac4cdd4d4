import { concat, equal, fromBigInt, toBigInt } from '../encoding/bytes.ts';
import { digest } from './hash.ts';
import type { SignatureAlgorithm } from './signature-algorithm.ts';

/** An RSA public key: modulus and exponent. */
export interface RsaNumbers {
  readonly modulus: bigint;
  readonly exponent: bigint;
}

/** What stands before the digest: the DER of a DigestInfo, without it. */
const DIGEST_INFO: Readonly<Record<SignatureAlgorithm['hash'], readonly number[]>> = {
  sha256: [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 5, 0, 4, 32,
  ],
  sha384: [
    0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 5, 0, 4, 48,
  ],
  sha512: [
    0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 5, 0, 4, 64,
  ],
};

/** PKCS #1 v1.5. Models crypto/rsa VerifyPKCS1v15. */
export function verifyPkcs1(
  { modulus, exponent }: RsaNumbers,
  hash: SignatureAlgorithm['hash'],
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const size = Math.ceil(modulus.toString(16).length / 2);
  const value = toBigInt(signature);
  if (signature.length !== size || value >= modulus) return false;
  const info = concat(Uint8Array.from(DIGEST_INFO[hash]), digest(hash, message));
  if (size < info.length + 11) return false;
  const padding = new Uint8Array(size - info.length - 3).fill(0xff);
  const expected = concat(Uint8Array.of(0, 1), padding, Uint8Array.of(0), info);
  return equal(fromBigInt(power(value, exponent, modulus), size), expected);
}

/** base^exponent mod modulus. */
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let square = base % modulus, left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
