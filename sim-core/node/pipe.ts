import type { InputStream } from './program.ts';

/** How many characters wait for a reader before the writer has to. */
const CAPACITY = 65_536;

/** Text on its way from one program to another. */
export class Pipe implements InputStream {
  readonly #pieces: string[] = [];
  #ended = false;
  #abandoned = false;
  #wake: (() => void) | undefined;
  #waiting = 0;
  #onAbandon: (() => void) | undefined;
  #drained: (() => void)[] = [];

  /** True when nobody reads any more: what is written is lost, and the writer should end. */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  write(text: string): void {
    if (this.#ended || this.#abandoned || text === '') return;
    this.#pieces.push(text);
    this.#waiting += text.length;
    this.#wake?.();
  }

  /** Resolves when there is room for more, or when nobody reads any more. */
  drained(): Promise<void> {
    if (this.#waiting < CAPACITY || this.#abandoned || this.#ended) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
    this.#release();
  }

  abandon(): void {
    if (this.#abandoned) return;
    this.#abandoned = true;
    this.#pieces.length = 0;
    this.#release();
    this.#onAbandon?.();
  }

  /** Calls `callback` when the reader is gone. */
  onAbandon(callback: () => void): void {
    this.#onAbandon = callback;
  }

  async read(): Promise<string | undefined> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) {
        this.#waiting -= piece.length;
        if (this.#waiting < CAPACITY) this.#release();
        return piece;
      }
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #release(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
  }
}

/** Reads from a text. */
export function textInput(text: string): InputStream {
  let left: string | undefined = text === '' ? undefined : text;
  return {
    read: () => {
      const piece = left;
      left = undefined;
      return Promise.resolve(piece);
    },
  };
}

/** How many characters a program may hold of what it reads. */
export const PROGRAM_MEMORY = 32 * 1024 * 1024;

/** A program wants to hold more than it can. */
export class MemoryExhaustedError extends Error {
  override readonly name = 'MemoryExhaustedError';

  constructor() {
    super('memory exhausted');
  }
}

/** Everything up to the end. Rejects with a {@link MemoryExhaustedError} where that does not come. */
export async function readAll(input: InputStream): Promise<string> {
  let text = '';
  for (let piece = await input.read(); piece !== undefined; piece = await input.read()) {
    text += piece;
    if (text.length > PROGRAM_MEMORY) throw new MemoryExhaustedError();
  }
  return text;
}

/** An input that can be read line by line; what is left over stays for the next reader. */
export class LineInput implements InputStream {
  readonly #input: InputStream;
  #rest = '';

  constructor(input: InputStream) {
    this.#input = input;
  }

  /** Somebody types what is read. */
  get isTerminal(): boolean {
    return this.#input.isTerminal === true;
  }

  setRaw(raw: boolean): void {
    this.#input.setRaw?.(raw);
  }

  async read(): Promise<string | undefined> {
    if (this.#rest === '') return this.#input.read();
    const piece = this.#rest;
    this.#rest = '';
    return piece;
  }

  /** Everything up to the end. */
  readAll(): Promise<string> {
    return readAll(this);
  }

  /** The next line without its newline; undefined at the end. */
  async readLine(): Promise<string | undefined> {
    const { line, complete } = await this.readUntil('\n');
    return complete || line !== '' ? line : undefined;
  }

  /** The text up to the next `delimiter`; `complete` is false if the input ended before. */
  async readUntil(delimiter: string): Promise<{ readonly line: string; readonly complete: boolean }> {
    for (;;) {
      const end = this.#rest.indexOf(delimiter);
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + delimiter.length);
        return { line, complete: true };
      }
      const piece = await this.#input.read();
      if (piece === undefined) {
        const line = this.#rest;
        this.#rest = '';
        return { line, complete: false };
      }
      this.#rest += piece;
      if (this.#rest.length > PROGRAM_MEMORY) throw new MemoryExhaustedError();
    }
  }

  /** So many characters, fewer if `delimiter` or the end comes first; undefined at the end. */
  async readCharacters(count: number, delimiter: string): Promise<string | undefined> {
    while (this.#rest.length < count && !this.#rest.includes(delimiter)) {
      const piece = await this.#input.read();
      if (piece === undefined) break;
      this.#rest += piece;
    }
    if (this.#rest === '') return undefined;
    const end = this.#rest.indexOf(delimiter);
    const length = end >= 0 && end < count ? end : Math.min(count, this.#rest.length);
    const text = this.#rest.slice(0, length);
    this.#rest = this.#rest.slice(end === length ? length + delimiter.length : length);
    return text;
  }
}
