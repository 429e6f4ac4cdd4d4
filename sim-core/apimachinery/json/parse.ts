import { setField } from '../copy.ts';
import { goQuote } from '../go-format.ts';
import type { Json } from '../object.ts';

/** A text that is no JSON; the message is Go's. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  /** How much of the text was read when it was found; undefined: all, and more should have come. */
  readonly offset: number | undefined;

  constructor(message: string, offset?: number) {
    super(message);
    this.offset = offset;
  }
}

type Container = Json[] | { [key: string]: Json };

/** What a text holds, with what a plain value cannot show. */
export interface ParsedText {
  readonly value: Json;
  /** Values of fields that came again later, by the object that they stood in; the last is in it. */
  readonly duplicates: ReadonlyMap<Container, readonly (readonly [key: string, value: Json])[]>;
  /** Numbers that do not print as they were written ("1.0", "1e3", large ones), by container and key. */
  readonly literals: ReadonlyMap<Container, ReadonlyMap<string, string>>;
  /** Duplicate keys of a YAML text as its parser words them: 'line 3: key "a" already set in map'. */
  readonly yamlDuplicates: readonly string[];
  /** It never was a text of its own: a number that is too large for its field loses bits, as Go converts it. */
  readonly isConverted?: boolean;
}

/**
 * Go allows 10,000 levels. Whoever walks the value recurses, and a browser's stack is small;
 * no type of the API comes near this.
 */
const MAX_DEPTH = 1000;

/**
 * Reads JSON as Go's encoding/json does, without recursion. Throws a JsonSyntaxError.
 * Models sigs.k8s.io/json scanner and decoder, with what is needed for "duplicate field".
 */
export function parseJson(text: string): ParsedText {
  const value = roundTripped(text);
  return value === undefined ? new Parser(text).parse() : parsedValue(value);
}

/** A value that holds nothing but what it shows. */
export function parsedValue(value: Json): ParsedText {
  return { value, duplicates: NONE, literals: NONE, yamlDuplicates: [] };
}

/** The same of a value that a server has at hand. Models runtime.DefaultUnstructuredConverter. */
export const convertedValue = (value: Json): ParsedText => ({ isConverted: true, ...parsedValue(value) });

const NONE = new Map<Container, never>();

/**
 * What programs send is nearly always what JSON.stringify wrote: a text that comes out again when its value is
 * written has no duplicate field and no number in another form, so there is nothing to look for in it.
 */
function roundTripped(text: string): Json | undefined {
  // Laid out for people, or no structure at all; or what may be half of a surrogate pair.
  if (!text.startsWith('{"') || text.includes('\\ud')) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    // Each level takes two characters at least.
    const mayBeDeep = text.length > 2 * MAX_DEPTH && isDeeper(value, MAX_DEPTH);
    return !mayBeDeep && JSON.stringify(value) === text ? value : undefined;
  } catch (error) {
    // The parser has Go's words for it.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isDeeper(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (isDeeper(item, depth - 1)) return true;
  } else {
    for (const key in value) if (isDeeper(value[key]!, depth - 1)) return true;
  }
  return false;
}

const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;

class Parser {
  readonly #text: string;
  #position = 0;
  readonly #duplicates = new Map<Container, [string, Json][]>();
  readonly #literals = new Map<Container, Map<string, string>>();

  constructor(text: string) {
    this.#text = text;
  }

  parse(): ParsedText {
    const value = this.#value();
    this.#skipSpace();
    if (this.#position < this.#text.length) throw this.#unexpected('after top-level value');
    return { value, duplicates: this.#duplicates, literals: this.#literals, yamlDuplicates: [] };
  }

  /** One value; containers that are open stand in a stack. */
  #value(): Json {
    const stack: { container: Container; key: string }[] = [];
    for (;;) {
      let value: Json;
      this.#skipSpace();
      const start = this.#position;
      const code = this.#text.charCodeAt(start);
      if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        this.#position++;
        if (stack.length >= MAX_DEPTH) {
          throw new JsonSyntaxError(`invalid character '${String.fromCharCode(code)}' exceeded max depth`);
        }
        const container: Container = code === OPEN_OBJECT ? {} : [];
        this.#skipSpace();
        if (this.#text.charCodeAt(this.#position) !== (code === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY)) {
          stack.push({ container, key: code === OPEN_OBJECT ? this.#key() : '0' });
          continue;
        }
        this.#position++;
        value = container;
      } else {
        value = this.#scalar(code);
      }
      let literal =
        typeof value === 'number' && String(value) !== this.#text.slice(start, this.#position)
          ? this.#text.slice(start, this.#position)
          : undefined;

      // The value is complete: put it where it belongs, and close what ends with it.
      for (;;) {
        const top = stack.at(-1);
        if (top === undefined) return value;
        this.#store(top.container, top.key, value, literal);
        literal = undefined;
        this.#skipSpace();
        const next = this.#text.charCodeAt(this.#position);
        const list = Array.isArray(top.container);
        if (next === COMMA) {
          this.#position++;
          if (list) {
            top.key = String((top.container as Json[]).length);
          } else {
            this.#skipSpace();
            top.key = this.#key();
          }
          break;
        }
        if (next !== (list ? CLOSE_ARRAY : CLOSE_OBJECT)) {
          throw this.#unexpected(list ? 'after array element' : 'after object key:value pair');
        }
        this.#position++;
        stack.pop();
        value = top.container;
      }
    }
  }

  #store(container: Container, key: string, value: Json, literal: string | undefined): void {
    if (Array.isArray(container)) {
      container.push(value);
    } else {
      if (Object.hasOwn(container, key)) {
        const earlier = this.#duplicates.get(container) ?? [];
        earlier.push([key, container[key]!]);
        this.#duplicates.set(container, earlier);
      }
      setField(container, key, value);
    }
    if (literal !== undefined) {
      const literals = this.#literals.get(container) ?? new Map<string, string>();
      literals.set(key, literal);
      this.#literals.set(container, literals);
    }
  }

  /** A key and its colon. */
  #key(): string {
    if (this.#text.charCodeAt(this.#position) !== QUOTE) {
      throw this.#unexpected('looking for beginning of object key string');
    }
    const key = this.#string();
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#position) !== COLON) throw this.#unexpected('after object key');
    this.#position++;
    return key;
  }

