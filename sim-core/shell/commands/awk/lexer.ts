import { C_ESCAPES } from '../../text/c-escapes.ts';
type TokenKind =
  | 'end'
  | 'newline'
  | 'number'
  | 'string'
  | 'regex'
  | 'name'
  /** A name right before a parenthesis that is no variable. */
  | 'function'
  | 'builtin'
  | 'unexpected'
  /** Keywords and signs: its text says which. */
  | 'word';

export interface Token {
  readonly kind: TokenKind;
  /** As a message shows it; of a string what it stands for, of a pattern what is between its slashes. */
  readonly text: string;
  readonly line: number;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  `BEGIN END break continue delete do else exit for function getline if in next nextfile print printf return
   while`.split(/\s+/),
);
/** Names of the functions of the language, with how few and how many arguments they take. */
export const BUILTINS: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['atan2', [2, 2]],
  ['close', [1, 1]],
  ['cos', [1, 1]],
  ['exp', [1, 1]],
  ['fflush', [0, 1]],
  ['gsub', [2, 3]],
  ['index', [2, 2]],
  ['int', [1, 1]],
  ['length', [0, 1]],
  ['log', [1, 1]],
  ['match', [2, 2]],
  ['mktime', [1, 1]],
  ['rand', [0, 0]],
  ['sin', [1, 1]],
  ['split', [2, 3]],
  ['sprintf', [1, 255]],
  ['sqrt', [1, 1]],
  ['srand', [0, 1]],
  ['strftime', [0, 3]],
  ['sub', [2, 3]],
  ['substr', [2, 3]],
  ['system', [1, 1]],
  ['systime', [0, 0]],
  ['tolower', [1, 1]],
  ['toupper', [1, 1]],
]);

/** What is wrong with a program; `message` is in mawk's words without the line. */
export class AwkSyntaxError extends Error {
  override readonly name = 'AwkSyntaxError';
  /** Undefined: the message says it. */
  readonly line: number | undefined;
  /** Nothing more of the program is looked at. */
  readonly isFinal: boolean;

  constructor(message: string, line: number | undefined, isFinal = false) {
    super(message);
    this.line = line;
    this.isFinal = isFinal;
  }
}

