import type { Clock, Timer } from '../../../clock/clock.ts';
import type { Context } from '../../../clock/context.ts';
import { defaultControllerRateLimiter, type RateLimiter } from './rate-limiter.ts';

/** A retry that waits at least this long counts as standing trouble, not as work that is under way. */
const STANDING_TROUBLE = 1000;

interface Waiting {
  readonly at: number;
  readonly timer: Timer;
}

/**
 * Keys of objects that need work. A key is in it once, however often it is added; a key that is
 * added while it is worked on comes back when that is done, so no two workers have the same one.
 *
 *     add(a) add(b) add(a)   queue [a b]
 *     get() → a              queue [b]   processing {a}
 *     add(a)                 queue [b]   processing {a}   dirty {a b}
 *     done(a)                queue [b a]
 *
 * Models k8s.io/client-go/util/workqueue Type, DelayingInterface and RateLimitingInterface.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #limiter: RateLimiter;
  readonly #context: Context;
  readonly #queue: string[] = [];
  readonly #dirty = new Set<string>();
  readonly #processing = new Set<string>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #getters: ((key: string | undefined) => void)[] = [];

  /** Shuts down when `context` is cancelled. */
  constructor(clock: Clock, context: Context, limiter: RateLimiter = defaultControllerRateLimiter(clock)) {
    this.#clock = clock;
    this.#limiter = limiter;
    this.#context = context;
    context.onCancel(() => {
      for (const { timer } of this.#waiting.values()) timer.cancel();
      this.#waiting.clear();
      for (const resolve of this.#getters.splice(0)) resolve(undefined);
    });
  }

  /** How many keys wait for a worker now. */
  get size(): number {
    return this.#queue.length;
  }

  add(key: string): void {
    if (this.#context.cancelled || this.#dirty.has(key)) return;
    this.#dirty.add(key);
    if (!this.#processing.has(key)) this.#push(key);
  }

  /**
   * Adds `key` when all else that is due at this instant has happened, so that a hundred pods that
   * become ready at once are one piece of work. A real controller is as slow as its network.
   */
  addSettled(key: string): void {
    if (this.#context.cancelled || this.#dirty.has(key)) return;
    this.#wait(key, 0, {});
  }

  /** Adds `key` after `delay` milliseconds; the earliest of several wins. */
  addAfter(key: string, delay: number, options: { readonly periodic?: boolean } = {}): void {
    if (this.#context.cancelled) return;
    if (delay <= 0) return this.add(key);
    this.#wait(key, delay, options);
  }

  #wait(key: string, delay: number, options: { readonly periodic?: boolean }): void {
    const at = this.#clock.now() + delay;
    const known = this.#waiting.get(key);
    if (known !== undefined && known.at <= at) return;
    known?.timer.cancel();
    const timer = this.#clock.schedule(
      delay,
      () => {
        this.#waiting.delete(key);
        this.add(key);
      },
      options,
    );
    this.#waiting.set(key, { at, timer });
  }

  /** Adds `key` when the rate limiter allows it. */
  addRateLimited(key: string): void {
    const delay = this.#limiter.when(key);
    this.addAfter(key, delay, { periodic: delay >= STANDING_TROUBLE });
  }

  /** The key works: its next failure is its first. */
  forget(key: string): void {
    this.#limiter.forget(key);
  }

  retries(key: string): number {
    return this.#limiter.retries(key);
  }

  /** The next key, as soon as there is one; undefined once the queue is shut down. Ends with {@link done}. */
  get(): Promise<string | undefined> {
    if (this.#context.cancelled) return Promise.resolve(undefined);
    const key = this.#queue.shift();
    if (key === undefined) return new Promise((resolve) => this.#getters.push(resolve));
    this.#start(key);
    return Promise.resolve(key);
  }

  done(key: string): void {
    this.#processing.delete(key);
    if (this.#dirty.has(key)) this.#push(key);
  }

  #push(key: string): void {
    const getter = this.#getters.shift();
    if (getter === undefined) {
      this.#queue.push(key);
      return;
    }
    this.#start(key);
    getter(key);
  }

  #start(key: string): void {
    this.#processing.add(key);
    this.#dirty.delete(key);
  }
}
