import { expect, test } from 'vitest';
import {
  DurationError,
  formatGoDuration,
  humanDuration,
  parseGoDuration,
  shortHumanDuration,
} from './duration.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [-3 * SECOND, '<invalid>', '<invalid>'],
  [-1 * SECOND, '0s', '0s'],
  [0, '0s', '0s'],
  [119 * SECOND, '119s', '1m'],
  [2 * MINUTE, '2m', '2m'],
  [130 * SECOND, '2m10s', '2m'],
  [10 * MINUTE + SECOND, '10m', '10m'],
  [179 * MINUTE, '179m', '2h'],
  [3 * HOUR, '3h', '3h'],
  [3 * HOUR + 5 * MINUTE, '3h5m', '3h'],
  [8 * HOUR + 5 * MINUTE, '8h', '8h'],
  [2 * DAY, '2d', '2d'],
  [2 * DAY + HOUR, '2d1h', '2d'],
  [8 * DAY + HOUR, '8d', '8d'],
  [2 * 365 * DAY, '2y', '2y'],
  [(2 * 365 + 3) * DAY, '2y3d', '2y'],
  [9 * 365 * DAY, '9y', '9y'],
])('an age of %i ms is %s, in short %s', (duration, long, short) => {
  expect(humanDuration(duration)).toBe(long);
  expect(shortHumanDuration(duration)).toBe(short);
});

test.each([
  ['0', 0, '0s'],
  ['5s', 5000, '5s'],
  ['1h30m', 90 * MINUTE, '1h30m0s'],
  ['-1.5h', -90 * MINUTE, '-1h30m0s'],
  ['1m1.5s', 61500, '1m1.5s'],
  ['300ms', 300, '300ms'],
  ['1us', 0.001, '1µs'],
  ['20ns', 0.00002, '20ns'],
  ['.5s', 500, '500ms'],
])('%s is %d ms and prints as %s', (text, milliseconds, printed) => {
  expect(parseGoDuration(text)).toBe(milliseconds);
  expect(formatGoDuration(milliseconds)).toBe(printed);
});

test.each([
  ['', 'time: invalid duration ""'],
  ['5', 'time: missing unit in duration "5"'],
  ['5 s', 'time: unknown unit " s" in duration "5 s"'],
  ['1d', 'time: unknown unit "d" in duration "1d"'],
  ['abc', 'time: invalid duration "abc"'],
])('%j is no duration', (text, message) => {
  expect(() => parseGoDuration(text)).toThrow(new DurationError(message));
});
