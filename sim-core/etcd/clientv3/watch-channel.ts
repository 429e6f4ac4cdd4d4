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
  /** Who waits for the next response: mostly one, or nobody. */
  readonly #readers: Reader[] = [];
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
    if (this.#readers.length === 0) this.#responses.push(response);
    else this.#readers.shift()!.resolve({ done: false, value: response });
  }

  /** Ends the iteration after what is queued, with the error if there is one. */
  close(error?: EtcdError): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    for (const reader of this.#readers.splice(0)) this.#finish(reader);
  }

  next(): Promise<IteratorResult<WatchResponse>> {
    if (this.#next === this.#responses.length && this.#end === undefined) this.#refill();
    if (this.#next < this.#responses.length) {
      return Promise.resolve({ done: false, value: this.#take() });
    }
    return new Promise((resolve, reject) => {
      if (this.#end === undefined) this.#readers.push({ resolve, reject });
      else this.#finish({ resolve, reject });
    });
  }

  /** The reader left its loop. */
  return(): Promise<IteratorResult<WatchResponse>> {
    this.#responses = [];
    this.#next = 0;
    this.#end = { error: undefined };
    for (const reader of this.#readers.splice(0)) this.#finish(reader);
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
    if (this.#readers.length === 0) this.#drained();
  }

  #finish(reader: Reader): void {
    const error = this.#end?.error;
    this.#end = { error: undefined };
    if (error === undefined) reader.resolve({ done: true, value: undefined });
    else reader.reject(error);
  }
}
