/** 2.5.4.10, organizationName, as DER. */
const ORGANIZATION = [0x06, 0x03, 0x55, 0x04, 0x0a];

/** The organizations of a certificate request's subject; none for what is no certificate request. */
export function organizationsOf(pem: string): string[] {
  const body = /-----BEGIN CERTIFICATE REQUEST-----([\s\S]*?)-----END CERTIFICATE REQUEST-----/.exec(
    pem,
  )?.[1];
  if (body === undefined) return [];
  let der: Uint8Array;
  try {
    der = Uint8Array.from(atob(body.replace(/\s/g, '')), (char) => char.charCodeAt(0));
  } catch {
    return [];
  }
  // CertificationRequest { CertificationRequestInfo { version, subject, … }, … }
  const info = contentOf(der, contentOf(der, { start: 0, end: der.length }));
  const version = elementAt(der, info.start);
  const subject = elementAt(der, version.end);
  const found: string[] = [];
  for (let at = subject.start; at + ORGANIZATION.length < subject.end; at++) {
    if (!ORGANIZATION.every((byte, index) => der[at + index] === byte)) continue;
    const { start, end } = elementAt(der, at + ORGANIZATION.length);
    found.push(new TextDecoder().decode(der.subarray(start, end)));
  }
  return found;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

const contentOf = (der: Uint8Array, { start }: Range): Range => elementAt(der, start);

/** Where the content of the element at `offset` is. */
function elementAt(der: Uint8Array, offset: number): Range {
  const first = der[offset + 1] ?? 0;
  const bytes = first & 0x80 ? first & 0x7f : 0;
  let length = first & 0x7f;
  if (bytes > 0) {
    length = 0;
    for (let index = 0; index < bytes; index++) length = length * 256 + (der[offset + 2 + index] ?? 0);
  }
  const start = offset + 2 + bytes;
  return { start, end: Math.min(start + length, der.length) };
}
