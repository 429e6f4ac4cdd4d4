import type { Clock } from './clock.ts';

/** A module that asynchronous code fetches before synchronous code uses it. */
export class LazyModule<T> {
  readonly #fetch: () => Promise<T>;
  #loaded: T | undefined;

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
  }

  /** Fetches the module, for who holds simulated time still. */
  async fetch(): Promise<T> {
    return (this.#loaded = await this.#fetch());
  }

  /** Fetches the module; simulated time stands still, whether it had been fetched before or not. */
  async load(clock: Clock): Promise<T> {
    return clock.outside(this.fetch());
  }

  /** The module; throws before it was loaded. */
  get loaded(): T {
    if (this.#loaded === undefined) throw new Error('a module is used before it was loaded');
    return this.#loaded;
  }
}
