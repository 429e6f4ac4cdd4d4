import type { Clock } from '../../clock/clock.ts';

/** kubectl's log on stderr, as `-v` asks for it. Models k8s.io/klog/v2 with its text format. */
export class Klog {
  readonly verbosity: number;
  readonly #clock: Clock;
  readonly #pid: number;
  readonly #write: (text: string) => void;

  constructor(config: { verbosity: number; clock: Clock; pid: number; write: (text: string) => void }) {
    this.verbosity = config.verbosity;
    this.#clock = config.clock;
    this.#pid = config.pid;
    this.#write = config.write;
  }

  /** A structured message; `place` is the source line: "round_trippers.go:527". */
  info(place: string, message: string, values: Readonly<Record<string, string | number>> = {}): void {
    this.#line('I', place, JSON.stringify(message), values);
  }

  warning(place: string, message: string): void {
    this.#line('W', place, message, {});
  }

  /** The last message of a program that gives up. */
  fatal(place: string, message: string): void {
    this.#line('F', place, message, {});
  }

  /** An unstructured message. */
  infoLine(place: string, message: string): void {
    this.#line('I', place, message, {});
  }

  error(
    place: string,
    message: string,
    error: string,
    values: Readonly<Record<string, string | number>> = {},
  ): void {
    this.#line('E', place, JSON.stringify(message), { err: error, ...values });
  }

  #line(
    severity: string,
    place: string,
    message: string,
    values: Readonly<Record<string, string | number>>,
  ): void {
    const time = new Date(this.#clock.now()).toISOString();
    const head = `${severity}${time.slice(5, 7)}${time.slice(8, 10)} ${time.slice(11, 23)}000 ${String(this.#pid).padStart(7)} ${place}]`;
    const pairs = Object.entries(values).map(([key, value]) => ` ${key}=${valueText(value)}`);
    this.#write(`${head} ${message}${pairs.join('')}\n`);
  }
}

function valueText(value: string | number): string {
  if (typeof value === 'number') return String(value);
  if (!value.includes('\n')) return JSON.stringify(value);
  const lines = value.replace(/\n$/, '').split('\n');
  return `<\n${lines.map((line) => `\t${line}\n`).join('')} >`;
}
