import type { InputStream } from '../../node/program.ts';

/** Text on its way from one program to another. */
export class Pipe implements InputStream {
  readonly #pieces: string[] = [];
  #ended = false;
  #abandoned = false;
  #wake: (() => void) | undefined;

  /** True when nobody reads any more: what is written is lost, and the writer should end. */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  write(text: string): void {
    if (this.#ended || this.#abandoned || text === '') return;
    this.#pieces.push(text);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  abandon(): void {
    this.#abandoned = true;
    this.#pieces.length = 0;
  }

  async read(): Promise<string | undefined> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) return piece;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
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

/** Everything up to the end. */
export async function readAll(input: InputStream): Promise<string> {
  let text = '';
  for (let piece = await input.read(); piece !== undefined; piece = await input.read()) text += piece;
  return text;
}

/** An input that can be read line by line; what is left over stays for the next reader. */
export class LineInput implements InputStream {
  readonly #input: InputStream;
  #rest = '';

  constructor(input: InputStream) {
    this.#input = input;
  }

  async read(): Promise<string | undefined> {
    if (this.#rest === '') return this.#input.read();
    const piece = this.#rest;
    this.#rest = '';
    return piece;
  }

  /** The next line without its newline; undefined at the end. */
  async readLine(): Promise<string | undefined> {
    for (;;) {
      const newline = this.#rest.indexOf('\n');
      if (newline >= 0) {
        const line = this.#rest.slice(0, newline);
        this.#rest = this.#rest.slice(newline + 1);
        return line;
      }
      const piece = await this.#input.read();
      if (piece === undefined) {
        const line = this.#rest;
        this.#rest = '';
        return line === '' ? undefined : line;
      }
      this.#rest += piece;
    }
  }
}
