import type { CronJob } from 'kubernetes-types/batch/v1';
import { describe, expect, it } from 'vitest';
import { mostRecentDue, untilNextDue } from './due.ts';
import { parseSchedule } from './schedule.ts';

const at = (time: string) => Date.parse(`2026-11-${time}Z`);
const cronJob = (schedule: string, last: string, spec: object = {}): CronJob => ({
  metadata: { creationTimestamp: new Date(at(last)).toISOString() },
  spec: { schedule, jobTemplate: {}, ...spec },
});
const due = (schedule: string, last: string, now: string, spec: object = {}) => {
  const { time, missed } = mostRecentDue(
    cronJob(schedule, last, spec),
    at(now),
    parseSchedule(schedule),
    true,
  );
  return [time === undefined ? undefined : new Date(time).toISOString().slice(8, 16), missed];
};

describe('mostRecentDue', () => {
  it.each([
    ['nothing yet', '0 * * * *', '23T09:00:00', '23T09:59:59', {}, [undefined, 'none']],
    ['one start', '0 * * * *', '23T09:30:00', '23T10:30:00', {}, ['23T10:00', 'none']],
    ['the newest of a few', '0 * * * *', '23T09:30:00', '23T14:30:00', {}, ['23T14:00', 'few']],
    ['the newest of many', '* * * * *', '23T09:30:00', '23T14:30:30', {}, ['23T14:30', 'many']],
    [
      'those within the deadline',
      '0 * * * *',
      '23T09:30:00',
      '23T14:30:00',
      { startingDeadlineSeconds: 3600 },
      ['23T14:00', 'none'],
    ],
    ['an uneven schedule', '0 9,10 * * *', '22T08:00:00', '23T08:00:00', {}, [undefined, 'few']],
  ])('%s', (_, schedule, last, now, spec, wanted) => {
    expect(due(schedule, last, now, spec)).toEqual(wanted);
  });
});

describe('untilNextDue', () => {
  const seconds = (schedule: string, last: string, now: string) =>
    untilNextDue(cronJob(schedule, last), at(now), parseSchedule(schedule)) / 1000;

  it.each([
    ['0 * * * *', '23T09:00:00', '23T09:30:00', 1800.1],
    ['0 * * * *', '23T09:00:00', '23T12:30:00', 1800.1],
    ['0 9,10 * * *', '22T08:00:00', '23T08:00:00', 3600.1],
    ['0 0 31 2 *', '23T09:00:00', '23T09:30:00', 0],
  ])('%s since %s at %s', (schedule, last, now, wanted) => {
    expect(seconds(schedule, last, now)).toBe(wanted);
  });
});
