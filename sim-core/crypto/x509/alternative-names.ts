import { DerReader } from '../asn1/decode.ts';
import { element, sequence } from '../asn1/encode.ts';
import { context } from '../asn1/tags.ts';
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts';

/** Whom a certificate is good for beside its subject. */
export interface AlternativeNames {
  readonly dnsNames: readonly string[];
  /** IPv4 in dots, IPv6 in its shortest form. */
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
}

export const NO_NAMES: AlternativeNames = { dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] };

const EMAIL = context(1, { constructed: false });
const DNS = context(2, { constructed: false });
const URI = context(6, { constructed: false });
const IP = context(7, { constructed: false });

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** True for an address as a text, not a name. */
export function isAddress(host: string): boolean {
  return IPV4.test(host) || host.includes(':');
}

/** Names and addresses of a server, apart. */
export function serverNames(hosts: readonly string[]): AlternativeNames {
  return {
    ...NO_NAMES,
    dnsNames: hosts.filter((host) => !isAddress(host)),
    ipAddresses: hosts.filter(isAddress),
  };
}

/** In Go's order. Models crypto/x509 marshalSANs. */
export function alternativeNamesDer({
  dnsNames,
  emailAddresses,
  ipAddresses,
  uris,
}: AlternativeNames): Uint8Array {
  return sequence(
    ...dnsNames.map((name) => element(DNS, encodeUtf8(name))),
    ...emailAddresses.map((address) => element(EMAIL, encodeUtf8(address))),
    ...ipAddresses.map((address) => element(IP, addressBytes(address))),
    ...uris.map((uri) => element(URI, encodeUtf8(uri))),
  );
}

export function readAlternativeNames(der: Uint8Array): AlternativeNames {
  const found = new DerReader(der).sequence().each((reader) => reader.next());
  const texts = (tag: number) =>
    found.filter((name) => name.tag === tag).map(({ content }) => decodeUtf8(content));
  return {
    dnsNames: texts(DNS),
    emailAddresses: texts(EMAIL),
    uris: texts(URI),
    ipAddresses: found.filter(({ tag }) => tag === IP).map(({ content }) => addressText(content)),
  };
}

function addressBytes(address: string): Uint8Array {
  if (IPV4.test(address)) return Uint8Array.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [
    ...groups(head),
    ...Array<string>(tail === undefined ? 0 : missing).fill('0'),
    ...groups(tail),
  ];
  return Uint8Array.from(all.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]));
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += 2) groups.push(((bytes[at]! << 8) | bytes[at + 1]!).toString(16));
  const zeros = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort(
    (a, b) => b[0].length - a[0].length,
  )[0];
  if (zeros === undefined) return groups.join(':');
  const whole = groups.join(':');
  const before = whole.slice(0, zeros.index);
  const after = whole.slice(zeros.index + zeros[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
