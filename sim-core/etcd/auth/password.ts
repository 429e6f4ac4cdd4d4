import { sha256 } from '@noble/hashes/sha2.js';
import type { Rand } from '../../clock/rand.ts';
import { toBytes } from '../clientv3/bytes.ts';

const SALT_LENGTH = 16;

/** "salt$hash": a password as it is kept. Upstream keeps it hashed by bcrypt, which is slow on purpose. */
export function hashPassword(password: string, rand: Rand): string {
  return salted(hex(rand.bytes(SALT_LENGTH)), password);
}

export function isPassword(password: string, hashed: string): boolean {
  return salted(hashed.split('$', 1)[0]!, password) === hashed;
}

function salted(salt: string, password: string): string {
  return `${salt}$${hex(sha256(toBytes(salt + password)))}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
