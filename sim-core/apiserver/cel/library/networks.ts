import { goQuote } from '../../../apimachinery/go-format.ts';
import type { CIDR, IPAddress } from '../../util/net.ts';
import { containsIP, formatIP, isMapped, maskedIP, parseCIDR, parseIP } from '../../util/net.ts';
import type { CelFunction } from './functions.ts';
import { CelFunctionError } from './functions.ts';

class CelIP {
  readonly typeName = 'net.IP';
  readonly address: IPAddress;
  constructor(address: IPAddress) {
    this.address = address;
  }
  equals({ address }: CelIP): boolean {
    return this.address.family === address.family && this.address.value === address.value;
  }
}

class CelCIDR {
  readonly typeName = 'net.CIDR';
  readonly cidr: CIDR;
  constructor(cidr: CIDR) {
    this.cidr = cidr;
  }
  equals(other: CelCIDR): boolean {
    return cidrText(this) === cidrText(other);
  }
}

/** Of an address with colons. */
function groupFault(text: string): string {
  const at = (rest: string) => ` (at ${goQuote(rest)})`;
  let rest = text.startsWith('::') ? text.slice(2) : text;
  let hasEllipsis = rest !== text;
  for (let groups = 0; groups < 8; groups++) {
    const digits = /^[0-9a-f]*/i.exec(rest)![0];
    if (digits.length > 4) return `each group must have 4 or less digits${at(rest)}`;
    if (digits === '') return `each colon-separated field must have at least one digit${at(rest)}`;
    rest = rest.slice(digits.length);
    if (rest === '') return hasEllipsis ? 'unable to parse IP' : 'address string too short';
    if (!rest.startsWith(':')) return `unexpected character, want colon${at(rest)}`;
    if (rest.length === 1) return `colon must be followed by more characters${at(rest)}`;
    rest = rest.slice(1);
    if (!rest.startsWith(':')) continue;
    if (hasEllipsis) return `multiple :: in address${at(rest)}`;
    hasEllipsis = true;
    rest = rest.slice(1);
    if (rest === '') break;
  }
  return rest === ''
    ? 'the :: must expand to at least one field of zeros'
    : `trailing garbage after address${at(rest)}`;
}

/** Why a text is no address, in the words of Go's net/netip. */
function addressFault(text: string): string {
  const because = (reason: string) => `ParseAddr(${goQuote(text)}): ${reason}`;
  const mark = /[.:%]/.exec(text)?.[0];
  if (mark === undefined) return because('unable to parse IP');
  if (mark === '%') return because('missing IPv6 address');
  if (mark === ':') return because(groupFault(text));
  const strange = text.search(/[^\d.]/);
  const fields = text.split('.');
  for (const [index, field] of fields.entries()) {
    if (/[^\d]/.test(field)) break;
    if (field === '') {
      const rest = fields.slice(index).join('.');
      return because(
        `IPv4 field must have at least one digit${rest === '' ? '' : ` (at ${goQuote(`.${rest.slice(1)}`)})`}`,
      );
    }
    if (/^0\d/.test(field)) return because('IPv4 field has octet with leading zero');
    if (Number(field) > 255) return because('IPv4 field has value >255');
  }
  if (strange >= 0) return because(`unexpected character (at ${goQuote(text.slice(strange))})`);
  return because(fields.length < 4 ? 'IPv4 address too short' : 'IPv4 address too long');
}

/** A text says what is wrong. */
function parseAddress(text: string): IPAddress | string {
  const zone = text.indexOf('%');
  const address = parseIP(zone < 0 ? text : text.slice(0, zone));
  if (address === undefined) {
    return `IP Address ${goQuote(text)} parse error during conversion from string: ${addressFault(text)}`;
  }
  if (zone >= 0) return `IP address ${goQuote(text)} with zone value is not allowed`;
  if (isMapped(address)) {
    return `IPv4-mapped IPv6 address ${goQuote(text)} is not allowed`;
  }
  return address;
}

