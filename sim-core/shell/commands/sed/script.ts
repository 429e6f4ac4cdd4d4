/** Which lines a command is for. */
export type Address =
  | { readonly type: 'line'; readonly line: number }
  | { readonly type: 'last' }
  | { readonly type: 'step'; readonly first: number; readonly step: number }
  /** undefined: the pattern that was used last. */
  | { readonly type: 'pattern'; readonly pattern: SedPattern | undefined };

/** Where a range ends: at an address, so many lines on, or at the next multiple. */
export type RangeEnd =
  | Address
  | { readonly type: 'after'; readonly count: number }
  | { readonly type: 'multiple'; readonly of: number };

export interface SedPattern {
  readonly text: string;
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
}

/** One piece of what is put in place of a match. */
export type ReplacementPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'group'; readonly number: number }
  /** U, L: all that follows; u, l: the next character; E: as it is. */
  | { readonly type: 'case'; readonly letter: string };

export interface SedCommand {
  readonly from?: Address;
  readonly to?: RangeEnd;
  readonly negated: boolean;
  readonly name: string;
  /** Of a, c, i: what is put in; of r, R, w, W: the file; of b, t, T, ":": the label. */
  readonly text?: string;
  /** Of q, Q, l, L: the number behind it. */
  readonly number?: number;
  readonly pattern?: SedPattern | undefined;
  readonly replacement?: readonly ReplacementPart[];
  readonly flags?: {
    readonly global: boolean;
    readonly print: boolean;
    readonly occurrence: number;
    readonly file?: string;
    readonly execute: boolean;
  };
  /** Of y. */
  readonly letters?: ReadonlyMap<string, string>;
  /** Of "{", "b", "t", "T": the command to go on with, if it is passed over or jumped from. */
  target?: number;
}

/** A script that is none; `message` is GNU sed's, without the place. */
export class SedScriptError extends Error {
  override readonly name = 'SedScriptError';
  /** How many characters were read, 0 where it does not say. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Reads a script as GNU sed does. Throws {@link SedScriptError}. */
export function parseScript(text: string, isPosix = false): SedCommand[] {
  return new ScriptParser(text, isPosix).run();
}

const UNENDED_ADDRESS = 'unterminated address regex';

class ScriptParser {
  readonly #text: string;
  readonly #isPosix: boolean;
  readonly #commands: SedCommand[] = [];
  readonly #open: { readonly index: number; readonly at: number }[] = [];
  readonly #labels = new Map<string, number>();
  #at = 0;

  constructor(text: string, isPosix: boolean) {
    this.#text = text;
    this.#isPosix = isPosix;
  }

  run(): SedCommand[] {
    for (;;) {
      this.#skip(/[\s;]/);
      if (this.#at >= this.#text.length) break;
      if (this.#peek() === '#') this.#line();
      else this.#command();
    }
    if (this.#open.length > 0) throw new SedScriptError("unmatched `{'", 0);
    for (const [index, command] of this.#commands.entries()) {
      if (!'btT'.includes(command.name)) continue;
      const label = command.text ?? '';
      const target = label === '' ? this.#commands.length : this.#labels.get(label);
      if (target === undefined) throw new SedScriptError(`can't find label for jump to \`${label}'`, -1);
      this.#commands[index] = { ...command, target };
    }
    return this.#commands;
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #skip(what: RegExp): void {
    while (this.#at < this.#text.length && what.test(this.#text[this.#at]!)) this.#at++;
  }

  /** The rest of the line; its newline is read. */
  #line(): string {
    const end = this.#text.indexOf('\n', this.#at);
    const line = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 1;
    return line;
  }

  #fail(message: string, at = this.#at): never {
    throw new SedScriptError(message, at);
  }

  #command(): void {
    const from = this.#address();
    let to: RangeEnd | undefined;
    if (from !== undefined) {
      this.#skip(/[ \t]/);
      if (this.#peek() === ',') {
        this.#at++;
        this.#skip(/[ \t]/);
        to = this.#rangeEnd();
      }
    } else if (this.#peek() === ',') this.#fail("unexpected `,'", this.#at + 1);
    this.#skip(/[ \t]/);
    let negated = false;
    while (this.#peek() === '!') {
      negated = true;
      this.#at++;
      this.#skip(/[ \t]/);
    }
    const name = this.#peek();
    if (name === undefined || name === '\n' || name === ';') this.#fail('missing command');
    this.#at++;
    const base = { ...(from && { from }), ...(to && { to }), negated, name };
    this.#body(name, base);
  }

  #body(name: string, base: SedCommand): void {
    switch (name) {
      case '{':
        this.#open.push({ index: this.#commands.length, at: this.#at });
        this.#commands.push(base);
        return;
      case '}': {
        if (base.from !== undefined) this.#fail("} doesn't want any addresses");
        const open = this.#open.pop();
        if (open === undefined) return this.#fail("unexpected `}'");
        this.#commands[open.index]!.target = this.#commands.length;
        return this.#end();
      }
      case ':': {
        if (base.from !== undefined) this.#fail(": doesn't want any addresses");
        this.#skip(/[ \t]/);
        const label = this.#word(/[\s;]/);
        if (label === '') this.#fail('":" lacks a label');
        this.#labels.set(label, this.#commands.length);
        return;
      }
      case 'b':
      case 't':
      case 'T':
        this.#skip(/[ \t]/);
        this.#commands.push({ ...base, text: this.#word(/[\s;}]/) });
        return;
      case 'a':
      case 'c':
      case 'i':
        this.#commands.push({ ...base, text: this.#textArgument() });
        return;
      case 'r':
      case 'R':
      case 'w':
      case 'W': {
        this.#skip(/[ \t]/);
        const file = this.#line();
        if (file === '') this.#fail('missing filename in r/R/w/W commands');
        this.#commands.push({ ...base, text: file });
        return;
      }
      case 's':
        return this.#substitute(base);
      case 'y':
        return this.#transliterate(base);
      case 'l':
      case 'L':
      case 'q':
      case 'Q': {
        if ('qQ'.includes(name) && base.to !== undefined) this.#fail('command only uses one address');
        this.#skip(/[ \t]/);
        const number = this.#word(/\D/);
        this.#commands.push({ ...base, ...(number !== '' && { number: Number(number) }) });
        return this.#end();
      }
      case '=':
      case 'd':
      case 'D':
      case 'F':
      case 'g':
      case 'G':
      case 'h':
      case 'H':
      case 'n':
      case 'N':
      case 'p':
      case 'P':
      case 'x':
      case 'z':
        this.#commands.push(base);
        return this.#end();
      default:
        this.#fail(`unknown command: \`${name}'`);
    }
  }

  /** A command is over at a semicolon, a newline, a brace or a comment. */
  #end(): void {
    this.#skip(/[ \t]/);
    const next = this.#peek();
    if (next === undefined || next === '}' || next === '#') return;
    this.#at++;
    if (next !== '\n' && next !== ';') this.#fail('extra characters after command');
  }

