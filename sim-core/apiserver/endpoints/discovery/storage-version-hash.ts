import { sha256 } from '@noble/hashes/sha2.js';
import type { GroupVersionKind } from '../../../apimachinery/object.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Eight bytes that tell clients in which version a kind is stored, as base64.
 * Models k8s.io/apiserver/pkg/endpoints/discovery StorageVersionHash.
 */
export function storageVersionHash({ group, version, kind }: GroupVersionKind): string {
  const id = `${group}/${version}/${kind}`;
  const bytes = sha256(Uint8Array.from(id, (character) => character.charCodeAt(0))).slice(0, 8);
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [a, b, c] = [bytes[index]!, bytes[index + 1], bytes[index + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += ALPHABET[bits >> 18]! + ALPHABET[(bits >> 12) & 63]!;
    text += b === undefined ? '=' : ALPHABET[(bits >> 6) & 63]!;
    text += c === undefined ? '=' : ALPHABET[bits & 63]!;
  }
  return text;
}
