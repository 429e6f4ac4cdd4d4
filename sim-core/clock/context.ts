/**
 * A cancellation signal that is handed down from whoever starts work to whoever does it.
 * Cancelling a parent cancels its children, in the order in which they were made.
 *
 * Models Go's context.Context, without deadlines: those are timers of the {@link Clock}.
 */
export class Context {
  #cancelled = false;
  #reason: unknown;
  readonly #callbacks = new Set<(reason: unknown) => void>();

  /** True once `cancel` was called on this context or on a parent. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** What `cancel` was given; undefined before. */
  get reason(): unknown {
    return this.#reason;
  }

  /** Cancels this context and its children. Later calls do nothing. */
  cancel(reason?: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#reason = reason;
    const callbacks = [...this.#callbacks];
    this.#callbacks.clear();
    for (const callback of callbacks) callback(reason);
  }

  /**
   * Calls `callback` when this context is cancelled, at once if it is already.
   * Returns a function that takes the callback back.
   */
  onCancel(callback: (reason: unknown) => void): () => void {
    if (this.#cancelled) {
      callback(this.#reason);
      return () => {};
    }
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }

  /** A child: cancelled with this context, and by itself without touching this one. */
  child(): Context {
    const child = new Context();
    const detach = this.onCancel((reason) => child.cancel(reason));
    child.onCancel(detach);
    return child;
  }
}
