import type { InputStream } from './program.ts';

/** What Ctrl+D is in raw mode. */
const END_OF_TRANSMISSION = '\x04';

/**
 * What somebody types at a terminal while a command runs, line by line. Who asked last gets what comes next: a
 * program that is gone takes nothing away from the one after it. The end of input (Ctrl+D) is the end for one
 * read; the next one waits again. In raw mode it is a character like any other, and so is Ctrl+C, which is typed
 * as "\x03": whoever reads has to know what to do with them.
 */
export class TerminalInput implements InputStream {
  readonly #typed: (string | undefined)[] = [];
  readonly #onRaw: (raw: boolean) => void;
  #raw = false;
  #reader: ((text: string | undefined) => void) | undefined;
  #used = false;

  /** `onRaw` is told when raw mode begins and ends. */
  constructor(onRaw: (raw: boolean) => void = () => {}) {
    this.#onRaw = onRaw;
  }

  get raw(): boolean {
    return this.#raw;
  }

  setRaw(raw: boolean): void {
    if (raw === this.#raw) return;
    this.#raw = raw;
    this.#onRaw(raw);
  }

  get isTerminal(): true {
    this.#used = true;
    return true;
  }

  /** Somebody read from it, or asked whether it is a terminal. */
  get used(): boolean {
    return this.#used;
  }

  /** Somebody waits for what is typed next. */
  get awaited(): boolean {
    return this.#reader !== undefined;
  }

  /** Something was typed that nobody has read. */
  get typedAhead(): boolean {
    return this.#typed.length > 0;
  }

  /** Takes back what was typed and nobody has read. */
  takeUnread(): (string | undefined)[] {
    return this.#typed.splice(0);
  }

  /** Takes a line with its newline; undefined for the end of input. */
  type(text: string | undefined): void {
    const reader = this.#reader;
    this.#reader = undefined;
    const typed = text ?? (this.#raw ? END_OF_TRANSMISSION : undefined);
    if (reader === undefined) this.#typed.push(typed);
    else reader(typed);
  }

  read(): Promise<string | undefined> {
    this.#used = true;
    if (this.#typed.length > 0) return Promise.resolve(this.#typed.shift());
    return new Promise((resolve) => (this.#reader = resolve));
  }
}
