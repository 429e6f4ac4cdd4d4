import { AwkSyntaxError, Lexer, type Token } from './lexer.ts';

/** How many mistakes are told before a program is given up. */
const MOST_ERRORS = 5;
/** So many tokens must be understood after a mistake before the next one is told. */
const RECOVERY = 3;
const MISSING_PARENTHESIS = new Set(['end of file', 'end of line', ';', '}']);
const MISSING_BRACE = new Set(['end of file', 'BEGIN', 'END']);

/** There is no more to say of a program. */
export class GivenUp extends Error {}

/** Told what is wrong with a program, in mawk's words, and in which line; undefined: the message says it. */
export type Report = (message: string, line: number | undefined) => void;

/** The tokens of a program, one looked at at a time, and what is said of those that are wrong. */
export class Tokens {
  readonly #lexer: Lexer;
  readonly #report: Report;
  #current!: Token;
  #errors = 0;
  #sinceError = RECOVERY;

  constructor(text: string, report: Report) {
    // A program without an end of line gets one.
    this.#lexer = new Lexer(text.endsWith('\n') ? text : `${text}\n`, (error) => this.say(error));
    this.#report = report;
  }

  get current(): Token {
    return this.#current;
  }

  get errors(): number {
    return this.#errors;
  }

  /** Goes on; gives the token that it leaves. */
  advance(): Token {
    const token = this.#current;
    this.#sinceError++;
    this.#current = this.#lexer.next();
    return token;
  }

  isWord(text: string): boolean {
    return this.#current.kind === 'word' && this.#current.text === text;
  }

  isEnd(): boolean {
    return this.#current.kind === 'end';
  }

  /** Does the text behind the token go on with what this sticky pattern matches? */
  isBefore(pattern: RegExp): boolean {
    return this.#lexer.isBefore(pattern);
  }

  accept(text: string): boolean {
    if (!this.isWord(text)) return false;
    this.advance();
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail();
  }

  skipNewlines(): void {
    while (this.#current.kind === 'newline' && this.#current.text !== '}') this.advance();
  }

  /** The token is none that can stand here. */
  fail(): never {
    const { kind, text, line } = this.#current;
    if (kind === 'unexpected') {
      const shown = /[!-~]/.test(text)
        ? `'${text}'`
        : `0x${text.charCodeAt(0).toString(16).padStart(2, '0')}`;
      throw new AwkSyntaxError(`${line}: unexpected character ${shown}`, undefined);
    }
    const shown = kind === 'regex' ? `/${text}/` : text;
    if (this.#lexer.parentheses > 0 && MISSING_PARENTHESIS.has(text)) {
      this.#lexer.parentheses = 0;
      throw new AwkSyntaxError(`missing ) near ${shown}`, line);
    }
    if (this.#lexer.braces > 0 && MISSING_BRACE.has(text)) {
      this.#lexer.braces = 0;
      throw new AwkSyntaxError(`missing } near ${shown}`, line);
    }
    throw new AwkSyntaxError(`syntax error at or near ${shown}`, line);
  }

  /** Something means nothing though it is written well. */
  mistake(message: string): void {
    this.say(new AwkSyntaxError(message, this.#current.line));
  }

  /** Tells a mistake; throws {@link GivenUp} if that was the last. */
  say({ message, line, isFinal }: AwkSyntaxError): void {
    this.#report(message, line);
    if (++this.#errors >= MOST_ERRORS || isFinal) throw new GivenUp();
  }

  /** Tells what was thrown, if it is a mistake and does not come of the one before. Throws all else. */
  recover(error: unknown): void {
    if (!(error instanceof AwkSyntaxError)) throw error;
    if (this.#sinceError >= RECOVERY || error.isFinal) this.say(error);
    this.#sinceError = 0;
    if (this.isEnd()) throw new GivenUp();
  }

  /** What was wrong is over. */
  recovered(): void {
    this.#lexer.parentheses = 0;
    this.#sinceError = RECOVERY;
  }
}
