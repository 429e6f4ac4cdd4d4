const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAY = 86_400_000;

/** A field: a text, or a number with how wide it is and what fills it. */
type Field = string | readonly [value: number, width: number, fill: '0' | ' '];

const zeros = (value: number, width = 2): Field => [value, width, '0'];
const blanks = (value: number): Field => [value, 2, ' '];
const hour12 = (time: Date) => time.getUTCHours() % 12 || 12;
const dayOfYear = (time: Date) => (time.getTime() - Date.UTC(time.getUTCFullYear(), 0, 1)) / DAY;
/** Weeks of the year that begin with a day: 0 Sunday, 1 Monday. */
const week = (time: Date, first: number) =>
  Math.floor((Math.floor(dayOfYear(time)) + 7 - ((time.getUTCDay() + 7 - first) % 7)) / 7);

/** The Thursday of the week tells the year that ISO 8601 counts the week in. */
function thursday(time: Date): Date {
  return new Date(time.getTime() + (3 - ((time.getUTCDay() + 6) % 7)) * DAY);
}

const FIELDS: Readonly<Record<string, (time: Date) => Field>> = {
  '%': () => '%',
  A: (time) => DAYS[time.getUTCDay()]!,
  B: (time) => MONTHS[time.getUTCMonth()]!,
  C: (time) => zeros(Math.floor(time.getUTCFullYear() / 100)),
  G: (time) => zeros(thursday(time).getUTCFullYear(), 4),
  H: (time) => zeros(time.getUTCHours()),
  I: (time) => zeros(hour12(time)),
  M: (time) => zeros(time.getUTCMinutes()),
  N: (time) => zeros(time.getUTCMilliseconds() * 1_000_000, 9),
  P: (time) => (time.getUTCHours() < 12 ? 'am' : 'pm'),
  S: (time) => zeros(time.getUTCSeconds()),
  U: (time) => zeros(week(time, 0)),
  V: (time) => zeros(Math.floor(dayOfYear(thursday(time)) / 7) + 1),
  W: (time) => zeros(week(time, 1)),
  Y: (time) => zeros(time.getUTCFullYear(), 4),
  Z: () => 'UTC',
  a: (time) => DAYS[time.getUTCDay()]!.slice(0, 3),
  b: (time) => MONTHS[time.getUTCMonth()]!.slice(0, 3),
  d: (time) => zeros(time.getUTCDate()),
  e: (time) => blanks(time.getUTCDate()),
  g: (time) => zeros(thursday(time).getUTCFullYear() % 100),
  j: (time) => zeros(Math.floor(dayOfYear(time)) + 1, 3),
  k: (time) => blanks(time.getUTCHours()),
  l: (time) => blanks(hour12(time)),
  m: (time) => zeros(time.getUTCMonth() + 1),
  n: () => '\n',
  p: (time) => (time.getUTCHours() < 12 ? 'AM' : 'PM'),
  q: (time) => zeros(Math.floor(time.getUTCMonth() / 3) + 1, 1),
  s: (time) => zeros(Math.floor(time.getTime() / 1000), 1),
  t: () => '\t',
  u: (time) => zeros(time.getUTCDay() || 7, 1),
  w: (time) => zeros(time.getUTCDay(), 1),
  y: (time) => zeros(time.getUTCFullYear() % 100),
  z: () => '+0000',
};
/** Fields that stand for several. */
const COMBINED: Readonly<Record<string, string>> = {
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  R: '%H:%M',
  T: '%H:%M:%S',
  X: '%H:%M:%S',
  c: '%a %b %e %H:%M:%S %Y',
  h: '%b',
  r: '%I:%M:%S %p',
  x: '%m/%d/%y',
};

/** A time in UTC as `date +FORMAT` writes it, in the C locale; what is no field stays as it is. */
export function formatDate(time: Date, format: string): string {
  return format.replace(
    /%([-_0^#+]*)(\d*)(:{0,3})([%A-Za-z])/g,
    (whole, flags: string, width: string, colons: string, letter: string) => {
      const combined = COMBINED[letter];
      if (combined !== undefined) return styled(formatDate(time, combined), flags, width);
      if (letter === 'z' && colons !== '')
        return colons === '::' ? '+00:00:00' : colons === ':' ? '+00:00' : '+00';
      const field = FIELDS[letter]?.(time);
      if (field === undefined || colons !== '') return whole;
      if (typeof field === 'string') return styled(field, flags, width);
      const [value, digits, fill] = field;
      const style = /[-_0]/.exec(flags.split('').reverse().join(''))?.[0];
      // Of fractions of a second the width says how many digits there are.
      if (letter === 'N')
        return String(value)
          .padStart(9, '0')
          .slice(0, Number(width) || (style === '-' ? undefined : 9))
          .replace(style === '-' ? /0+$/ : /$^/, '');
      if (style === '-') return String(value).padStart(Number(width), '0');
      const wide = Math.max(digits, Number(width));
      return String(value).padStart(wide, style === '_' ? ' ' : style === '0' ? '0' : fill);
    },
  );
}

/** ^ is for capitals, # for the other case; a width fills with blanks. */
function styled(text: string, flags: string, width: string): string {
  const isLower = flags.includes('#') && text === text.toUpperCase();
  const cased = isLower ? text.toLowerCase() : /[\^#]/.test(flags) ? text.toUpperCase() : text;
  return cased.padStart(Number(width), flags.includes('0') ? '0' : ' ');
}
