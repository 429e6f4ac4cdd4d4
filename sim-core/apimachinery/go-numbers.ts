import { goQuote } from './go-format.ts';

/** What strconv.ParseUint says of a text that is no number of so many bits; undefined for one that is. */
export function unsignedComplaint(text: string, bits = 64): string | undefined {
  if (!/^\d+$/.test(text)) return complaint('ParseUint', text, 'invalid syntax');
  return BigInt(text) >> BigInt(bits) > 0n ? complaint('ParseUint', text, 'value out of range') : undefined;
}

/** The same of strconv.ParseInt. */
export function signedComplaint(text: string, bits = 64): string | undefined {
  const number = /^([+-]?)(\d+)$/.exec(text);
  if (number === null) return complaint('ParseInt', text, 'invalid syntax');
  const limit = 2n ** BigInt(bits - 1) - (number[1] === '-' ? 0n : 1n);
  return BigInt(number[2]!) > limit ? complaint('ParseInt', text, 'value out of range') : undefined;
}

/** The same of strconv.ParseBool. */
export function booleanComplaint(text: string): string | undefined {
  return parseGoBool(text) === undefined ? complaint('ParseBool', text, 'invalid syntax') : undefined;
}

/** A truth value; undefined for a text that is none. Models strconv.ParseBool. */
export function parseGoBool(text: string): boolean | undefined {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
  return /^(0|f|F|FALSE|false|False)$/.test(text) ? false : undefined;
}

const complaint = (by: string, text: string, what: string) =>
  `strconv.${by}: parsing ${goQuote(text)}: ${what}`;
