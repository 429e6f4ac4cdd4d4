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
 */
export interface Watch<T> extends AsyncIterable<WatchEvent<T>> {
  cancel(): void;
}

/** Reads the lines of a watch's response; the objects are the reader's. Models k8s.io/client-go/rest/watch Decoder. */
export function watchOf<T>(stream: HttpStream, context?: Context): Watch<T> {
  return new StreamWatch<T>(stream, new JsonLines(stream), context);
}

/** The same with the server's own objects where they are at hand: never change them. */
export function sharedWatchOf<T>(stream: HttpStream, context?: Context): Watch<T> {
  return new StreamWatch<T>(stream, stream.values?.() ?? new JsonLines(stream), context);
}

type ReceivedEvent<T> = WatchEvent<T> | { readonly type: 'ERROR'; readonly object: Status };

class StreamWatch<T> implements Watch<T>, AsyncIterator<WatchEvent<T>, undefined> {
  readonly #stream: HttpStream;
  readonly #events: AsyncIterator<unknown, undefined>;
  #detach: () => void;
  #cancelled = false;

  constructor(stream: HttpStream, events: AsyncIterator<unknown, undefined>, context: Context | undefined) {
    this.#stream = stream;
    this.#events = events;
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
    return this.#events.next().then(this.#took, this.#failed);
  }

  readonly #took = (result: IteratorResult<unknown, undefined>) => {
    if (this.#cancelled) return OVER;
    if (result.done === true) {
      this.cancel();
      return OVER;
    }
    const event = result.value as ReceivedEvent<T>;
    if (event.type !== 'ERROR') return result as IteratorResult<WatchEvent<T>, undefined>;
    this.cancel();
    throw StatusError.from(event.object);
  };

  /** A stream that breaks after the reader has gone is no concern of anybody. */
  readonly #failed = (error: unknown) => {
    if (this.#cancelled) return OVER;
    this.cancel();
    throw error;
  };

  /** The reader left its loop. */
  return(): Promise<IteratorResult<WatchEvent<T>, undefined>> {
    this.cancel();
    return Promise.resolve(OVER);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** The lines of a stream, whatever pieces they come in, parsed; rejects with a SyntaxError for one that is no JSON. */
class JsonLines implements AsyncIterator<unknown, undefined> {
  readonly #pieces: AsyncIterator<string>;
  /** Lines that came in one piece, the next one last. */
  #lines: string[] = [];
  /** The beginning of a line whose end has not come. */
  #rest = '';

  constructor(stream: HttpStream) {
    this.#pieces = stream[Symbol.asyncIterator]();
  }

  async next(): Promise<IteratorResult<unknown, undefined>> {
    for (;;) {
      const line = this.#lines.pop();
      if (line !== undefined) return { done: false, value: JSON.parse(line) };
      const piece = await this.#pieces.next();
      const lines = (this.#rest + (piece.done === true ? '\n' : piece.value)).split('\n');
      this.#rest = lines.pop()!;
      this.#lines = lines.filter((each) => each.trim() !== '').reverse();
      if (piece.done === true && this.#lines.length === 0) return OVER;
    }
  }
}

const OVER: IteratorResult<never, undefined> = { done: true, value: undefined };
