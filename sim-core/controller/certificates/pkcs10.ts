/** What a certificate signing request asks for. */
export interface CertificateSubject {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** DNS names and IP addresses. */
  readonly names: readonly string[];
}

/** A request that cannot be read. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const SUBJECT_ALT_NAME = '2.5.29.17';
const SEQUENCE = 0x30;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/** One element of a DER text. */
interface Element {
  readonly tag: number;
  readonly bytes: readonly number[];
}

/**
 * Reads the PEM text of a certificate signing request (PKCS #10, RFC 2986). Throws a RequestError.
 *
 *     CertificationRequest ─ info ─ version
 *                          │      ├ subject      CN, O
 *                          │      ├ public key
 *                          │      └ attributes   extension request ─ subject alternative names
 *                          ├ algorithm
 *                          └ signature
 */
export function parseCertificateRequest(pem: string): CertificateSubject {
  const body = /-----BEGIN CERTIFICATE REQUEST-----([\s\S]+?)-----END CERTIFICATE REQUEST-----/.exec(
    pem,
  )?.[1];
  if (body === undefined) throw new RequestError('PEM block type must be CERTIFICATE REQUEST');
  const [request] = elementsOf(decode(body));
  const info = childrenOf(childrenOf(request)[0]);
  const organizations: string[] = [];
  let commonName = '';
  for (const set of childrenOf(info[1])) {
    for (const attribute of childrenOf(set)) {
      const [type, value] = childrenOf(attribute);
      const text = textOf(value);
      if (oidOf(type) === COMMON_NAME) commonName = text;
      else if (oidOf(type) === ORGANIZATION) organizations.push(text);
    }
  }
  return { commonName, organizations, names: info[3] === undefined ? [] : alternativeNames(info[3]) };
}

function alternativeNames(attributes: Element): string[] {
  for (const attribute of childrenOf(attributes)) {
    const [type, values] = childrenOf(attribute);
    if (oidOf(type) !== EXTENSION_REQUEST) continue;
    for (const extension of childrenOf(childrenOf(values)[0])) {
      const parts = childrenOf(extension);
      if (oidOf(parts[0]) !== SUBJECT_ALT_NAME) continue;
      const [names] = elementsOf(parts.at(-1)!.bytes);
      return childrenOf(names).flatMap((name) => {
        if (name.tag === DNS_NAME) return [textOf(name)];
        return name.tag === IP_ADDRESS && name.bytes.length === 4 ? [name.bytes.join('.')] : [];
      });
    }
  }
  return [];
}

function childrenOf(element: Element | undefined): Element[] {
  if (element === undefined) throw new RequestError('asn1: structure error: the request ends too soon');
  // Context tags of a request hold elements as sequences and sets do.
  if ((element.tag & 0x20) === 0 && element.tag !== SEQUENCE) return [];
  return elementsOf(element.bytes);
}

function elementsOf(bytes: readonly number[]): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at++]!;
    let length = bytes[at++] ?? 0;
    if (length > 0x80) {
      const digits = length & 0x7f;
      length = 0;
      for (let digit = 0; digit < digits; digit++) length = length * 256 + (bytes[at++] ?? 0);
    }
    if (at + length > bytes.length) throw new RequestError('asn1: syntax error: data truncated');
    elements.push({ tag, bytes: bytes.slice(at, at + length) });
    at += length;
  }
  return elements;
}

/** "2.5.4.3" */
function oidOf(element: Element | undefined): string {
  const [first = 0, ...rest] = element?.bytes ?? [];
  const parts = [Math.floor(first / 40), first % 40];
  let value = 0;
  for (const byte of rest) {
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    parts.push(value);
    value = 0;
  }
  return parts.join('.');
}

/** UTF-8, which all the text types of a subject are, or contain. */
function textOf(element: Element | undefined): string {
  const escaped = (element?.bytes ?? []).map((byte) => `%${byte.toString(16).padStart(2, '0')}`);
  try {
    return decodeURIComponent(escaped.join(''));
  } catch {
    throw new RequestError('asn1: structure error: invalid UTF-8 string');
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function decode(base64: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of base64) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xfff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push((bits >> held) & 0xff);
  }
  return bytes;
}
