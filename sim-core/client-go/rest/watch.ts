import type { HttpStream } from '../../apimachinery/http.ts';
import type { Status } from '../../apimachinery/status.ts';
import { StatusError } from '../../apimachinery/status.ts';
import type { Context } from '../../clock/context.ts';

/** One change. A BOOKMARK's object carries nothing but kind and metadata.resourceVersion. */
interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: T;
}

/**
 * Changes as they come. The iteration ends when the server ends the watch or the reader cancels;
 * it throws a StatusError for an ERROR event and what the stream throws when the connection breaks.
 * Objects may be shared with other watchers: never change them.
 */
export interface Watch<T> extends AsyncIterable<WatchEvent<T>> {
  cancel(): void;
}

/** Reads a watch response's lines. Models k8s.io/client-go/rest/watch Decoder. */
export function watchOf<T>(
  stream: HttpStream,
  decode: (line: string) => unknown,
  context: Context | undefined,
): Watch<T> {
  return new StreamWatch<T>(stream, decode, context);
}

class StreamWatch<T> implements Watch<T>, AsyncIterator<WatchEvent<T>, undefined> {
  readonly #stream: HttpStream;
  readonly #pieces: AsyncIterator<string>;
  readonly #decode: (line: string) => unknown;
  #detach: () => void;
  #cancelled = false;
  /** Lines that came in one piece, the next one last. */
  #lines: string[] = [];
  /** The beginning of a line whose end has not come. */
  #rest = '';

  constructor(stream: HttpStream, decode: (line: string) => unknown, context: Context | undefined) {
    this.#stream = stream;
    this.#pieces = stream[Symbol.asyncIterator]();
    this.#decode = decode;
    this.#detach = () => {};
    this.#detach = context?.onCancel(() => this.cancel()) ?? this.#detach;
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#detach();
    this.#stream.cancel();
  }

  next(): Promise<IteratorResult<WatchEvent<T>, undefined>> {
    if (this.#cancelled) return Promise.resolve(OVER);
    const line = this.#lines.pop();
    if (line === undefined) return this.#pieces.next().then(this.#took, this.#failed);
    try {
      return Promise.resolve(this.#event(line));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** What a piece of the stream brings: its first whole line, or with what comes next if it has none. */
  readonly #took = ({ done, value: text }: IteratorResult<string, undefined>) => {
    if (this.#cancelled) return OVER;
    if (done === true) {
      const last = this.#rest;
      this.#rest = '';
      if (last.trim() !== '') return this.#event(last);
      this.cancel();
      return OVER;
    }
    if (this.#rest === '' && text.length > 1 && text.indexOf('\n') === text.length - 1)
      return this.#event(text);
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    this.#lines = lines.filter((line) => line.trim() !== '').reverse();
    return this.next();
  };

  /** A stream that breaks after the reader has gone is no concern of anybody. */
  readonly #failed = (error: unknown) => {
    if (this.#cancelled) return OVER;
    this.cancel();
    throw error;
  };

  #event(line: string): IteratorResult<WatchEvent<T>, undefined> {
    try {
      const event = this.#decode(line) as WatchEvent<T> | { type: 'ERROR'; object: Status };
      if (event.type === 'ERROR') throw StatusError.from(event.object);
      return { done: false, value: event };
    } catch (error) {
      this.cancel();
      throw error;
    }
  }

  /** The reader left its loop. */
  return(): Promise<IteratorResult<WatchEvent<T>, undefined>> {
    this.cancel();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const OVER: IteratorResult<never, undefined> = { done: true, value: undefined };
