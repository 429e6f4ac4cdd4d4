/** An address: 4 or 16 bytes as one number. */
export interface IPAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}
export interface CIDR {
  readonly address: IPAddress;
  readonly length: number;
}

function parseIPv4(text: string): bigint | undefined {
  const parts = text.split('.');
  const fits = (part: string) =>
    /^\d{1,3}$/.test(part) && Number(part) < 256 && (part === '0' || !part.startsWith('0'));
  if (parts.length !== 4 || !parts.every(fits)) return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

/** The 16-bit groups of one side of "::"; undefined for what is none. */
function groupsOf(half: string): bigint[] | undefined {
  if (half === '') return [];
  const parts = half.split(':');
  const groups: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.includes('.') && index === parts.length - 1) {
      const tail = parseIPv4(part);
      if (tail === undefined) return undefined;
      groups.push(tail >> 16n, tail & 0xffffn);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

function parseIPv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const [head, tail] = [groupsOf(halves[0]!), groupsOf(halves[1] ?? '')];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...tail];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

/** "10.0.0.1" or "2001:db8::1", without a zone; undefined for anything else. Models netip.ParseAddr. */
export function parseIP(text: string): IPAddress | undefined {
  const family = text.includes(':') ? 6 : 4;
  const value = family === 6 ? parseIPv6(text) : parseIPv4(text);
  return value === undefined ? undefined : { family, value };
}

/** ::ffff:1.2.3.4, an address of IPv4 in the form of one of IPv6. */
export const isMapped = ({ family, value }: IPAddress): boolean => family === 6 && value >> 32n === 0xffffn;

/** The text with its numbers written without zeros before them. */
export const withoutZeros = (text: string): string =>
  text.includes(':') ? text.replace(/\/0+(?=\d)/, '/') : text.replace(/(^|[./])0+(?=\d)/g, '$1');

/** "10.0.0.0/8"; undefined for anything else. */
export function parseCIDR(text: string): CIDR | undefined {
  const [host = '', length = '', ...rest] = text.split('/');
  const address = parseIP(host);
  if (address === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  return Number(length) <= bitsOf(address) ? { address, length: Number(length) } : undefined;
}

const bitsOf = ({ family }: IPAddress) => (family === 4 ? 32 : 128);

/** The first address of the block. */
export function maskedIP({ address, length }: CIDR): IPAddress {
  const free = BigInt(bitsOf(address) - length);
  return { family: address.family, value: (address.value >> free) << free };
}

export function containsIP(block: CIDR, address: IPAddress): boolean {
  const free = BigInt(bitsOf(block.address) - block.length);
  return address.family === block.address.family && address.value >> free === block.address.value >> free;
}

/** The canonical text: the longest run of zeros in IPv6 is "::". */
export function formatIP({ family, value }: IPAddress): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number((value >> BigInt(112 - index * 16)) & 0xffffn),
  );
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const text = (list: readonly number[]) => list.map((group) => group.toString(16)).join(':');
  return best.start < 0
    ? text(groups)
    : `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`;
}
