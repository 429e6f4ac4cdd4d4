import type { DerReader } from '../asn1/decode.ts';
import { DerReader as Reader } from '../asn1/decode.ts';
import { boolean, element, octetString, oid, sequence } from '../asn1/encode.ts';
import { context, TAG } from '../asn1/tags.ts';
import type { AlternativeNames } from './alternative-names.ts';
import { alternativeNamesDer, NO_NAMES, readAlternativeNames } from './alternative-names.ts';
import type { ExtendedKeyUsage, KeyUsage } from './usages.ts';
import { extendedKeyUsageOids, keyUsageBits, readExtendedKeyUsage, readKeyUsage } from './usages.ts';

/** What the extensions of a certificate say. */
export interface Extensions {
  readonly keyUsages: readonly KeyUsage[];
  readonly extendedKeyUsages: readonly ExtendedKeyUsage[];
  /** Basic constraints; undefined if the certificate has none. */
  readonly isCA?: boolean;
  readonly subjectKeyId?: Uint8Array;
  readonly authorityKeyId?: Uint8Array;
  readonly names: AlternativeNames;
}

const ID = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

const KEY_ID = context(0, { constructed: false });

/** The SEQUENCE OF Extension, in Go's order. Models crypto/x509 buildCertExtensions. */
export function extensionsDer(extensions: Extensions): Uint8Array {
  const { keyUsages, extendedKeyUsages, isCA, subjectKeyId, authorityKeyId, names } = extensions;
  const parts: Uint8Array[] = [];
  const add = (id: string, value: Uint8Array, critical = false) =>
    parts.push(sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value)));
  if (keyUsages.length > 0) add(ID.keyUsage, keyUsageBits(keyUsages), true);
  if (extendedKeyUsages.length > 0) add(ID.extendedKeyUsage, extendedKeyUsageOids(extendedKeyUsages));
  if (isCA !== undefined) add(ID.basicConstraints, sequence(...(isCA ? [boolean(true)] : [])), true);
  if (subjectKeyId !== undefined) add(ID.subjectKeyId, octetString(subjectKeyId));
  if (authorityKeyId !== undefined) add(ID.authorityKeyId, sequence(element(KEY_ID, authorityKeyId)));
  if (Object.values(names).some((list) => list.length > 0))
    add(ID.subjectAltName, alternativeNamesDer(names));
  return sequence(...parts);
}

/** Reads the SEQUENCE OF Extension that comes next; those that are not known here are passed over. */
export function readExtensions(reader: DerReader): Extensions {
  const values = new Map<string, Uint8Array>();
  reader.sequence().each((all) => {
    const extension = all.sequence();
    const id = extension.oid();
    extension.optional(TAG.boolean);
    values.set(id, extension.octetString());
  });
  const keyUsage = values.get(ID.keyUsage);
  const extended = values.get(ID.extendedKeyUsage);
  const constraints = values.get(ID.basicConstraints);
  const names = values.get(ID.subjectAltName);
  const subjectKeyId = values.get(ID.subjectKeyId);
  const authorityKeyId = values.get(ID.authorityKeyId);
  return {
    keyUsages: keyUsage ? readKeyUsage(keyUsage) : [],
    extendedKeyUsages: extended ? readExtendedKeyUsage(extended) : [],
    names: names ? readAlternativeNames(names) : NO_NAMES,
    ...(constraints && { isCA: readsAsCA(constraints) }),
    ...(subjectKeyId && { subjectKeyId: new Reader(subjectKeyId).octetString() }),
    ...keyIdOf(authorityKeyId),
  };
}

function readsAsCA(constraints: Uint8Array): boolean {
  const flag = new Reader(constraints).sequence().optional(TAG.boolean);
  return flag !== undefined && flag.content[0] !== 0;
}

function keyIdOf(authorityKeyId: Uint8Array | undefined): { authorityKeyId?: Uint8Array } {
  const id = authorityKeyId && new Reader(authorityKeyId).sequence().optional(KEY_ID);
  return id === undefined ? {} : { authorityKeyId: id.content };
}
