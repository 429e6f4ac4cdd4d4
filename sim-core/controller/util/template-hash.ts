import type { PodTemplateSpec } from 'kubernetes-types/core/v1';

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * The name part that tells pod templates apart: "7b78f75456". The same template and collision
 * count give the same text; key order does not matter.
 *
 * Models pkg/controller ComputeHash: FNV-1a over the template, then SafeEncodeString. Upstream
 * hashes a dump of Go's structures, so the values differ from a real cluster's.
 */
export function computeHash(template: PodTemplateSpec, collisionCount: number | undefined): string {
  let text = canonicalText(template);
  if (collisionCount !== undefined) text += `#${collisionCount}`;
  return safeEncode(String(fnv32a(text)));
}

/** Digits as letters that spell no words. Models k8s.io/apimachinery/pkg/util/rand SafeEncodeString. */
function safeEncode(text: string): string {
  return [...text].map((letter) => ALPHABET[letter.charCodeAt(0) % ALPHABET.length]).join('');
}

function fnv32a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    if (unit > 0xff) hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  return hash >>> 0;
}

function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalText(field)}`);
  return `{${fields.join(',')}}`;
}
