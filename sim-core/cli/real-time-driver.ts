import { setTimeout as delay } from 'node:timers/promises';
import type { VirtualClock } from '../clock/virtual-clock.ts';

/** How often simulated time catches up, in real milliseconds. */
const TICK = 20;

/** Moves simulated time along with the machine's. */
export class RealTimeDriver {
  readonly #clock: VirtualClock;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when simulated time stands still. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const offset = this.#clock.now() - performance.now();
    while (!this.#stopped) {
      await this.#clock.advanceTo(Math.floor(performance.now() + offset));
      await delay(TICK);
    }
  }
}
