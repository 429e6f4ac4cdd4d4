import { cbc, gcm } from '@noble/ciphers/aes.js';
import type { Rand } from '../../../../clock/rand.ts';
import { concat } from '../transformer.ts';
import type { Transformer } from '../transformer.ts';

const BLOCK_SIZE = 16;
const NONCE_SIZE = 12;
const TAG_SIZE = 16;

/** A random block, then the value with PKCS#7 padding. Models value/encrypt/aes/aes.go cbc. */
export function aesCbc(key: Uint8Array, rand: Rand): Transformer {
  return {
    toStorage: (data) => {
      const iv = rand.bytes(BLOCK_SIZE);
      return concat(iv, cbc(key, iv).encrypt(data));
    },
    fromStorage: (data) => {
      if (data.length < BLOCK_SIZE) throw new Error('the stored data was shorter than the required size');
      if (data.length % BLOCK_SIZE !== 0) {
        throw new Error('the stored data is not a multiple of the block size');
      }
      const decrypt = () => cbc(key, data.subarray(0, BLOCK_SIZE)).decrypt(data.subarray(BLOCK_SIZE));
      return { data: worded(decrypt, 'invalid padding on input'), stale: false };
    },
  };
}

/** A random nonce, then the value sealed together with its key in etcd. Models aes.go gcm. */
export function aesGcm(key: Uint8Array, rand: Rand): Transformer {
  return {
    toStorage: (data, path) => {
      const nonce = rand.bytes(NONCE_SIZE);
      return concat(nonce, gcm(key, nonce, path).encrypt(data));
    },
    fromStorage: (data, path) => {
      if (data.length < NONCE_SIZE + TAG_SIZE) {
        throw new Error('the stored data was shorter than the required size');
      }
      const decrypt = () => gcm(key, data.subarray(0, NONCE_SIZE), path).decrypt(data.subarray(NONCE_SIZE));
      return { data: worded(decrypt, 'cipher: message authentication failed'), stale: false };
    },
  };
}

/** Go's words in the place of the library's. */
function worded(decrypt: () => Uint8Array, message: string): Uint8Array {
  try {
    return decrypt();
  } catch {
    throw new Error(message);
  }
}
