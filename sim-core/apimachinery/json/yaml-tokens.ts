import { YamlError } from './yaml-error.ts';

export type TokenType =
  | 'stream-end'
  | 'version-directive'
  | 'tag-directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'block-entry'
  | 'flow-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export interface Token {
  readonly type: TokenType;
  /** Where it begins: the line, from 0, and the place in the text. */
  readonly line: number;
  readonly at: number;
  /** Of a version directive: "1.1". */
  readonly version?: string;
}

/** A place where a key may have begun that shows itself as one by a ":" behind it. */
interface SimpleKey {
  readonly required: boolean;
  /** Its token among all tokens. */
  readonly number: number;
  readonly line: number;
  readonly at: number;
  readonly column: number;
}

/** A key is on one line and no longer than this. */
const MAX_KEY = 1024;
const FLOW_ENDS = ',?[]{}';
const NO_PLAIN_START = '-?:,[]{}#&*!|>\'"%@`';
const ESCAPES = '0abt\tnvfre "\'/\\N_LP';
const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const STARTS: Readonly<Record<string, TokenType>> = { '[': 'flow-sequence-start', '{': 'flow-mapping-start' };
const ENDS: Readonly<Record<string, TokenType>> = { ']': 'flow-sequence-end', '}': 'flow-mapping-end' };

/**
 * The tokens of a YAML text, one after the other. Throws a {@link YamlError} with Go's words for what is none.
 * Values are not kept: this finds faults. Models scannerc.go of gopkg.in/yaml.v2, which is libyaml's scanner.
 */
export class YamlTokens {
  readonly #text: string;
  #at = 0;
  #line = 0;
  #column = 0;
  readonly #queue: Token[] = [];
  /** How many tokens were taken. */
  #taken = 0;
  #ended = false;
  #indent = -1;
  readonly #indents: number[] = [];
  /** One for each level of flow collections, and one for the block around them. */
  readonly #keys: (SimpleKey | undefined)[] = [undefined];
  #keyAllowed = true;

  constructor(text: string) {
    this.#text = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  }

  peek(): Token {
    for (;;) {
      this.#dropStaleKeys();
      const mayBeKey = this.#keys.some((key) => key?.number === this.#taken);
      if (this.#ended || (this.#queue.length > 0 && !mayBeKey)) break;
      this.#fetch();
    }
    return this.#queue[0]!;
  }

  take(): Token {
    const token = this.peek();
    this.#queue.shift();
    this.#taken++;
    return token;
  }

  get #flow(): boolean {
    return this.#keys.length > 1;
  }

  #fail(problem: string): never {
    throw new YamlError(this.#line === 0 ? `yaml: ${problem}` : `yaml: line ${this.#line + 1}: ${problem}`);
  }

  #char(ahead = 0): string {
    return this.#text[this.#at + ahead] ?? '';
  }

