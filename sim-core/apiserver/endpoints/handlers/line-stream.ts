import type { HttpStream } from '../../../apimachinery/http.ts';
import type { Json } from '../../../apimachinery/object.ts';

/** A piece of a stream: what it says in JSON, and its text, which may be written when somebody reads it. */
export interface Line {
  readonly value: unknown;
  readonly text: string;
}

type Piece = IteratorResult<Line | string, undefined>;

/** A response body that the server pushes pieces into. */
export class LineStream implements HttpStream, AsyncIterator<string, undefined> {
  #queue: (Line | string)[] = [];
  /** How much of the queue has been read. */
  #read = 0;
  readonly #onCancel: () => void;
  readonly #onEnd: (() => void)[] = [];
  #ended = false;
  #readers: ((piece: Piece) => void)[] = [];

  /** `onCancel` is called once when the reader hangs up, not when the server ends the stream. */
  constructor(onCancel: () => void) {
    this.#onCancel = onCancel;
  }

  push(piece: Line | string): void {
    if (this.#ended) return;
    const reader = this.#readers.shift();
    if (reader === undefined) this.#queue.push(piece);
    else reader({ done: false, value: piece });
  }

  /** No more pieces come; what was pushed is still delivered. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const reader of this.#readers.splice(0)) reader(OVER);
    for (const callback of this.#onEnd.splice(0)) callback();
  }

  onEnd(callback: () => void): void {
    if (this.#ended) callback();
    else this.#onEnd.push(callback);
  }

  cancel(): void {
    if (this.#ended) return;
    this.#queue = [];
    this.#read = 0;
    this.end();
    this.#onCancel();
  }

  next(): Promise<IteratorResult<string, undefined>> {
    return this.#next(textOf);
  }

  values(): AsyncIterator<unknown, undefined> {
    return { next: () => this.#next(valueOf) };
  }

  /** The reader left its loop. */
  return(): Promise<IteratorResult<string, undefined>> {
    this.cancel();
    return Promise.resolve(OVER);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #next<T>(shown: (piece: Line | string) => T): Promise<IteratorResult<T, undefined>> {
    if (this.#read < this.#queue.length) {
      const value = shown(this.#queue[this.#read++]!);
      if (this.#read === this.#queue.length) {
        this.#queue = [];
        this.#read = 0;
      }
      return Promise.resolve({ done: false, value });
    }
    if (this.#ended) return Promise.resolve(OVER);
    return new Promise((resolve) => {
      this.#readers.push((piece) =>
        resolve(piece.done === true ? piece : { done: false, value: shown(piece.value) }),
      );
    });
  }
}

const textOf = (piece: Line | string) => (typeof piece === 'string' ? piece : piece.text);
const valueOf = (piece: Line | string) =>
  typeof piece === 'string' ? (JSON.parse(piece) as Json) : piece.value;

const OVER: IteratorResult<never, undefined> = { done: true, value: undefined };
