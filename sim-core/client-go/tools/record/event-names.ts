import type { Clock } from '../../../clock/clock.ts';
import type { Rand } from '../../../clock/rand.ts';

/**
 * Names for events: the object's name and the nanosecond, in hex: "web.18eabde613c09ff9".
 * The simulated clock counts whole milliseconds, so the rest of the nanosecond is drawn; two names
 * are never the same.
 */
export class EventNames {
  readonly #clock: Clock;
  readonly #rand: Rand;
  #last = 0n;

  constructor(clock: Clock, rand: Rand) {
    this.#clock = clock;
    this.#rand = rand;
  }

  next(name: string): string {
    const drawn = BigInt(Math.floor(this.#clock.now())) * 1_000_000n + BigInt(this.#rand.int(500_000));
    this.#last = drawn > this.#last ? drawn : this.#last + 1n + BigInt(this.#rand.int(500));
    return `${name}.${this.#last.toString(16)}`;
  }
}
