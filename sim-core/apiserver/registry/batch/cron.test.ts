import { expect, test } from 'vitest';
import { cronFault } from './cron.ts';

test.each([
  ['*/5 * * * *', undefined],
  ['0 0 1,15 jan-mar mon', undefined],
  ['@hourly', undefined],
  ['@often', 'unrecognized descriptor: @often'],
  ['every day', 'expected exactly 5 fields, found 2: [every day]'],
  ['60 * * * *', 'end of range (60) above maximum (59): 60'],
  ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
  ['*/0 * * * *', 'step of range should be a positive number: */0'],
  ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
])('cronFault: %s', (schedule, want) => {
  expect(cronFault(schedule)).toBe(want);
});
