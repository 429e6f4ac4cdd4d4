import type { EtcdError, WatchResponse } from './client.ts';

/** How many responses wait for the reader before the server is told that there is no room. */
const BUFFER_LENGTH = 128;

interface Reader {
  resolve(result: IteratorResult<WatchResponse>): void;
  reject(error: EtcdError): void;
}

/**
 * The queue between a watch and the loop that reads it: responses go in synchronously, as changes
 * commit, and come out through async iteration, in order.
 */
export class WatchChannel implements AsyncIterableIterator<WatchResponse> {
  readonly #drained: () => void;
  readonly #abandoned: () => void;
  /** Who waits for the next response: mostly nobody, or one. */
  #reader: Reader | undefined;
  readonly #laterReaders: Reader[] = [];
  #responses: WatchResponse[] = [];
  #next = 0;
  #end: { readonly error: EtcdError | undefined } | undefined;

  /** `drained` is called when the reader has taken everything after the queue was full, `abandoned` when it stops. */
  constructor(drained: () => void, abandoned: () => void) {
    this.#drained = drained;
    this.#abandoned = abandoned;
  }

  /** True if nothing more should be pushed until `drained` is called. */
  get full(): boolean {
    return this.#responses.length - this.#next >= BUFFER_LENGTH;
  }

  /** Hands a response to the reader, or queues it. */
  push(response: WatchResponse): void {
    if (this.#end !== undefined) return;
    const reader = this.#reader;
    if (reader === undefined) this.#responses.push(response);
    else {
      this.#reader = this.#laterReaders.shift();
      reader.resolve({ done: false, value: response });
    }
  }

  /** Ends the iteration after what is queued, with the error if there is one. */
  close(error?: EtcdError): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.#finishAll();
  }

  next(): Promise<IteratorResult<WatchResponse>> {
    if (this.#next === this.#responses.length && this.#end === undefined) this.#refill();
    if (this.#next < this.#responses.length) {
      return Promise.resolve({ done: false, value: this.#take() });
    }
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) this.#finish({ resolve, reject });
      else if (this.#reader === undefined) this.#reader = { resolve, reject };
      else this.#laterReaders.push({ resolve, reject });
    });
  }

  /** The reader left its loop. */
  return(): Promise<IteratorResult<WatchResponse>> {
    this.#responses = [];
    this.#next = 0;
    this.#end = { error: undefined };
    this.#finishAll();
    this.#abandoned();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): WatchResponse {
    const response = this.#responses[this.#next]!;
    if (++this.#next === this.#responses.length) {
      this.#responses = [];
      this.#next = 0;
    }
    return response;
  }

  #refill(): void {
    if (this.#reader === undefined) this.#drained();
  }

  #finishAll(): void {
    const readers = this.#reader === undefined ? [] : [this.#reader, ...this.#laterReaders.splice(0)];
    this.#reader = undefined;
    for (const reader of readers) this.#finish(reader);
  }

  #finish(reader: Reader): void {
    const error = this.#end?.error;
    this.#end = { error: undefined };
    if (error === undefined) reader.resolve({ done: true, value: undefined });
    else reader.reject(error);
  }
}
