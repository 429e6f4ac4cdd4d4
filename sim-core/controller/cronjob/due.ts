import type { CronJob } from 'kubernetes-types/batch/v1';
import { type Schedule, ScheduleError } from './schedule.ts';

/** More missed starts than this count as something wrong with the clock. */
const MANY = 100;
/** A look at the schedule comes this late, so that clocks that differ a little agree. */
const DELTA = 100;

/** What a schedule says of now. */
export interface Due {
  /** The newest instant that has passed without a start; undefined: none. */
  readonly time: number | undefined;
  /** Since when starts count. */
  readonly earliest: number;
  readonly missed: 'none' | 'few' | 'many';
}

/**
 * Throws a ScheduleError for a schedule that no day fits.
 * Models pkg/controller/cronjob/utils.go mostRecentScheduleTime.
 */
export function mostRecentDue(cronJob: CronJob, now: number, schedule: Schedule, withDeadline: boolean): Due {
  const { lastScheduleTime } = cronJob.status ?? {};
  let earliest = Date.parse(lastScheduleTime ?? cronJob.metadata!.creationTimestamp!);
  const deadline = cronJob.spec!.startingDeadlineSeconds;
  if (withDeadline && deadline !== undefined) earliest = Math.max(earliest, now - deadline * 1000);
  const first = schedule.next(earliest);
  if (first === undefined)
    throw new ScheduleError('time difference between two schedules is less than 1 second');
  if (now < first) return { time: undefined, earliest, missed: 'none' };
  const second = schedule.next(first);
  if (second === undefined || now < second) return { time: first, earliest, missed: 'none' };
  const between = second - first;
  const count = Math.floor((now - first) / between) + 1;
  let time: number | undefined;
  let instant = schedule.next(count > 2 ? first + (count - 2) * between : first);
  // Schedules need not be even: where the estimate overshot, no start is seen until the next is due.
  for (; instant !== undefined && instant <= now; instant = schedule.next(instant)) time = instant;
  return { time, earliest, missed: count > MANY ? 'many' : 'few' };
}

/** Milliseconds until the schedule should be looked at again; 0 for one that no day fits. Models nextScheduleTimeDuration. */
export function untilNextDue(cronJob: CronJob, now: number, schedule: Schedule): number {
  const next = schedule.next(lastLook(cronJob, now, schedule));
  return next === undefined ? 0 : next + DELTA - now;
}

function lastLook(cronJob: CronJob, now: number, schedule: Schedule): number {
  try {
    const { time, earliest, missed } = mostRecentDue(cronJob, now, schedule, false);
    return time ?? (missed === 'none' ? earliest : now);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    return now;
  }
}
