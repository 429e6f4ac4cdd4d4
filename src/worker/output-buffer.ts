import type { OutputChunk } from './protocol.ts';

/** Appends `chunk` to `chunks`; text of the same stream is joined. */
export function appendChunk(chunks: OutputChunk[], chunk: OutputChunk): void {
  const last = chunks.at(-1);
  if (last?.stream === chunk.stream) chunks[chunks.length - 1] = { ...last, text: last.text + chunk.text };
  else if (chunk.text !== '') chunks.push(chunk);
}

/** Takes output and gives back what is kept of it: of notes all, of the rest `limit` characters altogether. */
export function limitOutput(limit: number): (chunk: OutputChunk) => OutputChunk {
  let size = 0;
  return (chunk) => {
    const room = chunk.stream === 'note' ? Infinity : Math.max(0, limit - size);
    size += chunk.text.length;
    return chunk.text.length <= room ? chunk : { ...chunk, text: chunk.text.slice(0, room) };
  };
}

/** Collects output and hands it on at most once per `interval` real milliseconds. */
export class OutputBuffer {
  readonly #send: (chunk: OutputChunk) => void;
  readonly #interval: number;
  #chunks: OutputChunk[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (chunk: OutputChunk) => void, interval: number) {
    this.#send = send;
    this.#interval = interval;
  }

  add(chunk: OutputChunk): void {
    appendChunk(this.#chunks, chunk);
    this.#timer ??= setTimeout(() => this.flush(), this.#interval);
  }

  /** Hands on what is there. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const chunks = this.#chunks;
    this.#chunks = [];
    for (const chunk of chunks) this.#send(chunk);
  }

  /** Forgets what is there. */
  clear(): void {
    this.#chunks = [];
    this.flush();
  }
}
