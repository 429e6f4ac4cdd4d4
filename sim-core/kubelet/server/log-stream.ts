import type { HttpStream } from '../../apimachinery/http.ts';

/** A response body that grows as long as somebody has something to say. */
export class LogStream implements HttpStream {
  readonly #pieces: string[] = [];
  readonly #stopped: () => void;
  #ended = false;
  #wake: (() => void) | undefined;

  /** `stopped` is called once, when the reader hangs up or the stream has ended. */
  constructor(stopped: () => void) {
    this.#stopped = stopped;
  }

  push(piece: string): void {
    if (this.#ended) return;
    this.#pieces.push(piece);
    this.#wake?.();
  }

  /** Nothing more comes. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopped();
    this.#wake?.();
  }

  cancel(): void {
    this.#pieces.length = 0;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) yield piece;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
