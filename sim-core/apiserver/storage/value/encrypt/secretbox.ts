import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import type { Rand } from '../../../../clock/rand.ts';
import { concat } from '../transformer.ts';
import type { Transformer } from '../transformer.ts';

const NONCE_SIZE = 24;

/** A random nonce, then the value in NaCl's secretbox. Models value/encrypt/secretbox/secretbox.go. */
export function secretbox(key: Uint8Array, rand: Rand): Transformer {
  return {
    toStorage: (data) => {
      const nonce = rand.bytes(NONCE_SIZE);
      return concat(nonce, xsalsa20poly1305(key, nonce).encrypt(data));
    },
    fromStorage: (data) => {
      if (data.length < NONCE_SIZE) throw new Error('the stored data was shorter than the required size');
      try {
        const box = xsalsa20poly1305(key, data.subarray(0, NONCE_SIZE));
        return { data: box.decrypt(data.subarray(NONCE_SIZE)), stale: false };
      } catch {
        throw new Error('the stored data could not be decrypted or authenticated: invalid data');
      }
    },
  };
}
