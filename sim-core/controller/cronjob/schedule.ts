import { TimeZone } from './time-zone.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A schedule that fits no day in so many years never fits: "0 0 31 2 *". */
const SEARCH_YEARS = 5;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Says when something is due next. */
export interface Schedule {
  /** The first instant after `after`; undefined if there is none within five years. */
  next(after: number): number | undefined;
}

/** A schedule that nobody can follow; the message says why. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

/**
 * Reads a schedule in cron's format, or one of the descriptors. Throws a ScheduleError.
 * Models github.com/robfig/cron/v3 ParseStandard.
 */
export function parseSchedule(text: string, timeZone = 'UTC'): Schedule {
  const every = /^@every (.+)$/.exec(text);
  if (every !== null) return constantDelay(every[1]!);
  const fields = (DESCRIPTORS[text] ?? text).split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5) {
    throw new ScheduleError(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  }
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string];
  return new CronSchedule(
    {
      minute: parseField(minute, 0, 59),
      hour: parseField(hour, 0, 23),
      day: parseField(day, 1, 31),
      month: parseField(month, 1, 12, MONTHS),
      weekday: parseField(weekday, 0, 6, WEEKDAYS),
    },
    new TimeZone(timeZone),
  );
}

/** The values of one field; `any` if it does not narrow anything. */
interface Field {
  readonly values: ReadonlySet<number>;
  readonly any: boolean;
}

function parseField(text: string, low: number, high: number, names: readonly string[] = []): Field {
  const values = new Set<number>();
  let any = false;
  const numberOf = (word: string) => {
    const named = names.indexOf(word.toLowerCase());
    const number = named >= 0 ? named + low : /^\d+$/.test(word) ? Number(word) : NaN;
    if (!(number >= low && number <= high)) throw new ScheduleError(`failed to parse int from ${word}`);
    return number;
  };
  for (const expression of text.split(',')) {
    const [range = '', stepText] = expression.split('/') as [string, string?];
    const [first = '', last] = range.split('-') as [string, string?];
    const isStar = first === '*' || first === '?';
    const step = stepText === undefined ? 1 : Number(stepText);
    if (!(step >= 1)) throw new ScheduleError(`step of range should be a positive number: ${expression}`);
    const start = isStar ? low : numberOf(first);
    const end = isStar ? high : last !== undefined ? numberOf(last) : stepText === undefined ? start : high;
    for (let value = start; value <= end; value += step) values.add(value);
    if (isStar && step === 1) any = true;
  }
  return { values, any };
}

type Fields = Readonly<Record<'minute' | 'hour' | 'day' | 'month' | 'weekday', Field>>;

/** Models cron SpecSchedule. */
class CronSchedule implements Schedule {
  readonly #fields: Fields;
  readonly #zone: TimeZone;

  constructor(fields: Fields, zone: TimeZone) {
    this.#fields = fields;
    this.#zone = zone;
  }

  next(after: number): number | undefined {
    const { minute, hour, month } = this.#fields;
    const limit = after + SEARCH_YEARS * 366 * DAY;
    let instant = (Math.floor(after / MINUTE) + 1) * MINUTE;
    while (instant <= limit) {
      const local = this.#zone.localOf(instant);
      if (!month.values.has(local.month)) {
        instant = this.#zone.instantOf(local.year, local.month + 1, 1);
      } else if (!this.#fitsDay(local.day, local.weekday)) {
        instant = this.#zone.instantOf(local.year, local.month, local.day + 1);
      } else if (!hour.values.has(local.hour)) {
        instant += (60 - local.minute) * MINUTE;
      } else if (!minute.values.has(local.minute)) {
        instant += MINUTE;
      } else return instant;
    }
    return undefined;
  }

  /** Where both days are narrowed, one of them is enough. */
  #fitsDay(day: number, weekday: number): boolean {
    const fitsDay = this.#fields.day.values.has(day);
    const fitsWeekday = this.#fields.weekday.values.has(weekday);
    return this.#fields.day.any || this.#fields.weekday.any ? fitsDay && fitsWeekday : fitsDay || fitsWeekday;
  }
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: MINUTE, s: 1000, ms: 1 };

/** Models cron ConstantDelaySchedule: whole seconds, one at least. */
function constantDelay(text: string): Schedule {
  if (!/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(text)) {
    throw new ScheduleError(
      `failed to parse duration @every ${text}: time: invalid duration ${JSON.stringify(text)}`,
    );
  }
  let delay = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)) {
    delay += Number(amount) * UNITS[unit!]!;
  }
  const seconds = Math.max(1, Math.floor(delay / 1000));
  return { next: (after) => (Math.floor(after / 1000) + seconds) * 1000 };
}
