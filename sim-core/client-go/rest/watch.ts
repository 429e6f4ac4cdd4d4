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
  let cancelled = false;
  let detach = () => {};
  const cancel = () => {
    if (cancelled) return;
    cancelled = true;
    detach();
    stream.cancel();
  };
  detach = context?.onCancel(cancel) ?? detach;

  async function* events(): AsyncGenerator<WatchEvent<T>, void, undefined> {
    try {
      for await (const line of linesOf(stream)) {
        if (cancelled) return;
        const event = decode(line) as WatchEvent<T> | { type: 'ERROR'; object: Status };
        if (event.type === 'ERROR') throw StatusError.from(event.object);
        yield event;
        if (cancelled) return;
      }
    } catch (error) {
      if (!cancelled) throw error;
    } finally {
      cancel();
    }
  }
  return { cancel, [Symbol.asyncIterator]: events };
}

/** Whole lines, whatever the pieces in which they come. */
async function* linesOf(stream: HttpStream): AsyncGenerator<string, void, undefined> {
  let rest = '';
  for await (const piece of stream) {
    if (rest === '' && piece.indexOf('\n') === piece.length - 1) {
      if (piece.length > 1) yield piece;
      continue;
    }
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  if (rest.trim() !== '') yield rest;
}
