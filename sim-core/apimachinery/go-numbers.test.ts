import { expect, test } from 'vitest';
import { booleanComplaint, parseGoBool, signedComplaint, unsignedComplaint } from './go-numbers.ts';

test('signedComplaint knows the limits of so many bits', () => {
  expect(['-128', '127', '+5'].map((text) => signedComplaint(text, 8))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(signedComplaint('128', 8)).toBe('strconv.ParseInt: parsing "128": value out of range');
  expect(signedComplaint('9223372036854775807')).toBeUndefined();
  expect(signedComplaint('9223372036854775808')).toContain('value out of range');
  expect(signedComplaint('-9223372036854775809')).toContain('value out of range');
  expect(signedComplaint('1.5')).toBe('strconv.ParseInt: parsing "1.5": invalid syntax');
});

test('unsignedComplaint takes no sign', () => {
  expect(unsignedComplaint('65535', 16)).toBeUndefined();
  expect(unsignedComplaint('65536', 16)).toBe('strconv.ParseUint: parsing "65536": value out of range');
  expect(unsignedComplaint('+1')).toBe('strconv.ParseUint: parsing "+1": invalid syntax');
});

test('parseGoBool takes the words that Go takes, and no other case of them', () => {
  expect(['1', 'T', 'True', '0', 'f', 'FALSE', 'tRUE', ''].map(parseGoBool)).toEqual([
    ...[true, true, true, false, false, false],
    ...[undefined, undefined],
  ]);
  expect(booleanComplaint('yes')).toBe('strconv.ParseBool: parsing "yes": invalid syntax');
});
