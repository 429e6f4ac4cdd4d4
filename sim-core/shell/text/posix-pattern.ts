import { C_ESCAPES } from './c-escapes.ts';

/**
 * What a pattern is written in: basic (grep, sed), extended (-E), Perl's (-P), or no pattern at all (-F). awk's is the
 * extended one with C's escapes, between brackets too, and it sees bytes: its classes are those of ASCII.
 */
export type PatternDialect = 'basic' | 'extended' | 'awk' | 'perl' | 'fixed';

/** A pattern that is none; `message` is regcomp's. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** A pattern in the syntax that RegExp (with the flag u) and RE2 have in common, and what it asks of an engine. */
export interface PortablePattern {
  readonly source: string;
  /** It has references back or looks around, which RE2 has not. */
  readonly needsBacktracking: boolean;
  /** Which of several matches at one place is meant depends on the order of alternatives. */
  readonly hasAlternatives: boolean;
  /** How many loops without an end it has; Infinity if one is inside of another. */
  readonly loops: number;
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: '\\p{L}\\p{Nd}',
  alpha: '\\p{L}',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e\\u{a1}-\\u{10ffff}',
  lower: '\\p{Ll}',
  print: '\\x20-\\x7e\\u{a0}-\\u{10ffff}',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t-\\r ',
  upper: '\\p{Lu}',
  xdigit: '0-9A-Fa-f',
};
const ASCII_CLASSES: Readonly<Record<string, string>> = {
  ...CLASSES,
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  upper: 'A-Z',
};
const ESCAPES: Readonly<Record<string, string>> = {
  w: '[\\p{L}\\p{Nd}_]',
  W: '[^\\p{L}\\p{Nd}_]',
  s: '[\\t-\\r ]',
  S: '[^\\t-\\r ]',
  b: '\\b',
  B: '\\B',
  '<': '\\b',
  '>': '\\b',
  '`': '^',
  "'": '$',
};
/** What sed makes of these before it looks at the pattern. */
const SED_ESCAPES: Readonly<Record<string, string>> = {
  a: '\\x07',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  v: '\\v',
};

/**
 * Rewrites a pattern of POSIX with GNU's additions. Throws {@link PatternError} with regcomp's words.
 * `sed`: \n, \t and the like stand for what they say, in brackets too.
 */
export function portablePattern(
  text: string,
  dialect: Exclude<PatternDialect, 'perl'>,
  sed = false,
): PortablePattern {
  if (dialect === 'fixed')
    return { source: quote(text), needsBacktracking: false, hasAlternatives: false, loops: 0 };
  return new Translator(text, dialect, sed).run();
}

/** The text itself, whatever it has in it. */
export function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll('\n', '\\n');
}

class Translator {
  readonly #characters: readonly string[];
  readonly #extended: boolean;
  readonly #awk: boolean;
  readonly #sed: boolean;
  #at = 0;
  #groups = 0;
  #open: { readonly loops: number }[] = [];
  #loops = 0;
  #nested = false;
  #backtracking = false;
  #alternatives = false;
  /** The last thing that a repetition would be of; undefined where there is none. */
  #atom: { readonly start: number; readonly loops: number } | undefined;
  #parts: string[] = [];

  constructor(text: string, dialect: Exclude<PatternDialect, 'perl'>, sed: boolean) {
    this.#characters = [...text];
    this.#extended = dialect !== 'basic';
    this.#awk = dialect === 'awk';
    this.#sed = sed;
  }

