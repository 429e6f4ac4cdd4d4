import { sha256 } from '@noble/hashes/sha2.js';
import { fromBigInt, toBigInt } from '../encoding/bytes.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';

/** The order of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * x coordinates of multiples of the generator: of the number SHA-256("nonce 0") for the first, and so on.
 * They are the only costly part of a signature, and a cluster makes many at its start: a table takes it
 * out of the way. Nonces that others know give the key away, which is no loss: it follows from the seed,
 * and guards a simulation.
 */
const POINTS: readonly string[] = [
  'cdad342e8d13641726eb293f48882d63a7bcc3b6220d24afaf846d134af84e57',
  'c4bc9d287ef485d5f472796a8c742e72ec7726e402a7161c3ba1e046c72f4a45',
  '753d0326e1ff51c5d7969c2d5a7890d5bba63f8d437eed40daa39816bdf32cd6',
  '3c7dc9c4bd86532f3db3ef2d2ac1b2ff94f5792c96e2d2d4cc18b1282baecb43',
  'c44d1b623746faa871b50df523ffefc3dc279a255bff178e516cddc790e296ec',
  'd606d22cd9ee058356e3fe3b7ed86890ec3f88f8161a75114bd1e9b8754f703a',
  '9aaf86bfbbfd762f2f41e54c604c074f516c2d3fbc2852faa4c39b50c31cf988',
  'c39ac884e1675c3d2e3508f720569c17021bccc3cd061f52511de6d199c9f837',
  '2d2b30fa4d95e941e2f42cb02c78520463e772ee5e6bbbe6a311ef924bedc274',
  '0f4d21a7c67924e1de0a238cd2e5d3bf9a825ebf2e0d40cd9804de29e2525d2d',
  'ffe78b179604d90cc472d0a235a6420168dfe549bb3b6d318aff1e61bbe4c47c',
  '2d8ade27fde5d1fbad6a7fad54a46a1b9e1d0f1499318c0bb82c5ac846a5ad3e',
  '3df9d072e4d5faea435d8bc196e535dde85468f3742cef8e56c001162c6a2024',
  'f05f70e0f70b3f50a6a04417977695c8eee3c9520cd2958826ce8f33caac2f1b',
  '52e28e0570d31ed3a66d1c016a96b9f81d9547846207336f8fadeb821b9010ea',
  '3f02f8f30f4c9ca97326f0f14094ec15237c009677e13f15e6c3028caa2b3d6c',
];

interface Nonce {
  readonly r: bigint;
  readonly inverse: bigint;
}

const nonces: Nonce[] = [];

/**
 * The ECDSA signature over SHA-256 of `message` by the P-256 key `scalar`, as 64 bytes r and s; the same for
 * the same message. Anybody who has the public key can verify it.
 */
export function signWithTable(message: Uint8Array, scalar: bigint): Uint8Array {
  const hash = toBigInt(sha256(message));
  const { r, inverse } = nonceOf(Number(hash % BigInt(POINTS.length)));
  const s = (inverse * ((hash + r * scalar) % ORDER)) % ORDER;
  const signature = new Uint8Array(64);
  signature.set(fromBigInt(r, 32));
  signature.set(fromBigInt(s, 32), 32);
  return signature;
}

function nonceOf(index: number): Nonce {
  return (nonces[index] ??= {
    r: BigInt(`0x${POINTS[index]!}`),
    inverse: inverseOf(toBigInt(sha256(encodeUtf8(`nonce ${index}`))) % ORDER),
  });
}

/** The number whose product with `value` is one more than a multiple of the order: Euclid's algorithm. */
function inverseOf(value: bigint): bigint {
  let [a, b] = [value, ORDER];
  let [x, y] = [1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [a, b] = [b % a, a];
    [x, y] = [y - quotient * x, x];
  }
  return ((x % ORDER) + ORDER) % ORDER;
}