function parseBlock(text: string): CIDR | string {
  const cidr = parseCIDR(text);
  if (cidr !== undefined && !isMapped(cidr.address)) return cidr;
  if (cidr !== undefined) return `IPv4-mapped IPv6 address ${goQuote(text)} is not allowed`;
  const slash = text.lastIndexOf('/');
  const [address, bits] = [text.slice(0, Math.max(slash, 0)), text.slice(slash + 1)];
  const fault =
    slash < 0
      ? "no '/'"
      : parseIP(address) === undefined
        ? addressFault(address)
        : /^(?:0|[1-9]\d*)$/.test(bits)
          ? 'prefix length out of range'
          : `bad bits after slash: ${goQuote(bits)}`;
  return `network address parse error during conversion from string: netip.ParsePrefix(${goQuote(text)}): ${fault}`;
}

function ipOf(text: string): CelIP {
  const address = parseAddress(text);
  if (typeof address === 'string') throw new CelFunctionError(address);
  return new CelIP(address);
}

function cidrOf(text: string): CelCIDR {
  const cidr = parseBlock(text);
  if (typeof cidr === 'string') {
    throw new CelFunctionError(`network address parse error during conversion from string: ${cidr}`);
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
const isGlobal = (ip: CelIP) =>
  !isUnspecified(ip) &&
  !isLoopback(ip) &&
  !isMulticast(ip) &&
  !isLinkLocal(ip) &&
  !isIn('255.255.255.255/32')(ip);

function containsAddress({ cidr }: CelCIDR, ip: CelIP | string): boolean {
  const address = typeof ip === 'string' ? parseAddress(ip) : ip.address;
  // Why it is no address is lost.
  if (typeof address === 'string') throw new CelFunctionError('no such overload');
  return containsIP(cidr, address);
}
function containsBlock({ cidr: outer }: CelCIDR, other: CelCIDR | string): boolean {
  const { cidr: inner } = typeof other === 'string' ? cidrOf(other) : other;
  return inner.length >= outer.length && containsIP(outer, inner.address);
}
const cidrText = ({ cidr }: CelCIDR) => `${formatIP(cidr.address)}/${cidr.length}`;

/** Models k8s.io/apiserver/pkg/cel/library/{ip,cidr}.go. */
export const NETWORKS: readonly CelFunction[] = [
  ['ip', '(string) IP', ipOf],
  ['ip', 'CIDR.() IP', ({ cidr }: CelCIDR) => new CelIP(cidr.address)],
  ['isIP', '(string) bool', (text: string) => typeof parseAddress(text) !== 'string'],
  ['ip.isCanonical', '(string) bool', (text: string) => formatIP(ipOf(text).address) === text],
  ['family', 'IP.() int', ({ address }: CelIP) => BigInt(address.family)],
  ['isUnspecified', 'IP.() bool', isUnspecified],
  ['isLoopback', 'IP.() bool', isLoopback],
  ['isLinkLocalMulticast', 'IP.() bool', isIn('224.0.0.0/24', 'ff02::/16')],
  ['isLinkLocalUnicast', 'IP.() bool', isLinkLocal],
  ['isGlobalUnicast', 'IP.() bool', isGlobal],
  ['string', '(IP) string', ({ address }: CelIP) => formatIP(address)],
  ['cidr', '(string) CIDR', cidrOf],
  ['isCIDR', '(string) bool', (text: string) => typeof parseBlock(text) !== 'string'],
  ['containsIP', 'CIDR.(string) bool | CIDR.(IP) bool', containsAddress],
  ['containsCIDR', 'CIDR.(string) bool | CIDR.(CIDR) bool', containsBlock],
  [
    'masked',
    'CIDR.() CIDR',
    ({ cidr }: CelCIDR) => new CelCIDR({ address: maskedIP(cidr), length: cidr.length }),
  ],
  ['prefixLength', 'CIDR.() int', ({ cidr }: CelCIDR) => BigInt(cidr.length)],
  ['string', '(CIDR) string', cidrText],
];
