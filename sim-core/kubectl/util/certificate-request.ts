import { decodeBase64Bytes, textOfBytes } from './base64.ts';

type Subject = Partial<
  Record<
    | 'commonName'
    | 'serialNumber'
    | 'organization'
    | 'organizationalUnit'
    | 'country'
    | 'locality'
    | 'province'
    | 'streetAddress'
    | 'postalCode',
    string[]
  >
>;

/** What a PKCS#10 request asks for. */
export interface ParsedCertificateRequest {
  readonly subject: Subject;
  readonly alternativeNames: {
    readonly dns: readonly string[];
    readonly emails: readonly string[];
    readonly uris: readonly string[];
    readonly addresses: readonly string[];
  };
}

/** Attributes of a name by the last byte of their object identifier 2.5.4.x. */
const ATTRIBUTES: Readonly<Record<number, keyof Subject>> = {
  3: 'commonName',
  5: 'serialNumber',
  6: 'country',
  7: 'locality',
  8: 'province',
  9: 'streetAddress',
  10: 'organization',
  11: 'organizationalUnit',
  17: 'postalCode',
};
/** 2.5.29.17 in DER. */
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11];

/** One element of DER: its tag and its content, whose elements may be asked for. */
interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
}

function elementsOf(bytes: Uint8Array): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at + 1 < bytes.length;) {
    const tag = bytes[at++]!;
    let length = bytes[at++]!;
    if (length >= 0x80) {
      let size = length & 0x7f;
      length = 0;
      for (; size > 0; size--) length = length * 256 + (bytes[at++] ?? 0);
    }
    elements.push({ tag, content: bytes.subarray(at, at + length) });
    at += length;
  }
  return elements;
}

/**
 * Reads `spec.request` of a CertificateSigningRequest: base64 of the PEM of a PKCS#10 request.
 * Throws an Error with kubectl's words. Models k8s.io/kubectl/pkg/util/certificate ParseCSR.
 */
export function parseCertificateRequest(request: string): ParsedCertificateRequest {
  const pem = textOfBytes(decodeBase64Bytes(request));
  const match = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([\s\S]*?)-----END/.exec(pem);
  if (match === null) throw new Error('Error parsing CSR: PEM block type must be CERTIFICATE REQUEST');
  const [outer] = elementsOf(decodeBase64Bytes(match[1]!.replace(/\s/g, '')));
  const [info] = elementsOf(outer?.content ?? new Uint8Array());
  const [, name, , attributes] = elementsOf(info?.content ?? new Uint8Array());
  return {
    subject: subjectOf(name),
    alternativeNames: alternativeNamesOf(attributes?.content ?? new Uint8Array()),
  };
}

function subjectOf(name: Element | undefined): Subject {
  const subject: Subject = {};
  for (const set of elementsOf(name?.content ?? new Uint8Array())) {
    for (const pair of elementsOf(set.content)) {
      const [type, value] = elementsOf(pair.content);
      const attribute = ATTRIBUTES[type?.content[2] ?? 0];
      if (attribute !== undefined && value !== undefined)
        (subject[attribute] ??= []).push(textOfBytes(value.content));
    }
  }
  return subject;
}

function alternativeNamesOf(attributes: Uint8Array): ParsedCertificateRequest['alternativeNames'] {
  const names: Record<'dns' | 'emails' | 'uris' | 'addresses', string[]> = {
    dns: [],
    emails: [],
    uris: [],
    addresses: [],
  };
  for (const { content } of generalNames(elementsOf(attributes))) {
    for (const { tag, content: value } of content) {
      const text = textOfBytes(value);
      if (tag === 0x82) names.dns.push(text);
      else if (tag === 0x81) names.emails.push(text);
      else if (tag === 0x86) names.uris.push(text);
      else if (tag === 0x87) names.addresses.push([...value].join('.'));
    }
  }
  return names;
}

/** The lists of alternative names, wherever in the attributes they stand. */
function generalNames(elements: readonly Element[]): { readonly content: readonly Element[] }[] {
  return elements.flatMap(({ tag, content }) => {
    // Only what is built of others: sequences, sets and tagged values.
    if ((tag & 0x20) === 0) return [];
    const [type, ...rest] = elementsOf(content);
    const isNames =
      type?.tag === 0x06 &&
      type.content.length === SUBJECT_ALT_NAME.length &&
      SUBJECT_ALT_NAME.every((byte, index) => type.content[index] === byte);
    if (!isNames) return generalNames(elementsOf(content));
    const [sequence] = elementsOf(rest.at(-1)?.content ?? new Uint8Array());
    return [{ content: elementsOf(sequence?.content ?? new Uint8Array()) }];
  });
}
