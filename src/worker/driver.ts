import type { Typed, TypedText } from './protocol.ts';
import { isSignalKey } from './protocol.ts';
import type { Context, TerminalInput, VirtualClock } from './simulator.ts';

/** How many timers of one instant are fired before a command that lets no time pass is ended all the same. */
const INSTANT_LIMIT = 10_000;
/** How long work may take to end after it was cancelled, in simulated milliseconds. */
const FAREWELL = 60_000;
/** How much simulated time somebody at a terminal may let pass before typing something that a command waits for. */
const TYPING_LIMIT = 60 * 60_000;
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
  /** Where the command reads what is typed; missing: it has no terminal. */
  readonly terminal?: TerminalInput | undefined;
  /** What the reader typed when it ran the first time, by simulated instants. */
  readonly typed?: readonly Typed[] | undefined;
  /** Missing: time passes as fast as it can. */
  readonly paced?: PacedTime | undefined;
}

/**
 * Moves simulated time while a command waits for it. The reader may type something or end the command at any
 * moment; when that was is told in simulated time, once all timers of that instant have fired, so that it can be
 * done again.
 */
export class Driver {
  readonly #clock: VirtualClock;
  readonly #context: Context;
  readonly #paced: PacedTime | undefined;
  readonly #terminal: TerminalInput | undefined;
  /** What is to be typed yet, in order. */
  readonly #untyped: Typed[];
  readonly #typed: Typed[] = [];
  #stopAt: number | undefined;
  #stopped: number | undefined;
  #driving = false;

  constructor({ clock, context, stopAt, terminal, typed, paced }: DriverConfig) {
    this.#clock = clock;
    this.#context = context;
    this.#stopAt = stopAt;
    this.#terminal = terminal;
    this.#untyped = [...(typed ?? [])];
    this.#paced = paced;
  }

  /** The simulated instant at which the reader ended the command; undefined if it ended by itself. */
  get stopped(): number | undefined {
    return this.#stopped;
  }

  /** What was typed so far, and at which simulated instant. */
  get typed(): readonly Typed[] {
    return this.#typed;
  }

  /** Takes back what was to be typed and is not. */
  takeUntyped(): TypedText[] {
    const texts = this.#untyped.splice(0).map(({ text }) => text);
    return texts.slice(texts.findLastIndex(isSignalKey) + 1);
  }

  /**
   * Types a line, with its newline, or a key. Ctrl+C ends the command, unless that reads it as a character. What comes
   * after {@link stop} is lost, as at a terminal.
   */
  type(text: TypedText): void {
    if (isSignalKey(text) && this.#terminal?.raw !== true) this.stop();
    else if (this.#stopAt === undefined) this.#untyped.push({ at: this.#clock.now(), text });
  }

  /** Ends the command once all of this instant has happened, also one that is not driven yet. */
  stopAfterInstant(): void {
    this.#stopAt ??= this.#clock.now();
  }

  /** Ends the command. */
  stop(): void {
    this.#stopAt ??= this.#clock.now();
    if (!this.#driving) this.#cancel();
  }

  /**
   * Waits for `work` and gives its result. After `limit` simulated milliseconds, or if nothing could bring it,
   * calls `onLimit` and gives it a moment to end; what waits for somebody to type has longer. `onTyped` is told what
   * is typed when it is. Rejects as `work` does.
   */
  async drive<T>(
    work: Promise<T>,
    limit: number,
    onLimit: () => void,
    onTyped: (text: TypedText) => void = () => {},
  ): Promise<T> {
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
      let patience = clock.now() + TYPING_LIMIT;
      let limited = false;
      const pace = new Allowance(clock.now(), this.#paced, () => this.#isAwaited());
      while (!settled) {
        const typed = this.#nextTyped();
        if (typed !== undefined && typed.at <= clock.now()) {
          await this.#endInstant();
          if (settled) break;
          this.#untyped.shift();
          this.#typed.push({ at: clock.now(), text: typed.text });
          end = clock.now() + limit;
          patience = clock.now() + TYPING_LIMIT;
          // In raw mode it is not the terminal that shows it.
          if (this.#terminal?.raw !== true) onTyped(typed.text);
          this.#terminal?.type(typed.text ?? undefined);
          await clock.settled();
        } else if (this.#mustStop()) {
          await this.#endInstant();
          if (settled) break;
          this.#cancel();
          await clock.settled();
          end = Math.min(end, clock.now() + FAREWELL);
        } else if (!(await pace.waits(clock, end))) {
          const next =
            this.#stopped === undefined
              ? Math.min(end, this.#stopAt ?? Infinity, typed?.at ?? Infinity)
              : end;
          if (await clock.step(next)) continue;
          if (next < end) {
            await clock.advanceTo(next);
          } else if (!limited && end < patience && this.#isAwaited()) {
            end = patience;
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

  /** What is typed next, if the command goes on until then. */
  #nextTyped(): Typed | undefined {
    return this.#terminal === undefined || this.#stopped !== undefined ? undefined : this.#untyped[0];
  }

  /** The command waits for somebody to type. */
  #isAwaited(): boolean {
    return this.#stopped === undefined && this.#terminal?.awaited === true;
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
  readonly #awaited: () => boolean;
  #until: number;
  #last: number;

  constructor(start: number, paced: PacedTime | undefined, awaited: () => boolean) {
    this.#paced = paced;
    this.#awaited = awaited;
    this.#until = start;
    this.#last = paced?.now() ?? 0;
  }

  /** Rests if the next timer must not fire yet; gives false if it may. */
  async waits(clock: VirtualClock, end: number): Promise<boolean> {
    if (this.#paced === undefined) return false;
    const awaited = this.#awaited();
    // Who types does so in real time, also where it does not pass otherwise.
    const speed = this.#paced.speed() ?? (awaited ? 1 : undefined);
    if (speed === undefined) return false;
    const now = this.#paced.now();
    this.#until = Math.max(this.#until, clock.now()) + (now - this.#last) * speed;
    this.#last = now;
    const next = clock.nextTimer() ?? (awaited ? end : undefined);
    if (next === undefined || next <= this.#until || this.#until >= end) return false;
    await clock.advanceTo(this.#until);
    this.#paced.onRest();
    await this.#paced.rest(REST);
    return true;
  }
}
