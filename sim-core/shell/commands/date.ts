import type { Command } from '../command.ts';

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

/** GNU date in UTC: the simulated time, `+FORMAT`, `-u`, `-R` and `-Is`. */
export const date: Command = {
  name: 'date',
  async run(args, io, { clock }) {
    let format = '%a %b %e %H:%M:%S UTC %Y';
    for (const argument of args) {
      if (argument.startsWith('+')) format = argument.slice(1);
      else if (argument === '-R' || argument === '--rfc-email') format = '%a, %d %b %Y %H:%M:%S +0000';
      else if (argument === '-Is' || argument === '--iso-8601=seconds') format = '%Y-%m-%dT%H:%M:%S+00:00';
      else if (argument === '-I') format = '%Y-%m-%d';
      else if (argument !== '-u' && argument !== '--utc') {
        io.stderr(
          argument.startsWith('-')
            ? `date: invalid option -- '${argument[1]}'\nTry 'date --help' for more information.\n`
            : `date: invalid date '${argument}'\n`,
        );
        return 1;
      }
    }
    io.stdout(`${formatDate(new Date(clock.now()), format)}\n`);
    return 0;
  },
};

/** A time in UTC as `date +FORMAT` writes it. */
export function formatDate(time: Date, format: string): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = DAYS[time.getUTCDay()]!;
  const month = MONTHS[time.getUTCMonth()]!;
  const iso = time.toISOString();
  const fields: Readonly<Record<string, string>> = {
    '%': '%',
    A: day,
    B: month,
    F: iso.slice(0, 10),
    H: iso.slice(11, 13),
    M: iso.slice(14, 16),
    N: `${iso.slice(20, 23)}000000`,
    S: iso.slice(17, 19),
    T: iso.slice(11, 19),
    Y: iso.slice(0, 4),
    Z: 'UTC',
    a: day.slice(0, 3),
    b: month.slice(0, 3),
    d: two(time.getUTCDate()),
    e: String(time.getUTCDate()).padStart(2),
    m: two(time.getUTCMonth() + 1),
    s: String(Math.floor(time.getTime() / 1000)),
    y: iso.slice(2, 4),
    z: '+0000',
  };
  return format.replace(/%([%A-Za-z])/g, (whole, letter: string) => fields[letter] ?? whole);
}
