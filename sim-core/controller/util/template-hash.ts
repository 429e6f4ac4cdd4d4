import type { PodTemplateSpec } from 'kubernetes-types/core/v1';
import { encodeUtf8 } from '../../crypto/encoding/utf8.ts';
import { dumpTemplate } from './go-dump.ts';

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * The name part that tells pod templates apart: "74b769d744", as a real v1.28 computes it. The same template and
 * collision count give the same text.
 *
 * Models pkg/controller ComputeHash: FNV-1a over a dump of Go's structures, then SafeEncodeString.
 */
export function computeHash(template: PodTemplateSpec, collisionCount: number | undefined): string {
  let hash = fnv32a(encodeUtf8(dumpTemplate(template)));
  if (collisionCount !== undefined) hash = fnv32a(littleEndian(collisionCount), hash);
  return safeEncode(String(hash));
}

/**
 * The name part of a revision that keeps `data`, which is JSON: "545bd756f".
 *
 * Models pkg/controller/history HashControllerRevision: FNV-1 over the text and the count.
 */
export function hashRevision(data: string, collisionCount: number): string {
  return safeEncode(String(fnv32(encodeUtf8(`${data}${collisionCount}`))));
}

/** Digits as letters that spell no words. Models k8s.io/apimachinery/pkg/util/rand SafeEncodeString. */
function safeEncode(text: string): string {
  return [...text].map((letter) => ALPHABET[letter.charCodeAt(0) % ALPHABET.length]).join('');
}

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

function fnv32a(bytes: Uint8Array, start = OFFSET): number {
  let hash = start;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return hash >>> 0;
}

function fnv32(bytes: Uint8Array): number {
  let hash = OFFSET;
  for (const byte of bytes) hash = Math.imul(hash, PRIME) ^ byte;
  return hash >>> 0;
}

/** Upstream leaves room for 64 bits and fills 32. */
function littleEndian(count: number): Uint8Array {
  return Uint8Array.from({ length: 8 }, (_, index) => (index < 4 ? (count >>> (8 * index)) & 0xff : 0));
}
