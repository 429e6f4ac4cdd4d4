import type { InputStream } from './program.ts';

/**
 * What somebody types at a terminal while a command runs, line by line. Who asked last gets what comes next: a
 * program that is gone takes nothing away from the one after it. The end of input (Ctrl+D) is the end for one
 * read; the next one waits again.
 */
export class TerminalInput implements InputStream {
  readonly #typed: (string | undefined)[] = [];
  #reader: ((text: string | undefined) => void) | undefined;
  #used = false;

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

  /** Takes back what was typed and nobody has read. */
  takeUnread(): (string | undefined)[] {
    return this.#typed.splice(0);
  }

  /** Takes a line with its newline; undefined for the end of input. */
  type(text: string | undefined): void {
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader === undefined) this.#typed.push(text);
    else reader(text);
  }

  read(): Promise<string | undefined> {
    this.#used = true;
    if (this.#typed.length > 0) return Promise.resolve(this.#typed.shift());
    return new Promise((resolve) => (this.#reader = resolve));
  }
}
