import type { ShellSession } from '../session.ts';
import { ExpansionProblem } from './leave.ts';

/** An array of a shell: by number or by name. */
export interface ShellArray {
  readonly associative: boolean;
  readonly elements: Map<string, string>;
}

/** How long a value may be: more is a program that runs wild. */
const MAX_LENGTH = 64 * 1024 * 1024;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function isName(text: string): boolean {
  return NAME.test(text);
}

/** The variables of a shell: scalars, arrays and what was declared of them. */
export class Variables {
  readonly #session: ShellSession;
  /** What the functions that run declared `local`, and what it hides. */
  readonly #frames: Map<string, string | ShellArray | undefined>[] = [];

  constructor(session: ShellSession) {
    this.#session = session;
  }

  /** The value of a scalar, or the first of an array. */
  get(name: string): string | undefined {
    const array = this.#session.arrays.get(name);
    return array === undefined ? this.#session.variables.get(name) : array.elements.get('0');
  }

  array(name: string): ShellArray | undefined {
    return this.#session.arrays.get(name);
  }

  /** Values in the order of their keys; a scalar is an array of one. */
  entries(name: string): (readonly [key: string, value: string])[] {
    const array = this.#session.arrays.get(name);
    if (array === undefined) {
      const value = this.#session.variables.get(name);
      return value === undefined ? [] : [['0', value]];
    }
    const entries = [...array.elements];
    return array.associative ? entries : entries.sort(([a], [b]) => Number(a) - Number(b));
  }

  /** Throws an {@link ExpansionProblem} for a variable that must not change. */
  set(name: string, value: string): void {
    this.#check(name, value);
    const array = this.#session.arrays.get(name);
    const shaped = this.#shape(name, value);
    if (array !== undefined) array.elements.set('0', shaped);
    else this.#session.variables.set(name, shaped);
    if (this.#session.options.has('allexport')) this.#session.exported.add(name);
  }

  setElement(name: string, key: string, value: string): void {
    this.#check(name, value);
    this.arrayFor(name).elements.set(key, this.#shape(name, value));
  }

  /** Makes an array of the variable if it is none. */
  arrayFor(name: string, associative = false): ShellArray {
    const found = this.#session.arrays.get(name);
    if (found !== undefined) return found;
    const elements = new Map<string, string>();
    const scalar = this.#session.variables.get(name);
    if (scalar !== undefined) elements.set('0', scalar);
    this.#session.variables.delete(name);
    const array = { associative, elements };
    this.#session.arrays.set(name, array);
    return array;
  }

  /** Empties or makes an array. */
  newArray(name: string, associative = this.array(name)?.associative ?? false): ShellArray {
    this.#check(name, '');
    this.#session.variables.delete(name);
    const array = { associative, elements: new Map<string, string>() };
    this.#session.arrays.set(name, array);
    return array;
  }

  unset(name: string): void {
    if (this.#session.readonly.has(name))
      throw new ExpansionProblem(`unset: ${name}: cannot unset: readonly variable`);
    this.#session.variables.delete(name);
    this.#session.arrays.delete(name);
    this.#session.exported.delete(name);
    this.#session.integers.delete(name);
  }

  names(): string[] {
    return [...new Set([...this.#session.variables.keys(), ...this.#session.arrays.keys()])].sort();
  }

  get inFunction(): boolean {
    return this.#frames.length > 0;
  }

  enter(): void {
    this.#frames.push(new Map());
  }

  /** Leaves a function: what it declared is gone. */
  leave(): void {
    for (const [name, value] of this.#frames.pop()!) {
      this.#session.variables.delete(name);
      this.#session.arrays.delete(name);
      if (typeof value === 'string') this.#session.variables.set(name, value);
      else if (value !== undefined) this.#session.arrays.set(name, value);
    }
  }

  /** Declares a variable of the function that runs. */
  local(name: string): void {
    const frame = this.#frames.at(-1)!;
    if (frame.has(name)) return;
    frame.set(name, this.#session.arrays.get(name) ?? this.#session.variables.get(name));
    this.#session.variables.delete(name);
    this.#session.arrays.delete(name);
  }

  #check(name: string, value: string): void {
    if (this.#session.readonly.has(name)) throw new ExpansionProblem(`${name}: readonly variable`);
    if (value.length > MAX_LENGTH)
      throw new ExpansionProblem(`xrealloc: cannot allocate ${value.length} bytes`);
  }

  #shape(name: string, value: string): string {
    if (this.#session.lowercase.has(name)) return value.toLowerCase();
    if (this.#session.uppercase.has(name)) return value.toUpperCase();
    return value;
  }
}
