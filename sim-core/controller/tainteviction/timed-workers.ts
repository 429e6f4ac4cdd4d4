import type { Clock, Timer } from '../../clock/clock.ts';

interface TimedWorker {
  /** When the work was planned, in milliseconds since the epoch. */
  readonly createdAt: number;
  readonly timer: Timer;
}

/**
 * Work by key that is done at an instant, at most one a key.
 *
 * Models pkg/controller/tainteviction TimedWorkerQueue.
 */
export class TimedWorkerQueue {
  readonly #clock: Clock;
  readonly #work: (key: string) => void;
  /** Undefined: the work is being done. */
  readonly #workers = new Map<string, TimedWorker | undefined>();

  constructor(clock: Clock, work: (key: string) => void) {
    this.#clock = clock;
    this.#work = work;
  }

  /** Plans the work of `key` for the instant `fireAt`; does nothing if there is some already. */
  add(key: string, createdAt: number, fireAt: number): void {
    if (this.#workers.has(key)) return;
    const delay = fireAt - createdAt;
    const begin = () => {
      this.#workers.set(key, undefined);
      this.#work(key);
    };
    if (delay <= 0) begin();
    else this.#workers.set(key, { createdAt, timer: this.#clock.schedule(delay, begin) });
  }

  /** Takes planned work back; true if there was some that had not begun. */
  cancel(key: string): boolean {
    const worker = this.#workers.get(key);
    worker?.timer.cancel();
    this.#workers.delete(key);
    return worker !== undefined;
  }

  /** When the work of `key` was planned; undefined if none waits. */
  createdAt(key: string): number | undefined {
    return this.#workers.get(key)?.createdAt;
  }

  /** The work of `key` is done. */
  done(key: string): void {
    this.#workers.delete(key);
  }

  cancelAll(): void {
    for (const worker of this.#workers.values()) worker?.timer.cancel();
    this.#workers.clear();
  }
}
