import { describe, expect, it } from 'vitest';
import { parseSchedule } from './schedule.ts';

const at = (text: string) => Date.parse(text);
const next = (schedule: string, after: string, zone?: string) => {
  const instant = parseSchedule(schedule, zone).next(at(after));
  return instant === undefined ? undefined : new Date(instant).toISOString();
};

describe('parseSchedule', () => {
  it.each([
    ['*/5 * * * *', '2026-11-23T09:02:03Z', '2026-11-23T09:05:00.000Z'],
    ['*/5 * * * *', '2026-11-23T09:05:00Z', '2026-11-23T09:10:00.000Z'],
    ['30 6 * * mon-fri', '2026-11-27T07:00:00Z', '2026-11-30T06:30:00.000Z'],
    ['0 0 1 jan *', '2026-11-23T09:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['15 10-12/2 * * ?', '2026-11-23T10:20:00Z', '2026-11-23T12:15:00.000Z'],
    ['0 0 13 * 5', '2026-11-23T09:00:00Z', '2026-11-27T00:00:00.000Z'],
    ['0 0 29 2 *', '2026-11-23T09:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['@daily', '2026-11-23T09:00:00Z', '2026-11-24T00:00:00.000Z'],
    ['@every 1m30s', '2026-11-23T09:00:00.500Z', '2026-11-23T09:01:30.000Z'],
  ])('%j after %s is due at %s', (schedule, after, due) => {
    expect(next(schedule, after)).toBe(due);
  });

  it('never comes to the 31st of February', () => {
    expect(next('0 0 31 2 *', '2026-11-23T09:00:00Z')).toBeUndefined();
  });

  it.each([
    ['0 9 * * *', 'Asia/Seoul', '2026-11-23T00:00:01Z', '2026-11-24T00:00:00.000Z'],
    ['30 8 * * *', 'America/New_York', '2026-03-07T14:00:00Z', '2026-03-08T12:30:00.000Z'],
    ['0 0 1 * *', 'Europe/Berlin', '2026-03-15T00:00:00Z', '2026-03-31T22:00:00.000Z'],
  ])('%j in %s after %s is due at %s', (schedule, zone, after, due) => {
    expect(next(schedule, after, zone)).toBe(due);
  });

  it.each(['* * * *', '61 * * * *', '* * * foo *', '@every soon'])('refuses %j', (schedule) => {
    expect(() => parseSchedule(schedule)).toThrow();
  });
});
