import type { HttpStream } from '../../../apimachinery/http.ts';

/** A response body that the server pushes pieces into. */
export class LineStream implements HttpStream {
  readonly #queue: string[] = [];
  readonly #onCancel: () => void;
  readonly #onEnd: (() => void)[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  /** `onCancel` is called once when the reader hangs up, not when the server ends the stream. */
  constructor(onCancel: () => void) {
    this.#onCancel = onCancel;
  }

  push(piece: string): void {
    if (this.#ended) return;
    this.#queue.push(piece);
    this.#notify();
  }

  /** No more pieces come; what was pushed is still delivered. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#notify();
    for (const callback of this.#onEnd.splice(0)) callback();
  }

  onEnd(callback: () => void): void {
    if (this.#ended) callback();
    else this.#onEnd.push(callback);
  }

  cancel(): void {
    if (this.#ended) return;
    this.#queue.length = 0;
    this.end();
    this.#onCancel();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    try {
      for (;;) {
        while (this.#queue.length > 0) {
          for (const piece of this.#queue.splice(0)) yield piece;
        }
        if (this.#ended) return;
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.cancel();
    }
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
