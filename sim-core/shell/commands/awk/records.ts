import type { InputStream } from '../../../node/program.ts';
import { MemoryExhaustedError, PROGRAM_MEMORY } from '../../../node/pipe.ts';
import { toByteString } from '../../grammar/utf8.ts';
import type { Patterns } from './patterns.ts';
import type { Task } from './task.ts';

/** Reads records from a file, a pipe or a terminal; what comes is bytes, each of them a character. */
export class Records {
  readonly #input: InputStream;
  readonly #patterns: Patterns;
  #text = '';
  #at = 0;
  #ended = false;

  constructor(input: InputStream, patterns: Patterns) {
    this.#input = input;
    this.#patterns = patterns;
  }

  /**
   * The next record, without what separates it from the one behind it; undefined at the end. `separator` is RS: a
   * character, a pattern, or "" for empty lines.
   */
  *next(separator: string): Task<string | undefined> {
    if (separator === '') yield* this.#skipNewlines();
    const pattern = separator === '' ? '\n\n+' : separator;
    const isPlain = pattern.length === 1;
    for (let from = this.#at; ;) {
      const found = isPlain ? this.#character(pattern, from) : yield* this.#pattern(pattern);
      // Where more is to come a separator might go on.
      if (found !== undefined && (isPlain || found.end < this.#text.length || this.#ended))
        return this.#take(found.start, found.end);
      if (this.#ended) break;
      from = this.#text.length - this.#at;
      yield* this.#fill();
    }
    if (this.#at >= this.#text.length) return undefined;
    const rest = this.#text.slice(this.#at);
    this.#take(this.#text.length, this.#text.length);
    return separator === '' ? rest.replace(/\n$/, '') : rest;
  }

  #character(character: string, from: number): { readonly start: number; readonly end: number } | undefined {
    const start = this.#text.indexOf(character, from);
    return start < 0 ? undefined : { start, end: start + 1 };
  }

  *#pattern(pattern: string) {
    for (let at = this.#at; at <= this.#text.length;) {
      const found = yield* this.#patterns.find(pattern, this.#text, at);
      if (found === undefined || found.end > found.start) return found;
      at = found.start + 1;
    }
    return undefined;
  }

  #take(start: number, end: number): string {
    const record = this.#text.slice(this.#at, start);
    this.#at = end;
    return record;
  }

  *#skipNewlines(): Task<void> {
    for (;;) {
      while (this.#text[this.#at] === '\n') this.#at++;
      if (this.#at < this.#text.length || this.#ended) return;
      yield* this.#fill();
    }
  }

  /** Waits for more; what was read is forgotten. */
  *#fill(): Task<void> {
    this.#text = this.#text.slice(this.#at);
    this.#at = 0;
    const piece = (yield this.#input.read()) as string | undefined;
    if (piece === undefined) this.#ended = true;
    else this.#text += toByteString(piece);
    if (this.#text.length > PROGRAM_MEMORY) throw new MemoryExhaustedError();
  }
}
