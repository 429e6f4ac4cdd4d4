import type { Clock } from '../clock/clock.ts';

export interface JournalEntry {
  /** Simulated milliseconds since the Unix epoch. */
  readonly time: number;
  /** "kubelet.service". */
  readonly unit: string;
  /** "kubelet", "systemd". */
  readonly identifier: string;
  readonly pid: number;
  readonly message: string;
}

/** How many entries a machine keeps. */
const CAPACITY = 5000;

/** What the services of a machine have said, oldest first. Models systemd-journald. */
export class Journal {
  readonly #clock: Clock;
  readonly #entries: JournalEntry[];

  /** Begins with `entries`, if there are any. */
  constructor(clock: Clock, entries: readonly JournalEntry[] = []) {
    this.#clock = clock;
    this.#entries = [...entries];
  }

  append(entry: Omit<JournalEntry, 'time'>): void {
    this.#entries.push({ time: this.#clock.now(), ...entry });
    if (this.#entries.length > CAPACITY) this.#entries.splice(0, CAPACITY / 10);
  }

  /** All entries, or those of one unit. */
  entries(unit?: string): readonly JournalEntry[] {
    return unit === undefined ? this.#entries : this.#entries.filter((entry) => entry.unit === unit);
  }
}
