/** Holds the commands of a pipeline until all have been started: each sees the others among the processes. */
export class Barrier {
  readonly #arrived = new Set<unknown>();
  readonly #size: number;
  #anonymous = 0;
  #open: () => void = () => {};
  readonly #opened = new Promise<void>((resolve) => (this.#open = resolve));

  constructor(size: number) {
    this.#size = size;
  }

  /** `who` has started; told again it changes nothing. */
  arrive(who?: unknown): void {
    if (who === undefined) this.#anonymous++;
    else this.#arrived.add(who);
    if (this.#arrived.size + this.#anonymous >= this.#size) this.#open();
  }

  wait(who: unknown): Promise<void> {
    this.arrive(who);
    return this.#opened;
  }
}
