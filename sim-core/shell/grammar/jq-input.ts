/** A text of JSON values: where each of them ends, and what is wrong behind the last. */
export interface JqInput {
  readonly ends: readonly number[];
  /** jq's words: "Unfinished JSON term at EOF at line 2, column 0". */
  readonly fault: string | undefined;
}

type Expected = 'value' | 'first' | 'separator';

interface Open {
  readonly bracket: '[' | '{';
  /** Of an object: what the last value was. */
  part: 'key' | 'value';
  expected: Expected;
  hasWrongKey: boolean;
}

const LITERALS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/**
 * Reads the JSON values of a text, which stand one after the other.
 *
 * Models jv_parse.c of jq 1.7: a fault is told where the parser noticed it, with columns in bytes.
 */
export function readJqInput(text: string): JqInput {
  const parser = new Parser();
  let at = 0;
  for (const character of text) {
    const message = parser.take(character, at);
    if (message !== undefined) return parser.result(message);
    at += character.length;
  }
  return parser.result(parser.finish(at));
}

class Parser {
  readonly #open: Open[] = [];
  /** The letters of a number, of `true` and the like. */
  #literal = '';
  #string: 'none' | 'inside' | 'escaped' = 'none';
  #line = 1;
  #column = 0;
  readonly #ends: number[] = [];

  result(message: string | undefined): JqInput {
    const place = `at line ${this.#line}, column ${this.#column}`;
    return { ends: this.#ends, fault: message === undefined ? undefined : `${message} ${place}` };
  }

  /** Takes the next character; gives what is wrong with it. */
  take(character: string, at: number): string | undefined {
    this.#column += utf8Length(character);
    if (character === '\n') {
      this.#line++;
      this.#column = 0;
    }
    if (this.#string !== 'none') {
      if (this.#string === 'escaped') this.#string = 'inside';
      else if (character === '\\') this.#string = 'escaped';
      else if (character === '"') {
        this.#string = 'none';
        return this.#value('string', at + 1);
      }
      return undefined;
    }
    if (!/[\s"[\]{}:,]/.test(character)) {
      this.#literal += character;
      return undefined;
    }
    const wrong = this.#endLiteral(at);
    if (wrong !== undefined) return wrong;
    if (/\s/.test(character)) return undefined;
    if (character === '"') {
      this.#string = 'inside';
      return undefined;
    }
    return this.#structure(character, at);
  }

  finish(end: number): string | undefined {
    if (this.#string !== 'none') return 'Unfinished string at EOF';
    const wrong = this.#endLiteral(end);
    if (wrong !== undefined) return `${wrong} at EOF`;
    return this.#open.length > 0 ? 'Unfinished JSON term at EOF' : undefined;
  }

  #endLiteral(at: number): string | undefined {
    const literal = this.#literal;
    if (literal === '') return undefined;
    this.#literal = '';
    const word = LITERALS[literal[0]!];
    if (word !== undefined && literal !== word) return 'Invalid literal';
    if (word === undefined && !NUMBER.test(literal)) return 'Invalid numeric literal';
    return this.#value('other', at);
  }

  /** A value that is no array or object stands; `end` is where. */
  #value(kind: 'string' | 'other', end: number): string | undefined {
    const top = this.#open.at(-1);
    if (top === undefined) {
      this.#ends.push(end);
      return undefined;
    }
    if (top.expected === 'separator') return 'Expected separator between values';
    if (top.bracket === '{' && top.part === 'key' && kind !== 'string') top.hasWrongKey = true;
    top.expected = 'separator';
    return undefined;
  }

  #structure(character: string, at: number): string | undefined {
    const top = this.#open.at(-1);
    switch (character) {
      case '[':
      case '{':
        if (top?.expected === 'separator') return 'Expected separator between values';
        if (top?.bracket === '{' && top.part === 'key') top.hasWrongKey = true;
        this.#open.push({ bracket: character, part: 'key', expected: 'first', hasWrongKey: false });
        return undefined;
      case ':':
        if (top === undefined) return "':' not as part of an object";
        if (top.expected !== 'separator') return "Expected string key before ':'";
        if (top.bracket === '[' || top.part === 'value') return "':' not as part of an object";
        if (top.hasWrongKey) return 'Object keys must be strings';
        top.part = 'value';
        top.expected = 'value';
        return undefined;
      case ',':
        if (top?.expected !== 'separator') return "Expected value before ','";
        if (top.bracket === '{') {
          if (top.part === 'key') return 'Objects must consist of key:value pairs';
          top.part = 'key';
        }
        top.expected = 'value';
        return undefined;
      default:
        return this.#close(character === ']' ? '[' : '{', character, at);
    }
  }

  #close(bracket: Open['bracket'], character: string, at: number): string | undefined {
    const top = this.#open.at(-1);
    if (top?.bracket !== bracket) return `Unmatched '${character}'`;
    if (bracket === '[' && top.expected === 'value') return 'Expected another array element';
    if (bracket === '{' && top.part === 'key' && top.expected === 'value')
      return 'Expected another key-value pair';
    if (bracket === '{' && top.expected !== 'first' && (top.part === 'key' || top.expected === 'value'))
      return 'Objects must consist of key:value pairs';
    this.#open.pop();
    const outer = this.#open.at(-1);
    if (outer === undefined) this.#ends.push(at + 1);
    else outer.expected = 'separator';
    return undefined;
  }
}

function utf8Length(character: string): number {
  const code = character.codePointAt(0)!;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
