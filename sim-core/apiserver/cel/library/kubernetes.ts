import { Optional } from '@marcbachmann/cel-js';
import { Quantity, QuantityError } from '../../../apimachinery/quantity/quantity.ts';
import {
  isDNS1035Label,
  isDNS1123Label,
  isDNS1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
  nameIsDNS1035Label,
  nameIsDNSLabel,
  nameIsDNSSubdomain,
} from '../../../apimachinery/validation/names.ts';
import { stringFormat } from '../../util/formats.ts';
import { containsIP, formatIP, maskedIP, parseCIDR, parseIP } from '../../util/net.ts';
import type { CelFunction } from './functions.ts';
import { CelFunctionError } from './functions.ts';
import { CelCIDR, CelFormat, CelIP, CelQuantity, CelSemver, CelURL } from './types.ts';

function quantityOf(text: string): CelQuantity {
  try {
    return new CelQuantity(Quantity.parse(text));
  } catch (error) {
    if (error instanceof QuantityError) throw new CelFunctionError(error.message);
    throw error;
  }
}

function isQuantity(text: string): boolean {
  try {
    Quantity.parse(text);
    return true;
  } catch (error) {
    if (error instanceof QuantityError) return false;
    throw error;
  }
}

const isWhole = ({ quantity }: CelQuantity) => Number.isSafeInteger(quantity.asFloat());
const numberAsQuantity = (value: bigint) => Quantity.of(value);

/** Models pkg/cel/library/quantity.go. */
const QUANTITIES: readonly CelFunction[] = [
  ['quantity(string): Quantity', quantityOf],
  ['isQuantity(string): bool', isQuantity],
  ['Quantity.sign(): int', ({ quantity }: CelQuantity) => BigInt(quantity.sign)],
  ['Quantity.isInteger(): bool', isWhole],
  [
    'Quantity.asInteger(): int',
    (value: CelQuantity) => {
      if (!isWhole(value)) throw new CelFunctionError('cannot convert value to integer');
      return BigInt(value.quantity.asFloat());
    },
  ],
  ['Quantity.asApproximateFloat(): double', ({ quantity }: CelQuantity) => quantity.asFloat()],
  [
    'Quantity.isGreaterThan(Quantity): bool',
    (a: CelQuantity, b: CelQuantity) => a.quantity.compare(b.quantity) > 0,
  ],
  [
    'Quantity.isLessThan(Quantity): bool',
    (a: CelQuantity, b: CelQuantity) => a.quantity.compare(b.quantity) < 0,
  ],
  [
    'Quantity.compareTo(Quantity): int',
    (a: CelQuantity, b: CelQuantity) => BigInt(a.quantity.compare(b.quantity)),
  ],
  [
    'Quantity.add(Quantity): Quantity',
    (a: CelQuantity, b: CelQuantity) => new CelQuantity(a.quantity.add(b.quantity)),
  ],
  [
    'Quantity.add(int): Quantity',
    (a: CelQuantity, b: bigint) => new CelQuantity(a.quantity.add(numberAsQuantity(b))),
  ],
  [
    'Quantity.sub(Quantity): Quantity',
    (a: CelQuantity, b: CelQuantity) => new CelQuantity(a.quantity.sub(b.quantity)),
  ],
  [
    'Quantity.sub(int): Quantity',
    (a: CelQuantity, b: bigint) => new CelQuantity(a.quantity.sub(numberAsQuantity(b))),
  ],
];

