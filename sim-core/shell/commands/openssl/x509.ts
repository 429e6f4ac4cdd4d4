import { DerReader } from '../../../crypto/asn1/decode.ts';
import { TAG } from '../../../crypto/asn1/tags.ts';
import { digest } from '../../../crypto/keys/hash.ts';
import type { Certificate } from '../../../crypto/x509/certificate.ts';
import type { ExtendedKeyUsage, KeyUsage } from '../../../crypto/x509/usages.ts';
import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import type { CommandEnvironment, CommandIo } from '../../command.ts';
import { nameText } from './names.ts';
import { certificatesOf } from './verify.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number) => String(value).padStart(2, '0');

/** "Nov 23 08:42:30 2026 GMT". */
function timeText(instant: number): string {
  const time = new Date(instant);
  const day = String(time.getUTCDate()).padStart(2);
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map(two).join(':');
  return `${MONTHS[time.getUTCMonth()]} ${day} ${clock} ${time.getUTCFullYear()} GMT`;
}

const hexPairs = (bytes: Uint8Array): string[] =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));

function serialHex({ serialNumber }: Certificate): string {
  const text = serialNumber.toString(16).toUpperCase();
  return text.length % 2 === 0 ? text : `0${text}`;
}

/** Bytes in lines of so many, a colon between two. */
function hexLines(bytes: Uint8Array, indent: string, perLine: number): string[] {
  const pairs = hexPairs(bytes);
  const lines: string[] = [];
  for (let at = 0; at < pairs.length; at += perLine) {
    const end = at + perLine < pairs.length ? ':' : '';
    lines.push(`${indent}${pairs.slice(at, at + perLine).join(':')}${end}`);
  }
  return lines;
}

const KEY_USAGES: Readonly<Partial<Record<KeyUsage, string>>> = {
  'digital signature': 'Digital Signature',
  'content commitment': 'Non Repudiation',
  'key encipherment': 'Key Encipherment',
  'data encipherment': 'Data Encipherment',
  'key agreement': 'Key Agreement',
  'cert sign': 'Certificate Sign',
  'crl sign': 'CRL Sign',
};
const EXTENDED: Readonly<Partial<Record<ExtendedKeyUsage, string>>> = {
  'server auth': 'TLS Web Server Authentication',
  'client auth': 'TLS Web Client Authentication',
  'code signing': 'Code Signing',
  'email protection': 'E-mail Protection',
};

/** The extensions by the names that -ext has for them, as their titles and what they say. */
function extensionsOf(
  certificate: Certificate,
): readonly (readonly [key: string, title: string, value: string])[] {
  const { keyUsages, extendedKeyUsages, isCA, names, keyIds } = certificate;
  const colons = (bytes: Uint8Array) => hexPairs(bytes).join(':').toUpperCase();
  const alternatives = [
    ...names.dnsNames.map((name) => `DNS:${name}`),
    ...names.emailAddresses.map((address) => `email:${address}`),
    ...names.ipAddresses.map((address) => `IP Address:${address}`),
    ...names.uris.map((uri) => `URI:${uri}`),
  ];
  const { subjectKeyId, authorityKeyId } = keyIds;
  const all: (readonly [string, string, string | undefined])[] = [
    [
      'keyUsage',
      'X509v3 Key Usage: critical',
      keyUsages.length > 0 ? keyUsages.map((usage) => KEY_USAGES[usage] ?? usage).join(', ') : undefined,
    ],
    [
      'extendedKeyUsage',
      'X509v3 Extended Key Usage: ',
      extendedKeyUsages.length > 0
        ? extendedKeyUsages.map((usage) => EXTENDED[usage] ?? usage).join(', ')
        : undefined,
    ],
    [
      'basicConstraints',
      'X509v3 Basic Constraints: critical',
      isCA === undefined ? undefined : `CA:${isCA ? 'TRUE' : 'FALSE'}`,
    ],
    ['subjectKeyIdentifier', 'X509v3 Subject Key Identifier: ', subjectKeyId && colons(subjectKeyId)],
    ['authorityKeyIdentifier', 'X509v3 Authority Key Identifier: ', authorityKeyId && colons(authorityKeyId)],
    [
      'subjectAltName',
      'X509v3 Subject Alternative Name: ',
      alternatives.length > 0 ? alternatives.join(', ') : undefined,
    ],
  ];
  return all.flatMap(([key, title, value]) => (value === undefined ? [] : [[key, title, value] as const]));
}