  /** A blank, a line break or the end. */
  #isBlank(ahead = 0): boolean {
    const char = this.#char(ahead);
    return char === '' || char === ' ' || char === '\t' || char === '\n';
  }

  #skip(count = 1): void {
    for (; count > 0 && this.#at < this.#text.length; count--) {
      if (this.#text[this.#at] === '\n') {
        this.#line++;
        this.#column = 0;
      } else this.#column++;
      this.#at++;
    }
  }

  #skipWhile(test: (char: string) => boolean): void {
    while (this.#char() !== '' && test(this.#char())) this.#skip();
  }

  #add(type: TokenType, more: object = {}): void {
    this.#queue.push({ type, line: this.#line, at: this.#at, ...more });
  }

  #fetch(): void {
    this.#toNextToken();
    this.#dropStaleKeys();
    this.#unroll(this.#column);
    const char = this.#char();
    if (char === '') return this.#end();
    if (this.#column === 0 && char === '%') return this.#directive();
    if (this.#isDocumentMark()) {
      this.#unroll(-1);
      this.#removeKey();
      this.#keyAllowed = false;
      this.#add(char === '-' ? 'document-start' : 'document-end');
      return this.#skip(3);
    }
    if (STARTS[char] !== undefined) {
      this.#saveKey();
      this.#keys.push(undefined);
      this.#keyAllowed = true;
      return this.#single(STARTS[char]);
    }
    if (ENDS[char] !== undefined) {
      this.#removeKey();
      if (this.#flow) this.#keys.pop();
      this.#keyAllowed = false;
      return this.#single(ENDS[char]);
    }
    if (char === ',') {
      this.#removeKey();
      this.#keyAllowed = true;
      return this.#single('flow-entry');
    }
    if (char === '-' && this.#isBlank(1)) return this.#blockEntry();
    if (char === '?' && (this.#flow || this.#isBlank(1))) return this.#key();
    if (char === ':' && (this.#flow || this.#isBlank(1))) return this.#value();
    if (char === '*' || char === '&') return this.#anchor(char === '*' ? 'alias' : 'anchor');
    if (char === '!') return this.#tag();
    if ((char === '|' || char === '>') && !this.#flow) return this.#blockScalar();
    if (char === "'" || char === '"') return this.#quoted(char);
    const isPlain =
      (!this.#isBlank() && !NO_PLAIN_START.includes(char)) ||
      (char === '-' && !this.#isBlank(1)) ||
      (!this.#flow && (char === '?' || char === ':') && !this.#isBlank(1));
    if (isPlain) return this.#plain();
    this.#fail('found character that cannot start any token');
  }

  #single(type: TokenType): void {
    this.#add(type);
    this.#skip();
  }

  /** Over blanks, comments and line breaks. */
  #toNextToken(): void {
    for (;;) {
      this.#skipWhile((char) => char === ' ' || (char === '\t' && (this.#flow || !this.#keyAllowed)));
      if (this.#char() === '#') this.#skipWhile((char) => char !== '\n');
      if (this.#char() !== '\n') return;
      this.#skip();
      if (!this.#flow) this.#keyAllowed = true;
    }
  }

  #isDocumentMark(): boolean {
    return (
      this.#column === 0 && /^(?:---|\.\.\.)(?:[ \t\n]|$)/.test(this.#text.slice(this.#at, this.#at + 4))
    );
  }

  // Keys.

  #dropStaleKeys(): void {
    this.#keys.forEach((key, level) => {
      if (key === undefined || (key.line === this.#line && this.#at - key.at <= MAX_KEY)) return;
      if (key.required) this.#fail("could not find expected ':'");
      this.#keys[level] = undefined;
    });
  }

  #saveKey(): void {
    const required = !this.#flow && this.#indent === this.#column;
    if (!this.#keyAllowed) return;
    this.#removeKey();
    this.#keys[this.#keys.length - 1] = {
      required,
      number: this.#taken + this.#queue.length,
      line: this.#line,
      at: this.#at,
      column: this.#column,
    };
  }

  #removeKey(): void {
    if (this.#keys.at(-1)?.required === true) this.#fail("could not find expected ':'");
    this.#keys[this.#keys.length - 1] = undefined;
  }

  // Indentation.

  #roll(
    column: number,
    type: TokenType,
    number?: number,
    from: Pick<Token, 'line' | 'at'> = this.#mark(),
  ): void {
    if (this.#flow || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    const token = { type, line: from.line, at: from.at };
    if (number === undefined) this.#queue.push(token);
    else this.#queue.splice(number - this.#taken, 0, token);
  }

  #mark(): Pick<Token, 'line' | 'at'> {
    return { line: this.#line, at: this.#at };
  }

  #unroll(column: number): void {
    if (this.#flow) return;
    while (this.#indent > column) {
      this.#add('block-end');
      this.#indent = this.#indents.pop()!;
    }
  }

  // Tokens.

  #end(): void {
    // A last line without a break has one.
    if (this.#column !== 0) this.#line++;
    this.#column = 0;
    this.#unroll(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#add('stream-end');
    this.#ended = true;
  }

  #directive(): void {
    this.#unroll(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    const line = this.#text.slice(this.#at).split('\n', 1)[0]!;
    if (!/^%(?:YAML|TAG)\b/.test(line)) this.#fail('found unknown directive name');
    const version = /^%YAML[ \t]+(\d+\.\d+)/.exec(line)?.[1];
    this.#add(
      version === undefined ? 'tag-directive' : 'version-directive',
      version === undefined ? {} : { version },
    );
    this.#skip(line.length);
  }

  #blockEntry(): void {
    if (!this.#flow) {
      if (!this.#keyAllowed) this.#fail('block sequence entries are not allowed in this context');
      this.#roll(this.#column, 'block-sequence-start');
    }
    this.#removeKey();
    this.#keyAllowed = true;
    this.#single('block-entry');
  }

  #key(): void {
    if (!this.#flow) {
      if (!this.#keyAllowed) this.#fail('mapping keys are not allowed in this context');
      this.#roll(this.#column, 'block-mapping-start');
    }
    this.#removeKey();
    this.#keyAllowed = !this.#flow;
    this.#single('key');
  }

  #value(): void {
    const key = this.#keys.at(-1);
    if (key !== undefined) {
      this.#queue.splice(key.number - this.#taken, 0, { type: 'key', line: key.line, at: key.at });
      this.#roll(key.column, 'block-mapping-start', key.number, key);
      this.#keys[this.#keys.length - 1] = undefined;
      this.#keyAllowed = false;
    } else {
      if (!this.#flow) {
        if (!this.#keyAllowed) this.#fail('mapping values are not allowed in this context');
        this.#roll(this.#column, 'block-mapping-start');
      }
      this.#keyAllowed = !this.#flow;
    }
    this.#single('value');
  }

  #anchor(type: 'alias' | 'anchor'): void {
    this.#saveKey();
    this.#keyAllowed = false;
    this.#add(type);
    this.#skip();
    const start = this.#at;
    this.#skipWhile((char) => /[\w-]/.test(char));
    if (this.#at === start || !(this.#isBlank() || '?:,]}%@`'.includes(this.#char())))
      this.#fail('did not find expected alphabetic or numeric character');
  }

  #tag(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    this.#add('tag');
    this.#skipWhile((char) => !/[ \t\n,[\]{}]/.test(char));
  }

  #blockScalar(): void {
    this.#removeKey();
    this.#keyAllowed = true;
    this.#add('scalar');
    this.#skip();
    let increment = 0;
    for (let count = 0; count < 2; count++) {
      if (/[+-]/.test(this.#char())) this.#skip();
      else if (/\d/.test(this.#char())) {
        if (this.#char() === '0') this.#fail('found an indentation indicator equal to 0');
        increment = Number(this.#char());
        this.#skip();
      }
    }
    this.#skipWhile((char) => char === ' ' || char === '\t');
    if (this.#char() === '#') this.#skipWhile((char) => char !== '\n');
    if (this.#char() !== '' && this.#char() !== '\n')
      this.#fail('did not find expected comment or line break');
    this.#skip();
    let indent = increment === 0 ? 0 : Math.max(this.#indent, 0) + increment;
    indent = this.#blockBreaks(indent);
    while (this.#column === indent && this.#char() !== '') {
      this.#skipWhile((char) => char !== '\n');
      this.#skip();
      this.#blockBreaks(indent);
    }
  }

  /** Over the indentation and empty lines of a block scalar; gives its indentation, which `given` says if it is known. */
  #blockBreaks(given: number): number {
    let widest = 0;
    for (;;) {
      while ((given === 0 || this.#column < given) && this.#char() === ' ') this.#skip();
      widest = Math.max(widest, this.#column);
      if ((given === 0 || this.#column < given) && this.#char() === '\t')
        this.#fail('found a tab character where an indentation space is expected');
      if (this.#char() !== '\n') break;
      this.#skip();
    }
    return given === 0 ? Math.max(widest, this.#indent + 1, 1) : given;
  }

  #quoted(quote: string): void {
    this.#saveKey();
    this.#keyAllowed = false;
    this.#add('scalar');
    this.#skip();
    for (;;) {
      if (this.#isDocumentMark()) this.#fail('found unexpected document indicator');
      const char = this.#char();
      if (char === '') this.#fail('found unexpected end of stream');
      if (quote === "'" && char === "'" && this.#char(1) === "'") this.#skip(2);
      else if (char === quote) return this.#skip();
      else if (quote === '"' && char === '\\') this.#escape();
      else this.#skip();
    }
  }

  #escape(): void {
    const letter = this.#char(1);
    const digits = HEX_LENGTHS[letter];
    if (digits === undefined && letter !== '\n' && (letter === '' || !ESCAPES.includes(letter)))
      this.#fail('found unknown escape character');
    this.#skip(2);
    if (digits === undefined) return;
    const hex = this.#text.slice(this.#at, this.#at + digits);
    if (!/^[\da-fA-F]+$/.test(hex) || hex.length < digits)
      this.#fail('did not find expected hexdecimal number');
    this.#skip(digits);
  }

  #plain(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    this.#add('scalar');
    const indent = this.#indent + 1;
    let brokeLine = false;
    while (!this.#isDocumentMark() && this.#char() !== '#') {
      while (!this.#isBlank()) {
        const char = this.#char();
        if ((char === ':' && this.#isBlank(1)) || (this.#flow && FLOW_ENDS.includes(char))) break;
        brokeLine = false;
        this.#skip();
      }
      const char = this.#char();
      if (char !== ' ' && char !== '\t' && char !== '\n') break;
      while (/^[ \t\n]$/.test(this.#char())) {
        if (this.#char() === '\n') brokeLine = true;
        else if (brokeLine && this.#column < indent && this.#char() === '\t')
          this.#fail('found a tab character that violates indentation');
        this.#skip();
      }
      if (!this.#flow && this.#column < indent) break;
    }
    if (brokeLine) this.#keyAllowed = true;
  }
}
