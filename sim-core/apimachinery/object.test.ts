import { expect, test } from 'vitest';
import { formatMicroTime, formatTime } from './object.ts';

test.each([
  0,
  Date.parse('2026-11-23T17:01:13.000Z'),
  Date.parse('2026-11-23T23:59:59.999Z'),
  Date.parse('2026-11-24T00:00:00.000Z'),
  Date.parse('2028-02-29T09:08:07.006Z'),
  Date.parse('1969-12-31T23:59:59.500Z'),
  8.64e15,
  1_795_000_000_123.75,
])('%d is printed as Date prints it, to the second and to the microsecond', (instant) => {
  const text = new Date(Math.floor(instant)).toISOString();
  expect(formatTime(instant)).toBe(text.replace(/\.\d+Z$/, 'Z'));
  expect(formatMicroTime(instant)).toBe(text.replace(/Z$/, '000Z'));
});

test('what is no time is refused as Date refuses it', () => {
  expect(() => formatTime(NaN)).toThrow(RangeError);
});