const URL_PARTS = /^(?:([a-z][a-z0-9+.-]*):(?:\/\/([^/?#\s]*))?)?([^?#\s]*)(?:\?([^#\s]*))?$/i;

function parseURL(text: string): CelURL | undefined {
  const match = URL_PARTS.exec(text);
  if (match === null || /%(?![0-9a-f]{2})/i.test(text)) return undefined;
  const [, scheme = '', host = '', path = '', query = ''] = match;
  if (scheme === '' && !path.startsWith('/')) return undefined;
  return new CelURL(scheme.toLowerCase(), host, path, query);
}

const hostname = ({ host }: CelURL) => /^\[(.*)\](?::\d*)?$/.exec(host)?.[1] ?? host.replace(/:\d*$/, '');

function queryOf({ query }: CelURL): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const pair of query === '' ? [] : query.split('&')) {
    const [key = '', value = ''] = pair
      .split('=')
      .map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
    values[key] = [...(values[key] ?? []), value];
  }
  return values;
}

/** Models pkg/cel/library/urls.go. */
const URLS: readonly CelFunction[] = [
  [
    'url(string): URL',
    (text: string) => {
      const url = parseURL(text);
      if (url === undefined)
        throw new CelFunctionError(
          `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
        );
      return url;
    },
  ],
  ['isURL(string): bool', (text: string) => parseURL(text) !== undefined],
  ['URL.getScheme(): string', ({ scheme }: CelURL) => scheme],
  ['URL.getHost(): string', ({ host }: CelURL) => host],
  ['URL.getHostname(): string', hostname],
  ['URL.getPort(): string', ({ host }: CelURL) => /:(\d*)$/.exec(host)?.[1] ?? ''],
  ['URL.getEscapedPath(): string', ({ path }: CelURL) => path],
  ['URL.getQuery(): map<string, list<string>>', queryOf],
];

function ipOf(text: string): CelIP {
  const address = parseIP(text);
  if (address === undefined) {
    throw new CelFunctionError(
      `IP Address ${JSON.stringify(text)} parse error during conversion from string`,
    );
  }
  return new CelIP(address);
}

function cidrOf(text: string): CelCIDR {
  const cidr = parseCIDR(text);
  if (cidr === undefined) {
    throw new CelFunctionError(
      `network address parse error during conversion from string: netip.ParsePrefix(${JSON.stringify(text)}): no '/'`,
    );
  }
  return new CelCIDR(cidr);
}

/** True for an address in one of these blocks. */
const isIn =
  (...blocks: readonly string[]) =>
  ({ address }: CelIP) =>
    blocks.some((block) => containsIP(parseCIDR(block)!, address));
const isUnspecified = ({ address }: CelIP) => address.value === 0n;
const isLoopback = isIn('127.0.0.0/8', '::1/128');
const isLinkLocal = isIn('169.254.0.0/16', 'fe80::/10');
const isMulticast = isIn('224.0.0.0/4', 'ff00::/8');

const containsBlock = (outer: CelCIDR, inner: CelCIDR) =>
  inner.cidr.length >= outer.cidr.length && containsIP(outer.cidr, inner.cidr.address);
const cidrText = ({ cidr }: CelCIDR) => `${formatIP(cidr.address)}/${cidr.length}`;

/** Models pkg/cel/library/{ip,cidr}.go. */
const NETWORKS: readonly CelFunction[] = [
  ['ip(string): IP', ipOf],
  ['isIP(string): bool', (text: string) => parseIP(text) !== undefined],
  ['IPs.isCanonical(string): bool', (_: unknown, text: string) => formatIP(ipOf(text).address) === text],
  ['IP.family(): int', ({ address }: CelIP) => BigInt(address.family)],
  ['IP.isUnspecified(): bool', isUnspecified],
  ['IP.isLoopback(): bool', isLoopback],
  ['IP.isLinkLocalMulticast(): bool', isIn('224.0.0.0/24', 'ff02::/16')],
  ['IP.isLinkLocalUnicast(): bool', isLinkLocal],
  [
    'IP.isGlobalUnicast(): bool',
    (ip: CelIP) =>
      !isUnspecified(ip) &&
      !isLoopback(ip) &&
      !isMulticast(ip) &&
      !isLinkLocal(ip) &&
      !isIn('255.255.255.255/32')(ip),
  ],
  ['string(IP): string', ({ address }: CelIP) => formatIP(address)],
  ['cidr(string): CIDR', cidrOf],
  ['isCIDR(string): bool', (text: string) => parseCIDR(text) !== undefined],
  ['CIDR.containsIP(IP): bool', ({ cidr }: CelCIDR, { address }: CelIP) => containsIP(cidr, address)],
  [
    'CIDR.containsIP(string): bool',
    ({ cidr }: CelCIDR, text: string) => containsIP(cidr, ipOf(text).address),
  ],
  ['CIDR.containsCIDR(CIDR): bool', containsBlock],
  ['CIDR.containsCIDR(string): bool', (outer: CelCIDR, text: string) => containsBlock(outer, cidrOf(text))],
  ['CIDR.ip(): IP', ({ cidr }: CelCIDR) => new CelIP(cidr.address)],
  [
    'CIDR.masked(): CIDR',
    ({ cidr }: CelCIDR) => new CelCIDR({ address: maskedIP(cidr), length: cidr.length }),
  ],
  ['CIDR.prefixLength(): int', ({ cidr }: CelCIDR) => BigInt(cidr.length)],
  ['string(CIDR): string', cidrText],
];

const one = (name: string) => (text: string) => (stringFormat(name)!(text) ? [] : [`invalid ${name}`]);

const FORMATS: Readonly<Record<string, (text: string) => readonly string[]>> = {
  dns1123Label: isDNS1123Label,
  dns1123Subdomain: isDNS1123Subdomain,
  dns1035Label: isDNS1035Label,
  qualifiedName: isQualifiedName,
  dns1123LabelPrefix: (text) => nameIsDNSLabel(text, true),
  dns1123SubdomainPrefix: (text) => nameIsDNSSubdomain(text, true),
  dns1035LabelPrefix: (text) => nameIsDNS1035Label(text, true),
  labelValue: isValidLabelValue,
  uri: one('uri'),
  uuid: one('uuid'),
  byte: one('byte'),
  date: one('date'),
  datetime: one('datetime'),
};

/** Models pkg/cel/library/format.go. */
const NAMED_FORMATS: readonly CelFunction[] = [
  ...Object.keys(FORMATS).map((name): CelFunction => [
    `Formats.${name}(): Format`,
    () => new CelFormat(FORMATS[name]!),
  ]),
  [
    'Formats.named(string): optional',
    (_: unknown, name: string) =>
      Object.hasOwn(FORMATS, name) ? Optional.of(new CelFormat(FORMATS[name]!)) : Optional.none(),
  ],
  [
    'Format.validate(string): optional',
    ({ check }: CelFormat, text: string) => {
      const faults = check(text);
      return faults.length === 0 ? Optional.none() : Optional.of(faults);
    },
  ],
];

const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

function parseSemver(text: string): CelSemver | undefined {
  const match = SEMVER.exec(text);
  if (match === null) return undefined;
  return new CelSemver(
    [BigInt(match[1]!), BigInt(match[2]!), BigInt(match[3]!)],
    match[4] === undefined ? [] : match[4].split('.'),
  );
}

function compareSemver(a: CelSemver, b: CelSemver): number {
  const core = a.core.findIndex((part, index) => part !== b.core[index]);
  if (core >= 0) return a.core[core]! < b.core[core]! ? -1 : 1;
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length;
  for (let index = 0; index < Math.max(a.pre.length, b.pre.length); index++) {
    const [left, right] = [a.pre[index], b.pre[index]];
    if (left === right) continue;
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const [isLeft, isRight] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (isLeft !== isRight) return isLeft ? -1 : 1;
    return (isLeft ? Number(left) < Number(right) : left < right) ? -1 : 1;
  }
  return 0;
}

/** Models pkg/cel/library/semverlib.go. */
const SEMVERS: readonly CelFunction[] = [
  [
    'semver(string): Semver',
    (text: string) => {
      const version = parseSemver(text);
      if (version === undefined)
        throw new CelFunctionError(`No Major.Minor.Patch elements found in ${JSON.stringify(text)}`);
      return version;
    },
  ],
  ['isSemver(string): bool', (text: string) => parseSemver(text) !== undefined],
  ['Semver.major(): int', ({ core }: CelSemver) => core[0]],
  ['Semver.minor(): int', ({ core }: CelSemver) => core[1]],
  ['Semver.patch(): int', ({ core }: CelSemver) => core[2]],
  ['Semver.isGreaterThan(Semver): bool', (a: CelSemver, b: CelSemver) => compareSemver(a, b) > 0],
  ['Semver.isLessThan(Semver): bool', (a: CelSemver, b: CelSemver) => compareSemver(a, b) < 0],
  ['Semver.compareTo(Semver): int', (a: CelSemver, b: CelSemver) => BigInt(Math.sign(compareSemver(a, b)))],
];

export const KUBERNETES: readonly CelFunction[] = [
  ...QUANTITIES,
  ...URLS,
  ...NETWORKS,
  ...NAMED_FORMATS,
  ...SEMVERS,
];
/** Types whose values may be compared with == and !=. */
export const EQUALITY: Readonly<Record<string, (a: never, b: never) => boolean>> = {
  Quantity: (a: CelQuantity, b: CelQuantity) => a.quantity.compare(b.quantity) === 0,
  IP: (a: CelIP, b: CelIP) => a.address.family === b.address.family && a.address.value === b.address.value,
  CIDR: (a: CelCIDR, b: CelCIDR) => cidrText(a) === cidrText(b),
  URL: (a: CelURL, b: CelURL) =>
    a.scheme === b.scheme && a.host === b.host && a.path === b.path && a.query === b.query,
  Semver: (a: CelSemver, b: CelSemver) => compareSemver(a, b) === 0,
};
