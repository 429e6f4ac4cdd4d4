import type { Patterns } from './patterns.ts';
import { AwkFailure, AwkProblem } from './problem.ts';
import type { Task } from './task.ts';
import { Input, toNumber, toText, type Value } from './values.ts';

/** How many fields a record may have. */
const MOST_FIELDS = 1_000_000;
const WORDS = /[^ \t\n]+/g;

/** What the fields of a record depend on beside it. */
export interface FieldSettings {
  /** FS, and what is written between fields (OFS) and for a number that is not whole (OFMT). */
  readonly separator: string;
  readonly outputSeparator: string;
  readonly numberFormat: string;
}

/** The record and its fields: it is split when one of them is asked for, and joined when it is asked for itself. */
export class Fields {
  readonly #patterns: Patterns;
  readonly #settings: () => FieldSettings;
  #record: Value = undefined;
  #fields: Value[] = [];
  #isSplit = true;
  #isJoined = true;
  /** As FS was when the record was read. */
  #separator = ' ';

  constructor(patterns: Patterns, settings: () => FieldSettings) {
    this.#patterns = patterns;
    this.#settings = settings;
  }

  get record(): Value {
    if (!this.#isJoined) {
      const { outputSeparator, numberFormat } = this.#settings();
      this.#record = new Input(
        this.#fields.map((field) => toText(field, numberFormat)).join(outputSeparator),
      );
      this.#isJoined = true;
    }
    return this.#record;
  }

  set record(value: Value) {
    const { separator, numberFormat } = this.#settings();
    this.#record = value instanceof Input ? value : new Input(toText(value, numberFormat));
    this.#separator = separator;
    this.#isSplit = false;
    this.#isJoined = true;
  }

  *count(): Task<number> {
    if (!this.#isSplit) yield* this.#split();
    return this.#fields.length;
  }

  *setCount(count: number): Task<void> {
    if (!this.#isSplit) yield* this.#split();
    if (count < 0) throw new AwkProblem('negative value assigned to NF');
    this.#reach(count);
    this.#fields.length = count;
    this.#isJoined = false;
  }

  *get(index: Value): Task<Value> {
    const number = fieldNumber(index);
    if (number === 0) return this.record;
    if (!this.#isSplit) yield* this.#split();
    return this.#fields[number - 1];
  }

  *set(index: Value, value: Value): Task<void> {
    const number = fieldNumber(index);
    if (number === 0) {
      this.record = value;
      return;
    }
    if (!this.#isSplit) yield* this.#split();
    this.#reach(number);
    this.#fields[number - 1] = value;
    this.#isJoined = false;
  }

  #reach(count: number): void {
    if (count > MOST_FIELDS)
      throw new AwkFailure(`program limit exceeded: maximum number of fields size=${MOST_FIELDS}`);
    while (this.#fields.length < count) this.#fields.push(undefined);
  }

  *#split(): Task<void> {
    this.#isSplit = true;
    const text = toText(this.#record, '');
    const pieces = yield* splitText(text, this.#separator, this.#patterns);
    this.#fields = pieces.map((piece) => new Input(piece));
  }
}

/** "$1" is field 1. */
function fieldNumber(index: Value): number {
  const number = Math.trunc(toNumber(index));
  if (number < 0) throw new AwkProblem(`negative field index $${number}`);
  return Number.isNaN(number) ? 0 : number;
}

/** Cuts a text where `separator` is: one blank stands for any, one other character for itself, more are a pattern. */
export function* splitText(text: string, separator: string, patterns: Patterns): Task<string[]> {
  if (separator === ' ') return text.match(WORDS) ?? [];
  if (text === '') return [];
  if (separator === '') return text.split('');
  if (separator.length === 1) return text.split(separator);
  return yield* splitPattern(text, separator, patterns);
}

/** Cuts a text where a pattern matches that is not empty. */
export function* splitPattern(text: string, pattern: string, patterns: Patterns): Task<string[]> {
  if (text === '') return [];
  const pieces: string[] = [];
  let done = 0;
  for (let at = 0; at <= text.length;) {
    const found = yield* patterns.find(pattern, text, at);
    if (found === undefined) break;
    if (found.end === found.start) {
      at = found.end + 1;
      continue;
    }
    pieces.push(text.slice(done, found.start));
    done = at = found.end;
  }
  return [...pieces, text.slice(done)];
}
