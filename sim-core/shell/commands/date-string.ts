const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const UNIT = '(sec|second|min|minute|hour|day|week|fortnight|month|year)s?';
/** Milliseconds of a unit; months and years are not all alike. */
const UNITS: Readonly<Record<string, number>> = {
  sec: 1000,
  second: 1000,
  min: 60_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  fortnight: 1_209_600_000,
};
const ORDINALS: Readonly<Record<string, number>> = { last: -1, this: 0, next: 1, a: 1, an: 1 };

/** What a text has said so far. */
interface Said {
  date?: { year?: number; month: number; day: number };
  /** Milliseconds of the day. */
  time?: number;
  /** Milliseconds east of Greenwich. */
  zone?: number;
  /** Day of the week, and which of them: 0 is the coming one, or today. */
  weekday?: { day: number; nth: number };
  offset: number;
  months: number;
}

type Item = readonly [pattern: RegExp, say: (said: Said, match: readonly (string | undefined)[]) => void];

const setDate = (said: Said, year: string | undefined, month: number, day: string | undefined): void => {
  if (said.date !== undefined) throw new RangeError();
  said.date = { month, day: Number(day), ...(year !== undefined && { year: Number(year) }) };
};
const monthOf = (name: string | undefined) => MONTHS.indexOf(name!.slice(0, 3)) + 1;
const move = (said: Said, count: number, unit: string): void => {
  if (unit === 'month') said.months += count;
  else if (unit === 'year') said.months += 12 * count;
  else said.offset += count * UNITS[unit]!;
};

/** What a date may be made of, the most particular first. */
const ITEMS: readonly Item[] = [
  [
    /(\d{4})-(\d{1,2})-(\d{1,2})(?:t(?=\d))?/y,
    (said, [, year, month, day]) => setDate(said, year, Number(month), day),
  ],
  [
    /(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?/y,
    (said, [, month, day, year]) => setDate(said, year, Number(month), day),
  ],
  [/(\d{4})(\d\d)(\d\d)(?!\d)/y, (said, [, year, month, day]) => setDate(said, year, Number(month), day)],
  [
    new RegExp(`(\\d{1,2})[- ]?${MONTH}(?:[- ,]+(\\d{4})(?![\\d:]))?`, 'y'),
    (said, [, day, month, year]) => setDate(said, year, monthOf(month), day),
  ],
  [
    new RegExp(`${MONTH} *(\\d{1,2})(?![\\d:])(?:,? +(\\d{4})(?![\\d:]))?`, 'y'),
    (said, [, month, day, year]) => setDate(said, year, monthOf(month), day),
  ],
  // Behind a time a signed number is a zone, even that of "10:00 +1 day".
  [
    /(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)? ?(am|pm)?(?: *([-+]) ?(\d{1,2}):?(\d\d)?(?!\d))?/y,
    (said, [, hour, minute, second, fraction, half, sign, east, eastMinutes]) => {
      const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'pm' ? 12 : 0);
      const [minutes, seconds] = [Number(minute), Number(second ?? 0)];
      if (said.time !== undefined || hours > 23 || minutes > 59 || seconds > 60 || Number(east) > 24)
        throw new RangeError();
      said.time = ((hours * 60 + minutes) * 60 + seconds) * 1000 + Number(`0.${fraction ?? 0}`) * 1000;
      if (sign !== undefined)
        said.zone = (sign === '-' ? -1 : 1) * (Number(east) * 60 + Number(eastMinutes ?? 0)) * 60_000;
    },
  ],
  [
    new RegExp(`([-+]?) ?(\\d+) ?${UNIT}(?![a-z])( ago)?`, 'y'),
    (said, [, sign, count, unit, ago]) =>
      move(said, Number(count) * (sign === '-' ? -1 : 1) * (ago === undefined ? 1 : -1), unit!),
  ],
  [
    new RegExp(`(last|this|next|an?) ${UNIT}(?![a-z])( ago)?`, 'y'),
    (said, [, which, unit, ago]) => move(said, ORDINALS[which!]! * (ago === undefined ? 1 : -1), unit!),
  ],
  [
    new RegExp(`${UNIT}(?![a-z])( ago)?`, 'y'),
    (said, [, unit, ago]) => move(said, ago === undefined ? 1 : -1, unit!),
  ],
  [
    /(?:(last|this|next) )?(sun|mon|tue|wed|thu|fri|sat)[a-z]*\.?,?/y,
    (said, [, which, day]) => {
      said.weekday = { day: DAYS.indexOf(day!), nth: ORDINALS[which ?? 'this']! };
    },
  ],
  [/(?:utc|gmt|z)(?![a-z])/y, (said) => void (said.zone = 0)],
  [/(?:now|today)(?![a-z])/y, () => undefined],
  [/yesterday(?![a-z])/y, (said) => move(said, -1, 'day')],
  [/tomorrow(?![a-z])/y, (said) => move(said, 1, 'day')],
  // "Nov 26 10:00:01 2026": the year stands behind the time.
  [
    /(\d{4})(?!\d)/y,
    (said, [, year]) => {
      if (said.date === undefined || said.date.year !== undefined) throw new RangeError();
      said.date.year = Number(year);
    },
  ],
];

/**
 * The time that a text names for GNU date (-d) in UTC, both in milliseconds since the Unix epoch; undefined if it
 * names none. Models gnulib's parse_datetime, as far as people go.
 */
export function parseDate(text: string, now: number): number | undefined {
  const epoch = /^\s*@(-?\d+(?:\.\d+)?)\s*$/.exec(text);
  if (epoch !== null) return Math.floor(Number(epoch[1]) * 1000);
  const said: Said = { offset: 0, months: 0 };
  const lower = text.toLowerCase().trim();
  try {
    for (let at = 0; at < lower.length;) {
      const blank = /[\s,]+/y;
      blank.lastIndex = at;
      if (blank.test(lower)) {
        at = blank.lastIndex;
        continue;
      }
      const length = readItem(said, lower, at);
      if (length === 0) return undefined;
      at += length;
    }
    return timeOf(said, now, lower === '');
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** How long the item is that begins here; 0 if there is none. */
function readItem(said: Said, text: string, at: number): number {
  for (const [pattern, say] of ITEMS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    say(said, match);
    return match[0].length;
  }
  return 0;
}

function timeOf({ date, time, zone, weekday, offset, months }: Said, now: number, isEmpty: boolean): number {
  const today = new Date(now);
  const {
    year = today.getUTCFullYear(),
    month,
    day,
  } = date ?? {
    month: today.getUTCMonth() + 1,
    day: today.getUTCDate(),
  };
  const midnight = Date.UTC(year, month - 1, day);
  if (month < 1 || month > 12 || new Date(midnight).getUTCDate() !== day) throw new RangeError();
  const begins = isEmpty || date !== undefined || weekday !== undefined || time !== undefined;
  const clock = time ?? (begins ? 0 : now % UNITS.day!);
  const start = new Date(midnight + clock - (zone ?? 0));
  if (weekday !== undefined) {
    const ahead = (weekday.day - start.getUTCDay() + 7) % 7;
    // "next monday" is the one after today, "last monday" the one before.
    const weeks = weekday.nth > 0 ? (ahead === 0 ? 1 : 0) : weekday.nth;
    start.setUTCDate(start.getUTCDate() + ahead + 7 * weeks);
  }
  start.setUTCMonth(start.getUTCMonth() + months);
  return start.getTime() + offset;
}
