import type { Clock } from '../../clock/clock.ts';

/**
 * Keeps simulated time still while the shell interpreter works: it loads its own modules when it
 * needs them, which takes real turns of the event loop. The gate opens while one of our commands
 * runs, so that time can pass for what the command waits for.
 *
 *     gate.close(); interpreter → gate.open(); command waits → gate.close(); interpreter → gate.open()
 */
export class OutsideGate {
  readonly #clock: Clock;
  #open: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  close(): void {
    if (this.#open !== undefined) return;
    void this.#clock.outside(new Promise<void>((resolve) => (this.#open = resolve)));
  }

  open(): void {
    this.#open?.();
    this.#open = undefined;
  }

  /** Runs `work` with the gate open. */
  async inside<T>(work: () => Promise<T>): Promise<T> {
    this.open();
    try {
      return await work();
    } finally {
      this.close();
    }
  }
}
