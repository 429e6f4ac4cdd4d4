import type { Context } from './context.ts';

/** A timer that was scheduled. */
export interface Timer {
  /** Takes the timer back; does nothing if it has fired. */
  cancel(): void;
}

export interface TimerOptions {
  /**
   * A timer that comes back for ever (a heartbeat, a resync, a lease renewal).
   * The cluster counts as quiet when nothing but periodic timers is pending.
   */
  readonly periodic?: boolean;
}

/**
 * Simulated time. Every component takes one; none looks at the machine's clock.
 * Durations are milliseconds, instants are milliseconds since the Unix epoch.
 */
export interface Clock {
  now(): number;
  /** Calls `callback` once, when `delay` simulated milliseconds have passed. */
  schedule(delay: number, callback: () => void, options?: TimerOptions): Timer;
  /** Resolves after `delay` simulated milliseconds, or as soon as `context` is cancelled. */
  sleep(delay: number, options?: TimerOptions & { readonly context?: Context }): Promise<void>;
  /**
   * Holds simulated time still while `work` runs outside of the simulation
   * (a module that is being loaded, a real network), and gives its result back.
   */
  outside<T>(work: Promise<T>): Promise<T>;
}