  #scalar(code: number): Json {
    switch (code) {
      case QUOTE:
        return this.#string();
      case 0x74:
        return this.#literal('true', true);
      case 0x66:
        return this.#literal('false', false);
      case 0x6e:
        return this.#literal('null', null);
      default:
        if (code === MINUS || (code >= 0x30 && code <= 0x39)) return this.#number();
        throw this.#unexpected('looking for beginning of value');
    }
  }

  #literal(word: string, value: Json): Json {
    for (let index = 0; index < word.length; index++) {
      if (this.#text[this.#position] !== word[index]) {
        throw this.#unexpected(`in literal ${word} (expecting '${word[index]!}')`);
      }
      this.#position++;
    }
    return value;
  }

  #string(): string {
    const start = this.#position++;
    let escaped = false;
    for (;;) {
      const code = this.#text.charCodeAt(this.#position);
      if (code === QUOTE) break;
      if (code < 0x20 || Number.isNaN(code)) throw this.#unexpected('in string literal');
      this.#position++;
      if (code === BACKSLASH) {
        escaped = true;
        this.#escape();
      }
    }
    this.#position++;
    return escaped
      ? wellFormed(JSON.parse(this.#text.slice(start, this.#position)) as string)
      : this.#text.slice(start + 1, this.#position - 1);
  }

  #escape(): void {
    const character = this.#text[this.#position];
    if (character === undefined || !'"\\/bfnrtu'.includes(character)) {
      throw this.#unexpected('in string escape code');
    }
    this.#position++;
    if (character !== 'u') return;
    for (let digits = 0; digits < 4; digits++, this.#position++) {
      if (!/^[0-9a-fA-F]$/.test(this.#text[this.#position] ?? '')) {
        throw this.#unexpected('in \\u hexadecimal character escape');
      }
    }
  }

  #number(): number {
    const start = this.#position;
    if (this.#text.charCodeAt(this.#position) === MINUS) this.#position++;
    if (this.#text[this.#position] === '0') this.#position++;
    else this.#digits('in numeric literal');
    if (this.#text[this.#position] === '.') {
      this.#position++;
      this.#digits('after decimal point in numeric literal');
    }
    if (this.#text[this.#position] === 'e' || this.#text[this.#position] === 'E') {
      this.#position++;
      if (this.#text[this.#position] === '+' || this.#text[this.#position] === '-') this.#position++;
      this.#digits('in exponent of numeric literal');
    }
    return Number(this.#text.slice(start, this.#position));
  }

  /** One digit or more. */
  #digits(where: string): void {
    const start = this.#position;
    for (;;) {
      const code = this.#text.charCodeAt(this.#position);
      if (!(code >= 0x30 && code <= 0x39)) break;
      this.#position++;
    }
    if (this.#position === start) throw this.#unexpected(where);
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#position);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#position++;
    }
  }

  #unexpected(where: string): JsonSyntaxError {
    const code = this.#text.codePointAt(this.#position);
    if (code === undefined) return new JsonSyntaxError('unexpected end of JSON input');
    return new JsonSyntaxError(
      `invalid character ${quoteByte(firstByte(code))} ${where}`,
      this.#position + 1,
    );
  }
}

/** Halves of surrogate pairs that stand alone are no characters: Go reads them as U+FFFD. */
const wellFormed = (text: string) => text.replace(/\p{Cs}/gu, '\ufffd');

/** The first byte of a character's UTF-8, which is where Go's scanner stops. */
function firstByte(code: number): number {
  if (code < 0x80) return code;
  if (code < 0x800) return 0xc0 | (code >> 6);
  return code < 0x10000 ? 0xe0 | (code >> 12) : 0xf0 | (code >> 18);
}

function quoteByte(byte: number): string {
  if (byte === 0x27) return "'\\''";
  if (byte === QUOTE) return "'\"'";
  return `'${goQuote(String.fromCharCode(byte)).slice(1, -1)}'`;
}
