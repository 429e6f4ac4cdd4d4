import { MemoryExhaustedError } from '../../../node/pipe.ts';
import type { Value } from './values.ts';

interface Entry {
  value: Value;
  /** Says when it was moved to the front of its list of texts, and of its list of numbers. */
  textStamp: number;
  readonly number: number | undefined;
  numberStamp: number;
}

const FIRST_MASK = 63;
const LIST_LENGTH = 12;
/** How many elements a program may hold in one array. */
const MOST_ELEMENTS = 1_000_000;

/**
 * An associative array. Its elements are named in mawk's order, which is that of a hash table: a list a bucket, the
 * element that was last looked for at the front.
 *
 * Models mawk/array.c: elements that a number was the index of are in a table by that number, until somebody asks for
 * one by a text, or for all.
 */
export class AwkArray {
  readonly #entries = new Map<string, Entry>();
  #hasTexts = false;
  /** As `split` made it: nothing moves when it is looked at. */
  #isSplit = false;
  #mask = FIRST_MASK;
  #stamp = 0;

  get size(): number {
    return this.#entries.size;
  }

  clear(): void {
    this.#entries.clear();
    this.#hasTexts = false;
    this.#isSplit = false;
    this.#mask = FIRST_MASK;
  }

  /** Becomes [1], [2], … of these. */
  fill(values: readonly Value[]): void {
    this.clear();
    for (const [index, value] of values.entries()) this.set(String(index + 1), index + 1, value);
    this.#isSplit = true;
  }

  /** `number`: the index, if a whole number was the index. */
  has(key: string, number: number | undefined): boolean {
    return this.#entries.size > 0 && this.#find(key, number) !== undefined;
  }

  /** An element that is asked for is there from then on. */
  get(key: string, number: number | undefined): Value {
    return this.#make(key, number).value;
  }

  set(key: string, number: number | undefined, value: Value): void {
    this.#make(key, number).value = value;
  }

  delete(key: string, number: number | undefined): void {
    if (this.has(key, number)) this.#entries.delete(key);
  }

  keys(): string[] {
    if (!this.#hasTexts) this.#addTexts();
    const order = [...this.#entries].map(
      ([key, { textStamp }]) => [hash(key) & this.#mask, textStamp, key] as const,
    );
    return order.sort((a, b) => a[0] - b[0] || b[1] - a[1]).map(([, , key]) => key);
  }

  #find(key: string, number: number | undefined): Entry | undefined {
    const entry = this.#entries.get(key);
    if (number === undefined && !this.#hasTexts) this.#addTexts();
    if (entry !== undefined && !this.#isSplit) this.#touch(entry, number);
    return entry;
  }

  #touch(entry: Entry, number: number | undefined): void {
    if (number === undefined) entry.textStamp = ++this.#stamp;
    else if (!this.#hasTexts) entry.numberStamp = ++this.#stamp;
  }

  #make(key: string, number: number | undefined): Entry {
    const found = this.#find(key, number);
    if (found !== undefined) return found;
    if (this.#entries.size >= MOST_ELEMENTS) throw new MemoryExhaustedError();
    this.#isSplit = false;
    const stamp = ++this.#stamp;
    const entry: Entry = { value: undefined, textStamp: stamp, number, numberStamp: stamp };
    this.#entries.set(key, entry);
    if (this.#entries.size > (this.#mask + 1) * LIST_LENGTH) this.#mask = this.#mask * 2 + 1;
    return entry;
  }

  #addTexts(): void {
    const order = [...this.#entries.values()].map(
      (entry) => [(entry.number ?? 0) & this.#mask, entry] as const,
    );
    order.sort((a, b) => a[0] - b[0] || b[1].numberStamp - a[1].numberStamp);
    for (const [, entry] of order) entry.textStamp = ++this.#stamp;
    this.#hasTexts = true;
    this.#isSplit = false;
  }
}

/** FNV-1a, as mawk/hash.c has it. */
function hash(text: string): number {
  let value = 2_166_136_261;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 16_777_619);
  return value;
}