  /** Up to what `end` matches. */
  #word(end: RegExp): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !end.test(this.#text[this.#at]!)) this.#at++;
    return this.#text.slice(start, this.#at);
  }

  #address(): Address | undefined {
    const character = this.#peek();
    if (character === undefined) return undefined;
    if (/\d/.test(character)) {
      const line = Number(this.#word(/\D/));
      this.#skip(/[ \t]/);
      if (this.#peek() !== '~') return { type: 'line', line };
      this.#at++;
      return { type: 'step', first: line, step: Number(this.#word(/\D/)) };
    }
    if (character === '$') {
      this.#at++;
      return { type: 'last' };
    }
    if (character !== '/' && character !== '\\') return undefined;
    this.#at++;
    let delimiter = '/';
    if (character === '\\') {
      delimiter = this.#peek() ?? '';
      this.#at++;
    }
    const text = this.#delimited(delimiter, true, UNENDED_ADDRESS);
    const flags = this.#word(/[^IM]/);
    return { type: 'pattern', pattern: patternOf(text, flags) };
  }

  #rangeEnd(): RangeEnd {
    const sign = this.#peek();
    if (sign === '+' || sign === '~') {
      this.#at++;
      const count = this.#word(/\D/);
      if (count === '') this.#fail('expected newer version of sed', this.#at);
      return sign === '+' ? { type: 'after', count: Number(count) } : { type: 'multiple', of: Number(count) };
    }
    const address = this.#address();
    if (address === undefined) return this.#fail("unexpected `,'");
    return address;
  }

  /** The text up to `delimiter`, which may stand in it behind a backslash; in a pattern also between brackets. */
  #delimited(delimiter: string, isPattern: boolean, unended: string): string {
    let text = '';
    for (let inBrackets = false; ;) {
      const character = this.#peek();
      if (character === undefined || (character === '\n' && isPattern && unended === UNENDED_ADDRESS))
        this.#fail(unended);
      this.#at++;
      if (character === '\\') {
        const next = this.#peek();
        if (next === undefined) this.#fail(unended);
        this.#at++;
        if (next === delimiter && delimiter !== '\\') {
          // What is special of itself stays special only with its backslash.
          text +=
            isPattern && /[.*[\]^$+?(){}|]/.test(delimiter)
              ? `\\${next}`
              : isPattern || next !== '&'
                ? next
                : '\\&';
        } else text += next === '\n' && isPattern ? '\\n' : `\\${next}`;
        continue;
      }
      if (character === delimiter) return text;
      if (isPattern && character === '[' && !inBrackets) {
        const close = bracketEnd(this.#text, this.#at);
        if (close > 0 && !this.#text.slice(this.#at, close).includes('\n')) {
          const inside = this.#text.slice(this.#at, close);
          // A delimiter ends the pattern between brackets too, unless a bracket closes behind it.
          if (!inside.includes(delimiter)) {
            text += `[${inside}`;
            this.#at = close;
            continue;
          }
        }
        inBrackets = true;
      }
      text += character;
    }
  }

  #substitute(base: SedCommand): void {
    const delimiter = this.#peek();
    const unended = "unterminated `s' command";
    if (delimiter === undefined || delimiter === '\n' || delimiter === '\\') this.#fail(unended);
    this.#at++;
    const pattern = this.#delimited(delimiter, true, unended);
    const replacement = this.#delimited(delimiter, false, unended);
    const flags = { global: false, print: false, occurrence: 1, execute: false };
    let file: string | undefined;
    let patternFlags = '';
    for (;;) {
      const character = this.#peek();
      if (character === undefined || character === '}' || character === '#') break;
      this.#at++;
      if (character === '\n' || character === ';') break;
      if (character === 'g') {
        if (flags.global) this.#fail("multiple `g' options to `s' command");
        flags.global = true;
      } else if (character === 'p') {
        if (flags.print) this.#fail("multiple `p' options to `s' command");
        flags.print = true;
      } else if (character === 'i' || character === 'I') patternFlags += 'I';
      else if (character === 'm' || character === 'M') patternFlags += 'M';
      else if (character === 'e') flags.execute = true;
      else if (character === 'w') {
        this.#skip(/[ \t]/);
        file = this.#line();
        if (file === '') this.#fail('missing filename in r/R/w/W commands');
        break;
      } else if (/\d/.test(character)) {
        this.#at--;
        flags.occurrence = Number(this.#word(/\D/));
        if (flags.occurrence === 0) this.#fail("number option to `s' command may not be zero");
      } else if (character !== ' ' && character !== '\t') this.#fail("unknown option to `s'");
    }
    this.#commands.push({
      ...base,
      pattern: patternOf(pattern, patternFlags),
      replacement: replacementOf(replacement),
      flags: { ...flags, ...(file !== undefined && { file }) },
    });
  }

