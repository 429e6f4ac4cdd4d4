import { goQuote } from './go-format.ts';

const MAX_INT64 = 2n ** 63n - 1n;

/** What strconv.ParseUint says of a text that is no number of so many bits; undefined for one that is. */
export function unsignedComplaint(text: string, bits = 64): string | undefined {
  if (!/^\d+$/.test(text)) return complaint('ParseUint', text, 'invalid syntax');
  return BigInt(text) >> BigInt(bits) > 0n ? complaint('ParseUint', text, 'value out of range') : undefined;
}

/** The same of strconv.ParseInt. */
export function signedComplaint(text: string): string | undefined {
  const number = /^([+-]?)(\d+)$/.exec(text);
  if (number === null) return complaint('ParseInt', text, 'invalid syntax');
  const limit = number[1] === '-' ? MAX_INT64 + 1n : MAX_INT64;
  return BigInt(number[2]!) > limit ? complaint('ParseInt', text, 'value out of range') : undefined;
}

const complaint = (by: string, text: string, what: string) =>
  `strconv.${by}: parsing ${goQuote(text)}: ${what}`;
