/**
 * The regular expression of a shell pattern, in which a backslash makes the next character plain:
 * `*`, `?`, `[a-z]`, `[[:digit:]]` and the extended `@(a|b)`, `?(…)`, `*(…)`, `+(…)`, `!(…)`.
 * `lazy` takes as little as possible for `*`.
 */
export function patternSource(pattern: string, lazy = false): string {
  return new PatternReader(pattern, lazy).read();
}

/** Matches a whole text. */
export function patternMatcher(pattern: string, flags = ''): RegExp {
  return new RegExp(`^(?:${patternSource(pattern)})$`, `s${flags}`);
}

/** The pattern that matches `text` and nothing else. */
export function escapePattern(text: string): string {
  return text.replace(/[*?[\]\\()|@!+]/g, '\\$&');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};

class PatternReader {
  readonly #pattern: string;
  readonly #star: string;
  #position = 0;

  constructor(pattern: string, lazy: boolean) {
    this.#pattern = pattern;
    this.#star = lazy ? '.*?' : '.*';
  }

  read(): string {
    let source = '';
    while (this.#position < this.#pattern.length) source += this.#next('');
    return source;
  }

  #next(enclosing: string): string {
    const pattern = this.#pattern;
    const character = pattern[this.#position]!;
    if (/[@?*+!]/.test(character) && pattern[this.#position + 1] === '(') {
      const group = this.#group(character);
      if (group !== undefined) return group;
    }
    this.#position++;
    switch (character) {
      case '\\':
        return escapeRegExp(pattern[this.#position++] ?? '\\');
      case '*':
        return this.#star;
      case '?':
        return '.';
      case '[':
        return this.#set();
      case '|':
        return enclosing === '' ? '\\|' : '|';
      default:
        return escapeRegExp(character);
    }
  }

  /** `@(a|b)` and the like; undefined if it does not close. */
  #group(kind: string): string | undefined {
    const start = this.#position;
    this.#position += 2;
    let inner = '';
    while (this.#position < this.#pattern.length && this.#pattern[this.#position] !== ')')
      inner += this.#next(kind);
    if (this.#position >= this.#pattern.length) {
      this.#position = start;
      return undefined;
    }
    this.#position++;
    if (kind === '!') {
      const rest = this.read();
      return `(?!(?:${inner})${rest}$).*${rest}`;
    }
    return `(?:${inner})${kind === '@' ? '' : kind}`;
  }

  #set(): string {
    const match = /^([!^]?)(\]?(?:\[:\w+:\]|\\.|[^\]\\])*)\]/s.exec(this.#pattern.slice(this.#position));
    if (match === null) return '\\[';
    this.#position += match[0].length;
    const members = match[2]!.replace(
      /\[:(\w+):\]|\\(.)|([\\\][^])/gs,
      (_, name?: string, escaped?: string, special?: string) =>
        name === undefined ? (escaped ?? special)!.replace(/[\\\][^-]/g, '\\$&') : (CLASSES[name] ?? ''),
    );
    return `[${match[1] === '' ? '' : '^'}${members}]`;
  }
}