  run(): PortablePattern {
    while (this.#at < this.#characters.length) this.#next();
    if (this.#open.length > 0) throw new PatternError('Unmatched ( or \\(');
    if (this.#parts.length > 0) this.#needOperand();
    return {
      source: this.#parts.join(''),
      needsBacktracking: this.#backtracking,
      hasAlternatives: this.#alternatives,
      loops: this.#nested ? Infinity : this.#loops,
    };
  }

  /** awk has no empty alternative and no empty group. */
  #needOperand(): void {
    const before = this.#parts.at(-1);
    if (this.#awk && (before === undefined || before === '(' || before === '|'))
      throw new PatternError('Invalid preceding regular expression');
  }

  #next(): void {
    const character = this.#characters[this.#at++]!;
    if (character === '\\') return this.#awk ? this.#push(quote(this.#awkEscape())) : this.#escape();
    if (this.#awk && /[*+?]/.test(character)) this.#needOperand();
    if (character === '[') return this.#bracket();
    if (character === '.') return this.#push('.');
    if (character === '*') return this.#isStart() ? this.#push('\\*') : this.#repeat('*');
    if (character === '^') return this.#caret();
    if (character === '$') return this.#dollar();
    if (this.#extended) {
      switch (character) {
        case '(':
          return this.#openGroup();
        case ')':
          if (this.#open.length > 0) return this.#closeGroup();
          break;
        case '|':
          return this.#alternative();
        case '+':
        case '?':
          return this.#isStart() ? this.#push(`\\${character}`) : this.#repeat(character);
        case '{':
          if (!this.#isStart() && this.#isInterval()) return this.#interval('}');
          break;
      }
    }
    this.#push(quote(character));
  }

  #escape(): void {
    const character = this.#characters[this.#at++];
    if (character === undefined) throw new PatternError('Trailing backslash');
    if (/[1-9]/.test(character)) {
      if (Number(character) > this.#groups) throw new PatternError('Invalid back reference');
      this.#backtracking = true;
      return this.#push(`(?:\\${character})`);
    }
    if (!this.#extended) {
      switch (character) {
        case '(':
          return this.#openGroup();
        case ')':
          if (this.#open.length === 0) throw new PatternError('Unmatched ) or \\)');
          return this.#closeGroup();
        case '|':
          return this.#alternative();
        case '+':
        case '?':
          return this.#isStart() ? this.#push(`\\${character}`) : this.#repeat(character);
        case '{':
          if (this.#isStart()) throw new PatternError('Invalid preceding regular expression');
          return this.#interval('\\}');
      }
    }
    const meaning = ESCAPES[character] ?? (this.#sed ? SED_ESCAPES[character] : undefined);
    this.#push(meaning ?? quote(character));
  }

  /** The character that an escape of awk stands for. */
  #awkEscape(): string {
    const octal = /^[0-7]{1,3}/.exec(this.#characters.slice(this.#at, this.#at + 3).join(''));
    if (octal !== null) {
      this.#at += octal[0].length;
      return String.fromCharCode(parseInt(octal[0], 8) & 0xff);
    }
    const character = this.#characters[this.#at++] ?? '\\';
    return C_ESCAPES[character] ?? character;
  }

  /** Nothing stands before that could be repeated. */
  #isStart(): boolean {
    return this.#atom === undefined;
  }

  #push(part: string): void {
    this.#atom = { start: this.#parts.length, loops: 0 };
    this.#parts.push(part);
  }

  #caret(): void {
    const before = this.#parts.at(-1);
    const anchors = this.#extended || before === undefined || before === '(' || before === '|';
    if (!anchors) return this.#push('\\^');
    this.#parts.push('^');
    this.#atom = undefined;
  }

  #dollar(): void {
    const rest = this.#characters.slice(this.#at, this.#at + 2).join('');
    const ends = this.#extended || rest === '' || rest === '\\)' || rest === '\\|';
    if (!ends) return this.#push('\\$');
    this.#parts.push('$');
    this.#atom = undefined;
  }

  #openGroup(): void {
    this.#groups++;
    this.#open.push({ loops: this.#loops });
    this.#parts.push('(');
    this.#atom = undefined;
  }

  #closeGroup(): void {
    this.#needOperand();
    const { loops } = this.#open.pop()!;
    const start = this.#parts.lastIndexOf('(');
    // The group's parts become one: what is repeated is all of it.
    this.#parts.push(`${this.#parts.splice(start).join('')})`);
    this.#atom = { start, loops: this.#loops - loops };
  }

  #alternative(): void {
    this.#needOperand();
    this.#alternatives = true;
    this.#parts.push('|');
    this.#atom = undefined;
  }

  #repeat(operator: string): void {
    const { start, loops } = this.#atom!;
    const endless = operator === '*' || operator === '+' || operator.endsWith(',}');
    if (endless) this.#loops++;
    if (loops > 0 && operator !== '?') this.#nested = true;
    // "a**" is "a*" once more.
    this.#parts.push(`(?:${this.#parts.splice(start).join('')})${operator}`);
    this.#atom = { start, loops: loops + (endless ? 1 : 0) };
  }

