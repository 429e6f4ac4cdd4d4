import { startsWith } from '../transformer.ts';
import type { Transformer } from '../transformer.ts';

/** "k8s:enc:": what every encrypted value begins with. */
const ENCRYPTED = Uint8Array.from('k8s:enc:', (character) => character.charCodeAt(0));

/** Values as they are. Models k8s.io/apiserver/pkg/storage/value/encrypt/identity. */
export const identityTransformer: Transformer = {
  toStorage: (data) => data,
  fromStorage: (data) => {
    if (startsWith(data, ENCRYPTED)) throw new Error('identity transformer tried to read encrypted data');
    return { data, stale: false };
  },
};