const ESCAPED: Readonly<Record<string, string>> = { ...C_ESCAPES, '"': '"', '\\': '\\' };
const SIGNS = /(?:&&|\|\||\+\+|--|[-+*/%^]=|[=!<>]=|!~|>>|[-+*/%^!<>|?:~$=,;()[\]{}])/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const NAME = /[A-Za-z_]\w*/y;
const BLANKS = /(?:[ \t\v\f\r]|\\[ \t]*\n|#[^\n]*)*/y;
const NEWLINES = /(?:[ \t\v\f\r\n]|\\[ \t]*\n|#[^\n]*)*/y;
/** A slash behind one of these divides; behind anything else a pattern begins. */
const OPERAND_ENDS = new Set(['number', 'string', 'name', 'regex']);

/**
 * Cuts a program into tokens as they are asked for. Models mawk/scan.c: a semicolon stands before a brace that closes,
 * newlines behind what cannot be the end of a statement are none, and open parentheses and braces are counted for the
 * messages.
 */
export class Lexer {
  readonly #text: string;
  readonly #report: (error: AwkSyntaxError) => void;
  #at = 0;
  #line = 1;
  #last: Token = { kind: 'newline', text: 'end of line', line: 0 };
  /** How many of them are open. */
  parentheses = 0;
  braces = 0;

  /** `report` is told of what is too much and passed over. */
  constructor(text: string, report: (error: AwkSyntaxError) => void) {
    this.#text = text;
    this.#report = report;
  }

  next(): Token {
    this.#last = this.#scan();
    return this.#last;
  }

  /** Passes over newlines. */
  skipNewlines(): void {
    this.#skip(NEWLINES);
  }

  /** Does the text go on with what this sticky pattern matches? */
  isBefore(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text);
  }

  #skip(pattern: RegExp): void {
    const text = this.#take(pattern)!;
    for (const character of text) if (character === '\n') this.#line++;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match[0];
  }

  #scan(): Token {
    this.#skip(BLANKS);
    const line = this.#line;
    const token = (kind: TokenKind, text: string): Token => ({ kind, text, line });
    const character = this.#text[this.#at];
    if (character === undefined) return token('end', 'end of file');
    if (character === '\n') {
      this.skipNewlines();
      return token('newline', 'end of line');
    }
    if (character === '"') return token('string', this.#string());
    if (character === '/' && !this.#isDivision()) return token('regex', this.#regex());
    const number = this.#take(NUMBER);
    if (number !== undefined) return token('number', number);
    const name = this.#take(NAME);
    if (name !== undefined) {
      if (KEYWORDS.has(name)) return token('word', name);
      if (BUILTINS.has(name)) return token('builtin', name);
      return token(this.#text[this.#at] === '(' && this.#last.text !== '$' ? 'function' : 'name', name);
    }
    if (character === '}') return this.#closingBrace(line);
    const sign = this.#take(SIGNS);
    if (sign === undefined) {
      this.#at++;
      return token('unexpected', character);
    }
    switch (sign) {
      case '(':
        this.parentheses++;
        break;
      case ')':
        if (this.parentheses > 0) this.parentheses--;
        else {
          this.#report(new AwkSyntaxError("extra ')'", line));
          return this.#scan();
        }
        break;
      case '{':
        this.braces++;
        this.skipNewlines();
        break;
      case ';':
      case ',':
      case '&&':
      case '||':
        this.skipNewlines();
    }
    return token('word', sign);
  }

  #closingBrace(line: number): Token {
    if (this.braces === 0) {
      this.#take(/\}[ \t]*;?/y);
      this.#report(new AwkSyntaxError("extra '}'", line));
      return this.#scan();
    }
    const { kind, text } = this.#last;
    if (kind !== 'newline' && !(kind === 'word' && (text === ';' || text === '}'))) {
      return { kind: 'newline', text: '}', line };
    }
    this.#at++;
    // A semicolon behind a rule belongs to it.
    if (--this.braces === 0) this.#take(/[ \t]*;/y);
    this.skipNewlines();
    return { kind: 'word', text: '}', line };
  }

  #isDivision(): boolean {
    const { kind, text } = this.#last;
    return (
      OPERAND_ENDS.has(kind) ||
      (kind === 'builtin' && text === 'length') ||
      [')', ']', 'getline', '++', '--'].includes(text)
    );
  }

  #string(): string {
    let text = '';
    for (this.#at++; ;) {
      const character = this.#text[this.#at++];
      if (character === '"') return unescapeText(text);
      if (character === undefined || character === '\n')
        throw new AwkSyntaxError(`runaway string constant "${text.slice(0, 10)} ...`, this.#line, true);
      if (character !== '\\') text += character;
      else if (this.#text[this.#at] === '\n') {
        this.#line++;
        this.#at++;
      } else text += `\\${this.#text[this.#at++] ?? ''}`;
    }
  }

  #regex(): string {
    let text = '';
    let depth = 0;
    let first = -1;
    for (this.#at++; ;) {
      const character = this.#text[this.#at++];
      if (character === '/' && depth === 0) return text;
      if (character === undefined || character === '\n')
        throw new AwkSyntaxError(`runaway regular expression /${text.slice(0, 10)} ...`, this.#line, true);
      if (character === '\\') {
        const next = this.#text[this.#at++] ?? '';
        text += next === '/' ? '/' : next === '\n' ? '' : `\\${next}`;
        continue;
      }
      if (character === '^' && text.length === first && text.endsWith('[')) first++;
      else if (character === '[') {
        if (depth === 0) {
          depth = 1;
          first = text.length + 1;
        } else if (this.#text[this.#at] === ':') depth++;
      } else if (character === ']' && depth > 0 && text.length !== first) depth--;
      text += character;
    }
  }
}

/** Replaces the escapes of a string: of one that is none the backslash stays. */
export function unescapeText(text: string): string {
  return text.replace(
    /\\(?:([0-7]{1,3})|x([\da-fA-F]{1,2})|([^]))/g,
    (whole, octal?: string, hex?: string, letter?: string) => {
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      return ESCAPED[letter!] ?? whole;
    },
  );
}
