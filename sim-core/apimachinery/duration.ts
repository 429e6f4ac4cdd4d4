import { goQuote } from './go-format.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * An age as kubectl and Tables print it: "5s", "2m10s", "3h", "5d". `duration` in milliseconds.
 * Models k8s.io/apimachinery/pkg/util/duration HumanDuration.
 */
export function humanDuration(duration: number): string {
  const seconds = Math.trunc(duration / SECOND);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(duration / MINUTE);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(duration / HOUR);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 192) return pair(days, 'd', hours % 24, 'h');
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.trunc(days / 365);
  if (hours < 24 * 365 * 8) return pair(years, 'y', days % 365, 'd');
  return `${years}y`;
}

const pair = (large: number, largeUnit: string, small: number, smallUnit: string) =>
  small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;

/**
 * An age with one unit: "119m" is "1h". `duration` in milliseconds.
 * Models k8s.io/apimachinery/pkg/util/duration ShortHumanDuration.
 */
export function shortHumanDuration(duration: number): string {
  const seconds = Math.trunc(duration / SECOND);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.trunc(duration / MINUTE);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.trunc(duration / HOUR);
  if (hours < 24) return `${hours}h`;
  if (hours < 24 * 365) return `${Math.trunc(hours / 24)}d`;
  return `${Math.trunc(hours / 24 / 365)}y`;
}

/** A text that is no duration; the message is Go's. */
export class DurationError extends Error {
  override readonly name = 'DurationError';
}

/** Units in nanoseconds. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['μs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
]);

/** Reads "5s", "1h30m", "-1.5h", "0"; returns milliseconds. Throws a DurationError. Models time.ParseDuration. */
export function parseGoDuration(text: string): number {
  const invalid = () => new DurationError(`time: invalid duration ${goQuote(text)}`);
  let rest = text;
  let sign = 1;
  if (rest.startsWith('-') || rest.startsWith('+')) {
    if (rest.startsWith('-')) sign = -1;
    rest = rest.slice(1);
  }
  if (rest === '0') return 0;
  if (rest === '') throw invalid();
  let nanoseconds = 0;
  while (rest !== '') {
    const number = /^(?:\d+(?:\.\d*)?|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) throw invalid();
    rest = rest.slice(number.length);
    const unit = /^[^.0-9]*/.exec(rest)![0];
    if (unit === '') throw new DurationError(`time: missing unit in duration ${goQuote(text)}`);
    const factor = UNITS.get(unit);
    if (factor === undefined) {
      throw new DurationError(`time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}`);
    }
    rest = rest.slice(unit.length);
    nanoseconds += Number(number) * factor;
  }
  if (nanoseconds > 2 ** 63) throw invalid();
  return (sign * Math.trunc(nanoseconds)) / 1e6;
}

/** Prints milliseconds as Go does: "1h30m0s", "1.5s", "300ms", "0s". Models time.Duration String. */
export function formatGoDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  const sign = milliseconds < 0 ? '-' : '';
  const total = Math.abs(milliseconds);
  if (total < 1e-3) return `${sign}${Math.round(total * 1e6)}ns`;
  if (total < 1) return `${sign}${decimal(total * 1e3, 3)}µs`;
  if (total < SECOND) return `${sign}${decimal(total, 6)}ms`;
  const hours = Math.trunc(total / HOUR);
  const minutes = Math.trunc((total % HOUR) / MINUTE);
  const seconds = `${decimal((total % MINUTE) / SECOND, 9)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

const decimal = (value: number, digits: number) => value.toFixed(digits).replace(/\.?0+$/, '');
