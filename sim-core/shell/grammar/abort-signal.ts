import type { Context } from '../../clock/context.ts';

/** A {@link Context} as the web platform's AbortSignal, as far as just-bash asks it. */
export class ContextSignal {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  get aborted(): boolean {
    return this.#context.cancelled;
  }

  get reason(): unknown {
    return this.#context.reason;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#context.onCancel(listener);
  }

  removeEventListener(): void {
    // A listener that is told too often does nothing.
  }

  throwIfAborted(): void {
    if (this.aborted) throw new Error('cancelled');
  }
}
