import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { SignatureAlgorithm } from './signature-algorithm.ts';

const HASHES = { sha256, sha384, sha512 } as const;

export function digest(hash: SignatureAlgorithm['hash'], message: Uint8Array): Uint8Array {
  return HASHES[hash](message);
}