/** Models X509_print_ex. */
function textOf(certificate: Certificate): string {
  const { issuer, subject, notBefore, notAfter, publicKey, serialNumber } = certificate;
  const outer = new DerReader(certificate.der).sequence();
  outer.next(TAG.sequence);
  outer.sequence();
  const algorithm = 'ecdsa-with-SHA256';
  const serial =
    serialNumber < 1n << 63n
      ? [`        Serial Number: ${serialNumber} (0x${serialNumber.toString(16)})`]
      : [
          '        Serial Number:',
          `            ${serialHex(certificate).toLowerCase().match(/../g)!.join(':')}`,
        ];
  const key =
    publicKey.type === 'ecdsa'
      ? [
          '            Public Key Algorithm: id-ecPublicKey',
          '                Public-Key: (256 bit)',
          '                pub:',
          ...hexLines(publicKey.bits, ' '.repeat(20), 15),
          '                ASN1 OID: prime256v1',
          '                NIST CURVE: P-256',
        ]
      : ['            Public Key Algorithm: rsaEncryption'];
  return [
    'Certificate:',
    '    Data:',
    '        Version: 3 (0x2)',
    ...serial,
    `        Signature Algorithm: ${algorithm}`,
    `        Issuer: ${nameText(issuer)}`,
    '        Validity',
    `            Not Before: ${timeText(notBefore)}`,
    `            Not After : ${timeText(notAfter)}`,
    `        Subject: ${nameText(subject)}`,
    '        Subject Public Key Info:',
    ...key,
    '        X509v3 extensions:',
    ...extensionsOf(certificate).flatMap(([, title, value]) => [
      `            ${title}`,
      `                ${value}`,
    ]),
    `    Signature Algorithm: ${algorithm}`,
    '    Signature Value:',
    ...hexLines(outer.bitString(), ' '.repeat(8), 18),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

type Show = (certificate: Certificate) => string;
const colonHex = (bytes: Uint8Array) => hexPairs(bytes).join(':').toUpperCase();

/** What the options without a value print, in their order on the line. */
const SHOWS: Readonly<Record<string, Show>> = {
  '-text': textOf,
  '-subject': ({ subject }) => `subject=${nameText(subject)}\n`,
  '-issuer': ({ issuer }) => `issuer=${nameText(issuer)}\n`,
  '-serial': (certificate) => `serial=${serialHex(certificate)}\n`,
  '-startdate': ({ notBefore }) => `notBefore=${timeText(notBefore)}\n`,
  '-enddate': ({ notAfter }) => `notAfter=${timeText(notAfter)}\n`,
  '-dates': ({ notBefore, notAfter }) => `notBefore=${timeText(notBefore)}\nnotAfter=${timeText(notAfter)}\n`,
  '-fingerprint': ({ der }) => `sha256 Fingerprint=${colonHex(digest('sha256', der))}\n`,
  '-pubkey': ({ publicKey }) => publicKey.pem,
};
const IGNORED = new Set(['-sha256', '-inform', '-nameopt', '-certopt', '-outform']);

/** `openssl x509 [-in FILE] [-noout] [-text] …`, of the first certificate of the file or of the input. */
export async function x509(
  args: readonly string[],
  io: CommandIo,
  { machine: { files }, cwd, clock }: CommandEnvironment,
): Promise<number> {
  const shows: Show[] = [];
  let [path, withPem, seconds]: [string | undefined, boolean, number | undefined] = [
    undefined,
    true,
    undefined,
  ];
  const words = [...args];
  for (let option = words.shift(); option !== undefined; option = words.shift()) {
    const show = SHOWS[option];
    if (show !== undefined) shows.push(show);
    else if (option === '-noout') withPem = false;
    else if (option === '-in') path = words.shift();
    else if (option === '-checkend') seconds = Number(words.shift());
    else if (option === '-ext') {
      const wanted = (words.shift() ?? '').split(',');
      shows.push((certificate) =>
        extensionsOf(certificate)
          .filter(([key]) => wanted.includes(key))
          .map(([, title, value]) => `${title}\n    ${value}\n`)
          .join(''),
      );
    } else if (IGNORED.has(option)) {
      if (option !== '-sha256') words.shift();
    } else {
      io.stderr(`x509: Unknown option: ${option.replace(/^-/, '')}\nx509: Use -help for summary.\n`);
      return 1;
    }
  }
  let text: string;
  try {
    text = path === undefined ? await io.stdin.readAll() : files.read(resolvePath(cwd, path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    io.stderr(
      `Could not open file or uri for loading certificate from ${path}\n${error.message}\nUnable to load certificate\n`,
    );
    return 1;
  }
  const [certificate] = certificatesOf(text);
  if (certificate === undefined) {
    io.stderr(`Could not read certificate from ${path ?? '<stdin>'}\nUnable to load certificate\n`);
    return 1;
  }
  for (const show of shows) io.stdout(show(certificate));
  if (seconds !== undefined) {
    const expires = certificate.notAfter <= clock.now() + seconds * 1000;
    io.stdout(`Certificate will ${expires ? '' : 'not '}expire\n`);
    if (expires) return 1;
  }
  if (withPem) io.stdout(certificate.pem);
  return 0;
}
