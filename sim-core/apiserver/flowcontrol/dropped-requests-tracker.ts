const MAX_RETRY_AFTER_S = 60;

/**
 * How long clients are asked to stay away after a 429: the more are turned away, the longer.
 * Models util/flowcontrol/dropped_requests_tracker.go: doubles and comes down by ones, as TCP does.
 */
export class DroppedRequestsTracker {
  /** How many were dropped in each second that had any. */
  readonly #history: { readonly second: number; count: number }[] = [];
  #retryAfter = 1;
  #changedAt = 0;

  /** Seconds. */
  get retryAfter(): number {
    return this.#retryAfter;
  }

  /** `now` in milliseconds. */
  record(now: number): void {
    const second = Math.floor(now / 1000);
    const last = this.#history.at(-1);
    if (last?.second === second) {
      last.count++;
      return;
    }
    this.#update(second);
    this.#history.push({ second, count: 1 });
    if (this.#history.length > MAX_RETRY_AFTER_S) this.#history.shift();
  }

  #update(second: number): void {
    let dropped = 0;
    for (const entry of this.#history) if (second - entry.second <= this.#retryAfter) dropped += entry.count;
    if (second - this.#changedAt >= this.#retryAfter && dropped >= 3 * this.#retryAfter) {
      this.#retryAfter = Math.min(this.#retryAfter * 2, MAX_RETRY_AFTER_S);
      this.#changedAt = second;
    } else if (dropped < this.#retryAfter && this.#retryAfter > 1) {
      this.#retryAfter--;
      this.#changedAt = second;
    }
  }
}
