import type { Clock } from '../../../clock/clock.ts';

/** Says how long an item must wait before it may be tried again. Models workqueue.TypedRateLimiter. */
export interface RateLimiter {
  /** Milliseconds; counts the try. */
  when(item: string): number;
  forget(item: string): void;
  /** How often {@link when} was asked since the item was forgotten. */
  retries(item: string): number;
}

/** base × 2ⁿ for the n-th failure of an item. Models ItemExponentialFailureRateLimiter. */
export class ExponentialFailureRateLimiter implements RateLimiter {
  readonly #base: number;
  readonly #max: number;
  readonly #failures = new Map<string, number>();

  /** Delays in milliseconds. */
  constructor(base: number, max: number) {
    this.#base = base;
    this.#max = max;
  }

  when(item: string): number {
    const failures = this.retries(item);
    this.#failures.set(item, failures + 1);
    return Math.min(this.#max, this.#base * 2 ** failures);
  }

  forget(item: string): void {
    this.#failures.delete(item);
  }

  retries(item: string): number {
    return this.#failures.get(item) ?? 0;
  }
}

/** A token bucket for all items together. Models BucketRateLimiter. */
class BucketRateLimiter implements RateLimiter {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #last: number;

  constructor(clock: Clock, perSecond: number, burst: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#last = clock.now();
  }

  when(): number {
    const now = this.#clock.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#last) / 1000) * this.#perSecond) - 1;
    this.#last = now;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#perSecond) * 1000;
  }

  forget(): void {}

  retries(): number {
    return 0;
  }
}

/** The longest delay of several limiters. Models MaxOfRateLimiter. */
class MaxOfRateLimiter implements RateLimiter {
  readonly #limiters: readonly RateLimiter[];

  constructor(limiters: readonly RateLimiter[]) {
    this.#limiters = limiters;
  }

  when(item: string): number {
    return Math.max(...this.#limiters.map((limiter) => limiter.when(item)));
  }

  forget(item: string): void {
    for (const limiter of this.#limiters) limiter.forget(item);
  }

  retries(item: string): number {
    return Math.max(...this.#limiters.map((limiter) => limiter.retries(item)));
  }
}

/** 5 ms to 1000 s per item, 10 a second with bursts of 100 for all. Models DefaultControllerRateLimiter. */
export function defaultControllerRateLimiter(clock: Clock): RateLimiter {
  return controllerRateLimiter(clock, 5, 1_000_000);
}

/** The same with other delays per item, in milliseconds. */
export function controllerRateLimiter(clock: Clock, base: number, max: number): RateLimiter {
  return new MaxOfRateLimiter([
    new ExponentialFailureRateLimiter(base, max),
    new BucketRateLimiter(clock, 10, 100),
  ]);
}
