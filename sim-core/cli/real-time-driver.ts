import { setTimeout as sleep } from 'node:timers/promises';
import { PacedDriver } from '../clock/paced-driver.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';

/** Moves simulated time along with the machine's. */
export class RealTimeDriver extends PacedDriver {
  constructor(clock: VirtualClock) {
    super(clock, { now: () => performance.now(), sleep });
  }
}
