import type { HttpStream } from '../../../apimachinery/http.ts';

/** The same stream; `ended` is called once when it is over, whoever ends it. */
export function observed(stream: HttpStream, ended: () => void): HttpStream {
  // Each piece that passes through a wrapper costs: a stream that tells its end by itself needs none.
  if (stream.onEnd !== undefined) {
    stream.onEnd(ended);
    return stream;
  }
  let isOver = false;
  const over = () => {
    if (!isOver) ended();
    isOver = true;
  };
  return {
    cancel() {
      stream.cancel();
      over();
    },
    async *[Symbol.asyncIterator]() {
      try {
        yield* stream;
      } finally {
        over();
      }
    },
  };
}
