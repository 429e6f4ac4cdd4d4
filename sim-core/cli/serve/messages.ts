/** What the client has said, for whoever wants to hear it. */
export class Messages implements AsyncIterable<string> {
  readonly #queue: string[] = [];
  #ended = false;
  #wake = () => {};

  push(message: string): void {
    this.#queue.push(message);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    for (;;) {
      const message = this.#queue.shift();
      if (message !== undefined) yield message;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