  #transliterate(base: SedCommand): void {
    const delimiter = this.#peek();
    const unended = "unterminated `y' command";
    if (delimiter === undefined || delimiter === '\n') this.#fail(unended);
    this.#at++;
    const [from, to] = [
      [...unescapeText(this.#delimited(delimiter, false, unended))],
      [...unescapeText(this.#delimited(delimiter, false, unended))],
    ];
    if (from.length !== to.length) this.#fail("strings for `y' command are different lengths");
    this.#commands.push({ ...base, letters: new Map(from.map((letter, index) => [letter, to[index]!])) });
    this.#end();
  }

  /** "a\" and the next lines, or GNU's "a text". */
  #textArgument(): string {
    this.#skip(/[ \t]/);
    if (this.#peek() === undefined) this.#fail("expected \\ after `a', `c' or `i'");
    if (this.#peek() === '\\') {
      this.#at++;
      const blanks = this.#at;
      this.#skip(/[ \t]/);
      if (this.#peek() === '\n') this.#at++;
      // "a\text": blanks behind the backslash are part of it.
      else if (!this.#isPosix) this.#at = blanks;
      if (this.#at >= this.#text.length) this.#fail("expected \\ after `a', `c' or `i'");
    }
    let text = '';
    for (;;) {
      const character = this.#peek();
      if (character === undefined) break;
      this.#at++;
      if (character === '\n') break;
      if (character !== '\\') text += character;
      else {
        const next = this.#peek();
        if (next === undefined) break;
        this.#at++;
        text += next === 't' ? '\t' : next === 'n' ? '\n' : next;
      }
    }
    return `${text}\n`;
  }
}

/** Where the bracket closes that opened before `start`, behind its "]"; 0 if it does not. */
function bracketEnd(text: string, start: number): number {
  let at = start;
  if (text[at] === '^') at++;
  if (text[at] === ']') at++;
  for (; at < text.length; at++) {
    if (text[at] === '[' && ':.='.includes(text[at + 1] ?? ' ')) {
      const close = text.indexOf(`${text[at + 1]}]`, at + 2);
      if (close > 0) at = close + 1;
    } else if (text[at] === ']') return at + 1;
  }
  return 0;
}

function patternOf(text: string, flags: string): SedPattern | undefined {
  if (text === '') return undefined;
  return { text, ignoreCase: flags.includes('I'), multiline: flags.includes('M') };
}

function replacementOf(text: string): ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  let plain = '';
  const push = (part: ReplacementPart) => {
    if (plain !== '') parts.push({ type: 'text', text: plain });
    plain = '';
    parts.push(part);
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '&') push({ type: 'group', number: 0 });
    else if (character !== '\\') plain += character;
    else {
      const next = text[++at];
      if (next === undefined) break;
      if (/\d/.test(next)) push({ type: 'group', number: Number(next) });
      else if (/[ULulE]/.test(next)) push({ type: 'case', letter: next });
      else plain += ESCAPES[next] ?? next;
    }
  }
  if (plain !== '') parts.push({ type: 'text', text: plain });
  return parts;
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function unescapeText(text: string): string {
  return text.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter);
}
