import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { KubeObject } from '../../apimachinery/object.ts';
import { goJson } from '../../apimachinery/json/go-json.ts';

/** Characters that could spell words, and what stands in their place. */
const REPLACED: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

/** The name of a config map or secret with a hash of its content and name. Models pkg/util/hash. */
export function namedHash(object: KubeObject): string {
  const { name = '' } = object.metadata;
  const { data = {}, type = '' } = object as { data?: object; type?: string };
  const hashed = { ...object, data, ...(object.kind === 'Secret' && { type }) } as KubeObject;
  return `${name}-${contentHash(hashed, name)}`;
}

/** The ten characters that tell one content from another, under the name `name`. */
export function contentHash(object: KubeObject, name: string): string {
  const { kind, data = '', binaryData, stringData, type } = object as KubeObject & Record<string, unknown>;
  const hashed =
    kind === 'Secret'
      ? { data, kind, name, ...(stringData !== undefined && { stringData }), type }
      : { ...(binaryData !== undefined && { binaryData }), data, kind, name };
  return bytesToHex(sha256(utf8ToBytes(goJson(hashed))))
    .slice(0, 10)
    .replace(/[013ae]/g, (character) => REPLACED[character]!);
}
