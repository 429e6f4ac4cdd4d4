import type { VirtualClock } from './virtual-clock.ts';

/** The time of the machine that the simulation runs on, in milliseconds. */
export interface HostTime {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** How often simulated time catches up, in real milliseconds. */
const TICK = 20;

/**
 * Moves simulated time along with the machine's: as fast (rate 1), or so many times faster or slower. Where the
 * work of a stretch takes longer than the stretch, simulated time falls behind and then catches up.
 *
 *     const driver = new PacedDriver(clock, host, 10); // ten simulated seconds a second
 *     driver.start();
 *     driver.rate = 0.5;
 *     await driver.stop();
 */
export class PacedDriver {
  readonly #clock: VirtualClock;
  readonly #host: HostTime;
  #rate: number;
  /** An instant of both times from which the rate holds. */
  #simulated = 0;
  #real = 0;
  #running: Promise<void> | undefined;
  #stopped = false;
  /** Ends the rest between two ticks. */
  #wake: () => void = () => {};

  /** Throws a RangeError for a rate that is not above 0. */
  constructor(clock: VirtualClock, host: HostTime, rate = 1) {
    this.#clock = clock;
    this.#host = host;
    this.#rate = checked(rate);
    clock.onOutside(() => this.#wake());
  }

  get rate(): number {
    return this.#rate;
  }

  /** Holds from now on; what has passed stays as it was. */
  set rate(rate: number) {
    const simulated = this.#target();
    this.#real = this.#host.now();
    this.#simulated = simulated;
    this.#rate = checked(rate);
  }

  start(): void {
    if (this.#running !== undefined) return;
    this.#simulated = this.#clock.now();
    this.#real = this.#host.now();
    this.#stopped = false;
    this.#running = this.#run();
  }

  /** Resolves when simulated time stands still; {@link start} goes on from there. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#running;
    this.#running = undefined;
  }

  #target(): number {
    return this.#simulated + (this.#host.now() - this.#real) * this.#rate;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await this.#clock.advanceTo(Math.floor(this.#target()));
      if (!this.#stopped) await this.#rest();
    }
  }

  /** Until the next tick, or until somebody waits for work outside: how long that took is not seen in simulated time. */
  #rest(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      void this.#host.sleep(TICK).then(resolve);
    });
  }
}

function checked(rate: number): number {
  if (!(rate > 0 && rate < Infinity)) throw new RangeError(`the rate must be a number above 0, got ${rate}`);
  return rate;
}