  #isInterval(): boolean {
    return /^\d*(?:,\d*)?\}/.test(this.#characters.slice(this.#at).join(''));
  }

  #interval(close: string): void {
    const rest = this.#characters.slice(this.#at).join('');
    const end = rest.indexOf(close);
    if (end < 0) throw new PatternError('Unmatched \\{');
    const match = /^(\d*)(,?)(\d*)$/.exec(rest.slice(0, end));
    if (match === null || rest.slice(0, end) === '') throw new PatternError('Invalid content of \\{\\}');
    this.#at += end + close.length;
    const [, least, comma, most] = match;
    if (Number(least) > 32_767 || Number(most) > 32_767) throw new PatternError('Regular expression too big');
    if (most !== '' && Number(most) < Number(least)) throw new PatternError('Invalid content of \\{\\}');
    this.#repeat(`{${least === '' ? '0' : least}${comma}${most}}`);
  }

  #bracket(): void {
    let negated = false;
    if (this.#characters[this.#at] === '^') {
      negated = true;
      this.#at++;
    }
    let inside = '';
    for (let first = true; ; first = false) {
      const character = this.#characters[this.#at++];
      if (character === undefined) throw new PatternError('Unmatched [, [^, [:, [., or [=');
      if (character === ']' && !first) break;
      const from = this.#bracketMember(character);
      if (from.set !== undefined) {
        inside += from.set;
        continue;
      }
      const isRange = this.#characters[this.#at] === '-' && this.#characters[this.#at + 1] !== ']';
      if (!isRange || this.#characters[this.#at + 1] === undefined) {
        inside += classCharacter(from.character);
        continue;
      }
      this.#at += 2;
      const to = this.#bracketMember(this.#characters[this.#at - 1]!);
      // In awk there is nothing in it.
      if (this.#awk && to.set === undefined && to.character < from.character) continue;
      if (to.set !== undefined || to.character < from.character) throw new PatternError('Invalid range end');
      inside += `${classCharacter(from.character)}-${classCharacter(to.character)}`;
    }
    this.#push(`[${negated ? '^' : ''}${inside}]`);
  }

  /** A character, or a class of them as it stands between brackets. */
  #bracketMember(character: string): { readonly character: string; readonly set?: string } {
    const next = this.#characters[this.#at];
    if (character === '\\' && this.#awk) return { character: this.#awkEscape() };
    if (character === '\\' && this.#sed && next !== undefined && Object.hasOwn(SED_ESCAPES, next)) {
      this.#at++;
      return {
        character: JSON.parse(`"${next === 'a' || next === 'v' ? '\\u000b' : `\\${next}`}"`) as string,
      };
    }
    if (character !== '[' || next === undefined || !':.='.includes(next)) return { character };
    const rest = this.#characters.slice(this.#at + 1).join('');
    const end = rest.indexOf(`${next}]`);
    if (end < 0) throw new PatternError('Unmatched [, [^, [:, [., or [=');
    const name = rest.slice(0, end);
    this.#at += [...name].length + 3;
    if (next !== ':') return { character: name };
    const set = (this.#awk ? ASCII_CLASSES : CLASSES)[name];
    if (set === undefined) throw new PatternError('Invalid character class name');
    return { character: '', set };
  }
}

function classCharacter(character: string): string {
  return character === '\n' ? '\\n' : character.replace(/[\\\]^[-]/, '\\$&');
}
