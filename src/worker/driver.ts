import type { Context, VirtualClock } from './simulator.ts';

/** How many timers of one instant are fired before a command that lets no time pass is ended all the same. */
const INSTANT_LIMIT = 10_000;
/** How long work may take to end after it was cancelled, in simulated milliseconds. */
const FAREWELL = 60_000;
/** Real milliseconds between two looks at how far simulated time may go. */
const REST = 30;

/** Real time, for work that is watched while it goes on. */
export interface PacedTime {
  /** How much simulated time passes in real time; undefined: as much as is asked for. */
  speed(): number | undefined;
  /** Real milliseconds from any fixed instant. */
  now(): number;
  rest(milliseconds: number): Promise<void>;
  /** Told now and then, while time passes. */
  onRest(): void;
}

export interface DriverConfig {
  readonly clock: VirtualClock;
  /** Cancelled when the reader ends the command. */
  readonly context: Context;
  /** Simulated instant at which the reader ended it when it ran the first time. */
  readonly stopAt?: number | undefined;
  /** Missing: time passes as fast as it can. */
  readonly paced?: PacedTime | undefined;
}

/**
 * Moves simulated time while a command waits for it. The reader may end the command at any moment; when that
 * was is told in simulated time, once all timers of that instant have fired, so that it can be done again.
 */
export class Driver {
  readonly #clock: VirtualClock;
  readonly #context: Context;
  readonly #paced: PacedTime | undefined;
  #stopAt: number | undefined;
  #stopped: number | undefined;
  #driving = false;

  constructor({ clock, context, stopAt, paced }: DriverConfig) {
    this.#clock = clock;
    this.#context = context;
    this.#stopAt = stopAt;
    this.#paced = paced;
  }

  /** The simulated instant at which the reader ended the command; undefined if it ended by itself. */
  get stopped(): number | undefined {
    return this.#stopped;
  }

  /** Ends the command. */
  stop(): void {
    this.#stopAt ??= this.#clock.now();
    if (!this.#driving) this.#cancel();
  }

  /**
   * Waits for `work` and gives its result. After `limit` simulated milliseconds, or if nothing could bring it,
   * calls `onLimit` and gives it a moment to end. Rejects as `work` does.
   */
  async drive<T>(work: Promise<T>, limit: number, onLimit: () => void): Promise<T> {
    const clock = this.#clock;
    let settled = false;
    const settle = () => {
      settled = true;
    };
    work.then(settle, settle);
    this.#driving = true;
    try {
      await clock.settled();
      let end = clock.now() + limit;
      let limited = false;
      const pace = new Allowance(clock.now(), this.#paced);
      while (!settled) {
        if (this.#mustStop()) {
          await this.#endInstant();
          if (settled) break;
          this.#cancel();
          await clock.settled();
          end = Math.min(end, clock.now() + FAREWELL);
        } else if (!(await pace.waits(clock, end))) {
          const next = this.#stopped === undefined ? Math.min(end, this.#stopAt ?? Infinity) : end;
          if (await clock.step(next)) continue;
          if (next < end) {
            await clock.advanceTo(next);
          } else if (limited) {
            throw new Error(`the work did not end within ${FAREWELL} ms of simulated time`);
          } else {
            limited = true;
            onLimit();
            await clock.settled();
            end = clock.now() + FAREWELL;
          }
        }
      }
      return await work;
    } finally {
      this.#driving = false;
    }
  }

  #mustStop(): boolean {
    return this.#stopAt !== undefined && this.#stopped === undefined && this.#clock.now() >= this.#stopAt;
  }

  /** Fires what is due now. */
  async #endInstant(): Promise<void> {
    const now = this.#clock.now();
    for (let fired = 0; fired < INSTANT_LIMIT; fired++) {
      if (!(await this.#clock.step(now))) return;
    }
  }

  #cancel(): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = this.#clock.now();
    this.#context.cancel('stopped');
  }
}

/** How far simulated time may have gone by now. */
class Allowance {
  readonly #paced: PacedTime | undefined;
  #until: number;
  #last: number;

  constructor(start: number, paced: PacedTime | undefined) {
    this.#paced = paced;
    this.#until = start;
    this.#last = paced?.now() ?? 0;
  }

  /** Rests if the next timer must not fire yet; gives false if it may. */
  async waits(clock: VirtualClock, end: number): Promise<boolean> {
    const speed = this.#paced?.speed();
    if (this.#paced === undefined || speed === undefined) return false;
    const now = this.#paced.now();
    this.#until = Math.max(this.#until, clock.now()) + (now - this.#last) * speed;
    this.#last = now;
    const next = clock.nextTimer();
    if (next === undefined || next <= this.#until || this.#until >= end) return false;
    await clock.advanceTo(this.#until);
    this.#paced.onRest();
    await this.#paced.rest(REST);
    return true;
  }
}
