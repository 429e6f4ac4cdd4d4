import type { Clock } from '../../clock/clock.ts';
import type { Context } from '../../clock/context.ts';
import type { Rand } from '../../clock/rand.ts';

export interface BackoffConfig {
  /** First delay, largest delay and the calm after which it starts again, in milliseconds. */
  readonly initial: number;
  readonly max: number;
  readonly reset: number;
  readonly factor: number;
  /** A delay d becomes d … d × (1 + jitter). */
  readonly jitter: number;
}

/**
 * Delays that grow while a thing keeps failing. The timers are periodic: someone who knocks at a
 * dead server for ever does not keep the cluster from being quiet.
 *
 * Models k8s.io/apimachinery/pkg/util/wait exponentialBackoffManagerImpl.
 */
export class Backoff {
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #config: BackoffConfig;
  #delay = 0;
  #last = -Infinity;

  constructor(clock: Clock, rand: Rand, config: BackoffConfig) {
    this.#clock = clock;
    this.#rand = rand;
    this.#config = config;
  }

  /** The next delay in milliseconds. */
  next(): number {
    const { initial, max, reset, factor, jitter } = this.#config;
    const now = this.#clock.now();
    this.#delay =
      now - this.#last > reset || this.#delay === 0 ? initial : Math.min(max, this.#delay * factor);
    this.#last = now;
    return this.#delay * (1 + jitter * this.#rand.float());
  }

  /** Waits for the next delay, or until `context` is cancelled. */
  wait(context: Context): Promise<void> {
    return this.#clock.sleep(this.next(), { periodic: true, context });
  }
}
