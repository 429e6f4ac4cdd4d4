import { DerReader } from '../asn1/decode.ts';
import { bitString, oid, sequence } from '../asn1/encode.ts';

/** What the key of a certificate may do, in the order of its bits. */
const KEY_USAGES = [
  'digital signature',
  'content commitment',
  'key encipherment',
  'data encipherment',
  'key agreement',
  'cert sign',
  'crl sign',
  'encipher only',
  'decipher only',
] as const;

/** Whom a certificate may be shown to. */
const EXTENDED_KEY_USAGES = {
  any: '2.5.29.37.0',
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
  'code signing': '1.3.6.1.5.5.7.3.3',
  'email protection': '1.3.6.1.5.5.7.3.4',
  'ipsec end system': '1.3.6.1.5.5.7.3.5',
  'ipsec tunnel': '1.3.6.1.5.5.7.3.6',
  'ipsec user': '1.3.6.1.5.5.7.3.7',
  timestamping: '1.3.6.1.5.5.7.3.8',
  'ocsp signing': '1.3.6.1.5.5.7.3.9',
} as const;

/** Usages under the names that certificates.k8s.io has for them. */
export type KeyUsage = (typeof KEY_USAGES)[number];
export type ExtendedKeyUsage = keyof typeof EXTENDED_KEY_USAGES;

const isKeyUsage = (name: string): name is KeyUsage => (KEY_USAGES as readonly string[]).includes(name);
const isExtended = (name: string): name is ExtendedKeyUsage => Object.hasOwn(EXTENDED_KEY_USAGES, name);

/** Usages of both kinds, apart, or the names that are none. "signing" is an old word for digital signature. */
export function splitUsages(
  names: readonly string[],
):
  | { readonly keyUsages: readonly KeyUsage[]; readonly extendedKeyUsages: readonly ExtendedKeyUsage[] }
  | { readonly unknown: readonly string[] } {
  const modern = names.map((name) => (name === 'signing' ? 'digital signature' : name));
  const unknown = modern.filter((name) => !isKeyUsage(name) && !isExtended(name));
  if (unknown.length > 0) return { unknown };
  return {
    keyUsages: KEY_USAGES.filter((usage) => modern.includes(usage)),
    extendedKeyUsages: [...new Set(modern.filter(isExtended))],
  };
}

export function keyUsageBits(usages: readonly KeyUsage[]): Uint8Array {
  const places = usages.map((usage) => KEY_USAGES.indexOf(usage));
  const last = Math.max(...places);
  const bytes = new Uint8Array((last >> 3) + 1);
  for (const place of places) bytes[place >> 3]! |= 0x80 >> (place & 7);
  return bitString(bytes, 7 - (last & 7));
}

export function readKeyUsage(der: Uint8Array): KeyUsage[] {
  const bytes = new DerReader(der).bitString();
  return KEY_USAGES.filter((_, place) => ((bytes[place >> 3] ?? 0) & (0x80 >> (place & 7))) !== 0);
}

export function extendedKeyUsageOids(usages: readonly ExtendedKeyUsage[]): Uint8Array {
  return sequence(...usages.map((usage) => oid(EXTENDED_KEY_USAGES[usage])));
}

/** Usages that are not known here are left out. */
export function readExtendedKeyUsage(der: Uint8Array): ExtendedKeyUsage[] {
  const oids = new DerReader(der).sequence().each((reader) => reader.oid());
  return (Object.keys(EXTENDED_KEY_USAGES) as ExtendedKeyUsage[]).filter((usage) =>
    oids.includes(EXTENDED_KEY_USAGES[usage]),
  );
}
