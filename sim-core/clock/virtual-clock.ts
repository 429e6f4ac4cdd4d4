import type { Clock, Timer, TimerOptions } from './clock.ts';
import type { Context } from './context.ts';
import { Heap } from './heap.ts';

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly periodic: boolean;
  callback: (() => void) | undefined;
}

/** So many cancelled timers may always wait for their time: it costs less than to look for them. */
const MAX_CANCELLED = 64;

interface OutsideWork {
  readonly ended: Promise<void>;
  readonly release: () => void;
}

export interface VirtualClockConfig {
  /** The first instant, in milliseconds since the Unix epoch. */
  readonly start: number;
  /**
   * Resolves when every promise reaction that is ready has run: one turn of the host's event loop
   * (setImmediate in Node, a MessageChannel in a browser). Time moves only after that.
   */
  readonly settle: () => Promise<void>;
}

/**
 * A discrete-event clock: time stands still until a driver moves it to the next timer.
 * Timers that are due at the same instant fire in the order in which they were made, and
 * all work that one sets off is done before the next fires, so a run is a function of its inputs.
 */
export class VirtualClock implements Clock {
  readonly #settle: () => Promise<void>;
  readonly #heap = new Heap<Entry>(isBefore);
  /** How many of the heap's timers were cancelled. */
  #cancelled = 0;
  #now: number;
  #order = 0;
  #transient = 0;
  /** Work outside of the simulation, in the order in which it was begun. */
  #outside: OutsideWork[] = [];
  #onOutside: () => void = () => {};

  constructor(config: VirtualClockConfig) {
    this.#now = config.start;
    this.#settle = config.settle;
  }

  now(): number {
    return this.#now;
  }

  /** How many timers are pending, periodic ones included. */
  get pending(): number {
    return this.#heap.size - this.#cancelled;
  }

  schedule(delay: number, callback: () => void, options?: TimerOptions): Timer {
    if (!(delay >= 0)) throw new RangeError(`delay must be a number of milliseconds, got ${delay}`);
    const entry: Entry = {
      at: this.#now + delay,
      order: this.#order++,
      periodic: options?.periodic ?? false,
      callback,
    };
    this.#heap.push(entry);
    if (!entry.periodic) this.#transient++;
    return {
      cancel: () => {
        if (entry.callback === undefined) return;
        entry.callback = undefined;
        if (!entry.periodic) this.#transient--;
        this.#cancelled++;
        if (this.#cancelled > Math.max(MAX_CANCELLED, this.#heap.size / 2)) this.#sweep();
      },
    };
  }

  sleep(delay: number, options?: TimerOptions & { readonly context?: Context }): Promise<void> {
    return new Promise((resolve) => {
      if (options?.context === undefined) {
        this.schedule(delay, resolve, options);
        return;
      }
      let release = () => {};
      const timer = this.schedule(
        delay,
        () => {
          release();
          resolve();
        },
        options,
      );
      release = options.context.onCancel(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  async outside<T>(work: Promise<T>): Promise<T> {
    const ended = work.then(
      () => {},
      () => {},
    );
    await new Promise<void>((release) => {
      this.#outside.push({ ended, release });
      this.#onOutside();
    });
    return work;
  }

  /** Tells a driver that rests (one at a time) that somebody waits for work outside: only {@link settled} goes on. */
  onOutside(listener: () => void): void {
    this.#onOutside = listener;
  }

  /** When the next timer is due; undefined if none is pending. */
  nextTimer(): number | undefined {
    this.#dropCancelled();
    return this.#heap.peek()?.at;
  }

  /** When the next timer is due that is not periodic; undefined if none is pending. Looks at all of them. */
  nextTransient(): number | undefined {
    let next: number | undefined;
    for (const { at, periodic, callback } of this.#heap.items)
      if (!periodic && callback !== undefined && (next === undefined || at < next)) next = at;
    return next;
  }

  /** True when only periodic timers are pending. Ask after {@link settled}. */
  get quiet(): boolean {
    return this.#transient === 0;
  }

  /**
   * Resolves when all work that is due at this instant is done. Who waits for something outside goes on after all
   * others, in the order of asking: how long that took makes no difference.
   */
  async settled(): Promise<void> {
    await this.#settle();
    while (this.#outside.length > 0) {
      const waiting = this.#outside;
      this.#outside = [];
      for (const { ended } of waiting) await ended;
      await this.#settle();
      for (const { release } of waiting) release();
      await this.#settle();
    }
  }

  /**
   * Moves to the next timer that is due at or before `limit`, fires it and lets its work finish.
   * Returns false, without moving, if there is none.
   */
  async step(limit = Infinity): Promise<boolean> {
    if (!this.#fire(limit)) return false;
    await this.settled();
    return true;
  }

  /** Runs everything that is due up to `instant` and leaves the clock there. */
  async advanceTo(instant: number): Promise<void> {
    do await this.settled();
    while (this.#fire(instant));
    this.#now = Math.max(this.#now, instant);
  }

  /**
   * Goes to `instant` as a host does that was suspended until then: every timer that was due on the
   * way fires there, once and late, in its order.
   */
  async leapTo(instant: number): Promise<void> {
    await this.settled();
    this.#now = Math.max(this.#now, instant);
    while (this.#fire(this.#now)) await this.settled();
  }

  /** {@link advanceTo} `duration` milliseconds from now. */
  advance(duration: number): Promise<void> {
    return this.advanceTo(this.#now + duration);
  }

  /**
   * Runs until only periodic timers are pending, for at most `limit` simulated milliseconds.
   * Returns false if the limit came first.
   */
  async untilQuiet(limit: number): Promise<boolean> {
    const end = this.#now + limit;
    await this.settled();
    while (!this.quiet) {
      if (!this.#fire(end)) return false;
      await this.settled();
    }
    return true;
  }

  /**
   * Runs until `work` settles, moving time only while it waits. Rejects as `work` does.
   * Throws if nothing is left that could make it settle, or after `limit` simulated milliseconds.
   */
  async until<T>(work: Promise<T>, limit = Infinity): Promise<T> {
    const end = this.#now + limit;
    let done = false;
    const settle = () => {
      done = true;
    };
    work.then(settle, settle);
    await this.settled();
    while (!done) {
      if (!this.#fire(end)) {
        throw new Error(
          this.#heap.size === 0
            ? 'the simulation waits for something that no timer will bring'
            : `the work did not finish within ${limit} ms of simulated time`,
        );
      }
      await this.settled();
    }
    return work;
  }

  /** Moves to the next timer that is due at or before `limit` and fires it; false if there is none. */
  #fire(limit: number): boolean {
    this.#dropCancelled();
    const entry = this.#heap.peek();
    if (entry === undefined || entry.at > limit) return false;
    this.#heap.pop();
    this.#now = Math.max(this.#now, entry.at);
    const callback = entry.callback;
    entry.callback = undefined;
    if (!entry.periodic) this.#transient--;
    callback?.();
    return true;
  }

  #dropCancelled(): void {
    for (;;) {
      const entry = this.#heap.peek();
      if (entry === undefined || entry.callback !== undefined) return;
      this.#heap.pop();
      this.#cancelled--;
    }
  }

  /** Lets go of all timers that were cancelled, however far away they are. */
  #sweep(): void {
    this.#heap.retain(({ callback }) => callback !== undefined);
    this.#cancelled = 0;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
