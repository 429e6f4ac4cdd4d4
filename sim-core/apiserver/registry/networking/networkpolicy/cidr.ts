import { isCIDR, isIPv4 } from '../../core/validation/common.ts';

/** A range of addresses: its first `length` bits are those of `bits`. */
export interface Cidr {
  /** The address, one digit for each of its 32 or 128 bits. */
  readonly bits: string;
  readonly length: number;
}

/** "10.0.0.0/8", or undefined for a text that is no range. */
export function parseCidr(text: string): Cidr | undefined {
  if (!isCIDR(text)) return undefined;
  const [address, length] = text.split('/') as [string, string];
  return { bits: isIPv4(address) ? bitsOfIPv4(address) : bitsOfIPv6(address), length: Number(length) };
}

/** True if `inner` lies in `outer` and is smaller. */
export function isStrictSubset(inner: Cidr, outer: Cidr): boolean {
  return (
    inner.bits.length === outer.bits.length &&
    inner.bits.startsWith(outer.bits.slice(0, outer.length)) &&
    inner.length > outer.length
  );
}

function bitsOfIPv4(address: string): string {
  return address
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
}

function bitsOfIPv6(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = (text: string) =>
    text === ''
      ? []
      : text.split(':').map((group) => (group.includes('.') ? bitsOfIPv4(group) : hexBits(group)));
  const before = groups(head).join('');
  const after = groups(tail ?? '').join('');
  return before + after.padStart(128 - before.length, '0');
}

const hexBits = (group: string) => parseInt(group, 16).toString(2).padStart(16, '0');
