/**
 * What has happened since each of some cycles began. One list for all of them: an event costs the
 * same however many pods are under way.
 *
 *     events   e3 e4 e5 e6       (e1, e2 are older than every cycle)
 *     cycles   a from e3, b from e5
 *
 * Models the inFlightEvents of pkg/scheduler/backend/queue activeQueue.
 */
export class InFlightEvents<E> {
  /** By cycle: the number of the first event that it saw. In order of the numbers. */
  readonly #cycles = new Map<string, number>();
  #events: E[] = [];
  #first = 0;

  has(cycle: string): boolean {
    return this.#cycles.has(cycle);
  }

  begin(cycle: string): void {
    this.#cycles.set(cycle, this.#first + this.#events.length);
  }

  end(cycle: string): void {
    this.#cycles.delete(cycle);
    this.#forgetOld();
  }

  add(event: E): void {
    if (this.#cycles.size > 0) this.#events.push(event);
  }

  since(cycle: string): readonly E[] {
    const from = this.#cycles.get(cycle);
    return from === undefined ? [] : this.#events.slice(from - this.#first);
  }

  /** Drops what no cycle needs; in large pieces, since moving an array's rest costs its length. */
  #forgetOld(): void {
    const oldest = this.#cycles.values().next();
    if (oldest.done) {
      this.#first += this.#events.length;
      this.#events = [];
      return;
    }
    const old = oldest.value - this.#first;
    if (old < 1000 || old * 2 < this.#events.length) return;
    this.#events = this.#events.slice(old);
    this.#first += old;
  }
}
