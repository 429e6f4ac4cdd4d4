import type { Clock } from '../../../clock/clock.ts';

interface Entry {
  delay: number;
  /** When the delay was last set, in simulated milliseconds. */
  updated: number;
}

/**
 * Delays by key that double from `initial` to `max` and are forgotten after 2 × `max` of calm.
 *
 * Models k8s.io/client-go/util/flowcontrol Backoff.
 */
export class KeyedBackoff {
  readonly #clock: Clock;
  readonly #config: { readonly initial: number; readonly max: number };
  readonly #entries = new Map<string, Entry>();

  /** Durations in milliseconds. */
  constructor(clock: Clock, config: { readonly initial: number; readonly max: number }) {
    this.#clock = clock;
    this.#config = config;
  }

  /** The current delay of `key`; 0 for none. */
  get(key: string): number {
    return this.#entries.get(key)?.delay ?? 0;
  }

  /** Doubles the delay, which then counts from now; `eventTime` is when the failure happened. */
  next(key: string, eventTime: number): void {
    const entry = this.#entries.get(key);
    const { initial, max } = this.#config;
    const delay =
      entry === undefined || this.#hasExpired(entry, eventTime) ? initial : Math.min(entry.delay * 2, max);
    this.#entries.set(key, { delay, updated: this.#clock.now() });
  }

  /** How long `key` still has to wait if the failure happened at `eventTime`; 0 if it may go on. */
  remaining(key: string, eventTime: number): number {
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#hasExpired(entry, eventTime)) return 0;
    return Math.max(0, eventTime + entry.delay - this.#clock.now());
  }

  /** The same, counted from when the delay was last set. */
  remainingSinceUpdate(key: string): number {
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#hasExpired(entry, this.#clock.now())) return 0;
    return Math.max(0, entry.updated + entry.delay - this.#clock.now());
  }

  reset(key: string): void {
    this.#entries.delete(key);
  }

  #hasExpired({ updated }: Entry, eventTime: number): boolean {
    return eventTime - updated > this.#config.max * 2;
  }
}
