import { FileError } from '../../../node/file-system.ts';
import { fromByteString } from '../../grammar/utf8.ts';
import { AwkFailure } from './problem.ts';
import type { Records } from './records.ts';
import type { Streams } from './streams.ts';
import type { Task } from './task.ts';

/** What the main input asks of the program. */
export interface MainInputHost {
  /** ARGV[index], while there are so many; "" for what was deleted. */
  argument(index: number): string | undefined;
  /** An operand like `name=value` was reached; false if it is the name of a file after all. */
  assign(operand: string): boolean;
  /** A file begins. */
  begin(name: string): void;
}

/** The records of the files that ARGV names one after another, or of stdin if it names none. */
export class MainInput {
  readonly #streams: Streams;
  readonly #host: MainInputHost;
  #index = 1;
  #records: Records | undefined;
  #hadFile = false;
  #ended = false;

  constructor(streams: Streams, host: MainInputHost) {
    this.#streams = streams;
    this.#host = host;
  }

  /** The next record; undefined at the end of the last file. `separator` is asked for RS, which operands may set. */
  *next(separator: () => string): Task<string | undefined> {
    while (!this.#ended) {
      this.#records ??= this.#open();
      if (this.#records === undefined) break;
      const record = yield* this.#records.next(separator());
      if (record !== undefined) return record;
      this.#records = undefined;
    }
    this.#ended = true;
    return undefined;
  }

  /** The rest of this file is not read. */
  skipFile(): void {
    this.#records = undefined;
  }

  #open(): Records | undefined {
    for (;;) {
      const operand = this.#host.argument(this.#index);
      if (operand === undefined) break;
      this.#index++;
      if (operand === '' || this.#host.assign(operand)) continue;
      this.#hadFile = true;
      this.#host.begin(operand);
      return this.#file(operand);
    }
    if (this.#hadFile) return undefined;
    this.#hadFile = true;
    return this.#streams.stdin;
  }

  #file(name: string): Records {
    try {
      return this.#streams.file(fromByteString(name));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new AwkFailure(
        error.code === 'EISDIR'
          ? `read error (${error.message})`
          : `cannot open "${name}" (${error.message})`,
      );
    }
  }
}
