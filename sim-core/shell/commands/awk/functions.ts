import type { Clock } from '../../../clock/clock.ts';
import { formatDate } from '../date-format.ts';
import { sprintf } from './printf.ts';
import { toNumber, toText, type Value } from './values.ts';

/** What functions depend on beside their arguments. */
interface FunctionSettings {
  readonly clock: Clock;
  /** CONVFMT. */
  readonly format: string;
  readonly random: Random;
}

type Function = (args: readonly Value[], settings: FunctionSettings) => Value;

const numeric =
  (work: (...numbers: number[]) => number): Function =>
  (args) =>
    work(...args.map(toNumber));

/** The functions that need nothing but values. Models mawk/bi_funct.c. */
export const FUNCTIONS: Readonly<Record<string, Function>> = {
  atan2: numeric((y, x) => Math.atan2(y!, x!)),
  cos: numeric((x) => Math.cos(x!)),
  exp: numeric((x) => Math.exp(x!)),
  int: numeric((x) => Math.trunc(x!)),
  log: numeric((x) => (x! < 0 ? -NaN : Math.log(x!))),
  sin: numeric((x) => Math.sin(x!)),
  sqrt: numeric((x) => Math.sqrt(x!)),
  index: ([text, part], { format }) => toText(text, format).indexOf(toText(part, format)) + 1,
  mktime: ([time], { format }) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)/.exec(toText(time, format));
    if (match === null) return -1;
    const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
    return Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000;
  },
  rand: (_, { random }) => random.next(),
  sprintf: (args, { format }) => sprintf(args, format),
  srand: ([seed], { random, clock, format }) =>
    random.seed(seed === undefined ? seconds(clock) : seed, format),
  strftime: ([template, time], { clock, format }) => {
    const at = time === undefined ? seconds(clock) : Math.trunc(toNumber(time));
    return formatDate(new Date(at * 1000), template === undefined ? '%c' : toText(template, format));
  },
  substr: ([text, from, count], { format }) => {
    const whole = toText(text, format);
    let start = Math.trunc(toNumber(from)) - 1;
    let length = count === undefined ? whole.length : Math.trunc(toNumber(count));
    if (start < 0) {
      // As in mawk, whose count grows by what lies before the text.
      length -= start + 1;
      start = 0;
    }
    return length > 0 ? whole.slice(start, start + length) : '';
  },
  systime: (_, { clock }) => seconds(clock),
  tolower: ([text], { format }) => toText(text, format).replace(/[A-Z]+/g, (part) => part.toLowerCase()),
  toupper: ([text], { format }) => toText(text, format).replace(/[a-z]+/g, (part) => part.toUpperCase()),
};

function seconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

/** rand and srand: the same seed gives the same numbers. */
export class Random {
  #seed: Value;
  #state: number;

  constructor(clock: Clock) {
    this.#seed = seconds(clock);
    this.#state = this.#seed;
  }

  /** Below 1, and not below 0. */
  next(): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Starts anew; gives the seed that was. */
  seed(seed: Value, format: string): Value {
    const before = this.#seed;
    this.#seed = seed;
    const number = toNumber(seed);
    this.#state = number;
    // Seeds that are no numbers differ, too.
    if (number === 0) for (const character of toText(seed, format)) this.#state += character.charCodeAt(0);
    return before;
  }
}
