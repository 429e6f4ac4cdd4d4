import type { Clock } from '../../clock/clock.ts';
import type { RE2JS } from 're2js';
import type { PatternDialect, PortablePattern } from './posix-pattern.ts';
import { PatternError, portablePattern } from './posix-pattern.ts';

export { PatternError } from './posix-pattern.ts';

/** Where a pattern was found in a text; groups that took no part are undefined. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
}

export interface MatcherOptions {
  readonly dialect: PatternDialect;
  readonly ignoreCase?: boolean;
  /** A match is a whole word (-w), or the whole text (-x). */
  readonly whole?: 'word' | 'line';
  /** ^ and $ are for every line of the text (sed's M). */
  readonly multiline?: boolean;
  /** Escapes as sed has them. */
  readonly sed?: boolean;
  /** It matters how far a match goes, not only that there is one. */
  readonly needsExtent?: boolean;
}

/** How many steps a search may take that tries one thing after another. */
const STEPS = 20_000_000;
/** A text of this length a loop within a loop can be tried on, each character twice. */
const TRIES = 20;

/**
 * Finds a pattern in texts. RegExp does where it must end soon; else RE2, whose time is linear in the text whatever the
 * pattern is, and which knows the longest of several alternatives: it is fetched when it is first needed.
 */
export class Matcher {
  readonly #clock: Clock;
  readonly #pattern: PortablePattern;
  readonly #options: MatcherOptions;
  readonly #expression: RegExp;
  #automaton: RE2JS | undefined;

  /** Throws {@link PatternError} with the words of the C library. Several patterns: any of them. */
  constructor(clock: Clock, patterns: readonly string[], options: MatcherOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#pattern = patternOf(patterns, options);
    const flags = `gu${options.dialect === 'perl' ? '' : 's'}${options.ignoreCase === true ? 'i' : ''}${options.multiline === true ? 'm' : ''}`;
    try {
      this.#expression = new RegExp(this.#pattern.source, flags);
    } catch {
      throw new PatternError('Invalid regular expression');
    }
  }

  /** Resolves when `text` can be searched; undefined: at once. */
  prepare(text: string): Promise<void> | undefined {
    if (this.#automaton !== undefined || !this.#needsAutomaton(text)) return undefined;
    return this.#clock.outside(import('re2js')).then(({ RE2JS: Automaton }) => {
      const { ignoreCase, multiline } = this.#options;
      const flags =
        (this.#options.dialect === 'perl' ? 0 : Automaton.LONGEST_MATCH | Automaton.DOTALL) |
        (ignoreCase === true ? Automaton.CASE_INSENSITIVE : 0) |
        (multiline === true ? Automaton.MULTILINE : 0);
      this.#automaton = Automaton.compile(this.#pattern.source.replaceAll(/\\u\{/g, '\\x{'), flags);
    });
  }

  /**
   * The first match that does not begin before `from`. The text is one that was prepared for. Throws a
   * {@link PatternError} if only trying could tell, and that would not end.
   */
  find(text: string, from = 0): Found | undefined {
    const { needsBacktracking, loops } = this.#pattern;
    if (needsBacktracking && loops === Infinity && text.length > TRIES)
      throw new PatternError("exceeded PCRE's backtracking limit");
    const { whole } = this.#options;
    for (let at = from; at <= text.length;) {
      const found = this.#search(text, at);
      if (found === undefined || whole !== 'word' || isWord(text, found)) return found;
      at = found.start + 1;
    }
    return undefined;
  }

  #needsAutomaton(text: string): boolean {
    const { needsBacktracking, hasAlternatives, loops } = this.#pattern;
    if (needsBacktracking) return false;
    if (hasAlternatives && this.#options.needsExtent === true) return true;
    return loops > 0 && text.length ** (loops + 1) > STEPS;
  }

  #search(text: string, from: number): Found | undefined {
    if (this.#automaton !== undefined) {
      const matcher = this.#automaton.matcher(text);
      if (!matcher.find(from)) return undefined;
      const groups = Array.from(
        { length: matcher.groupCount() + 1 },
        (_, index) => matcher.group(index) ?? undefined,
      );
      return { start: matcher.start(), end: matcher.end(), groups };
    }
    this.#expression.lastIndex = from;
    const match = this.#expression.exec(text);
    if (match === null) return undefined;
    return { start: match.index, end: match.index + match[0].length, groups: [...match] };
  }
}

function patternOf(patterns: readonly string[], options: MatcherOptions): PortablePattern {
  const { dialect, sed, whole } = options;
  const all = patterns.map((pattern) =>
    dialect === 'perl' ? perlPattern(pattern) : portablePattern(pattern, dialect, sed),
  );
  const joined =
    all.length === 1 && whole !== 'line'
      ? all[0]!.source
      : all.map(({ source }) => `(?:${source})`).join('|');
  return {
    source: whole === 'line' ? `^(?:${joined})$` : joined,
    needsBacktracking: all.some((one) => one.needsBacktracking),
    hasAlternatives: all.length > 1 || all.some((one) => one.hasAlternatives),
    loops: all.reduce((most, { loops }) => Math.max(most, loops), 0),
  };
}

/** Perl's own: \K forgets what was matched before it, \h is a blank. */
function perlPattern(pattern: string): PortablePattern {
  const kept = pattern.replace(/^(.*[^\\]|)\\K/s, '(?<=$1)');
  const source = kept.replaceAll('\\h', '[ \\t]').replaceAll(/\(\?i\)/g, '');
  const isNested = /\)(?:[*+]|\{\d*,\})/.test(source);
  return {
    source,
    needsBacktracking: /\(\?(?:[=!]|<[=!])|\\[1-9]/.test(source),
    hasAlternatives: false,
    loops: isNested ? Infinity : (source.match(/[*+]|\{\d*,\}/g)?.length ?? 0),
  };
}

function isWord(text: string, { start, end }: Found): boolean {
  const isLetter = (at: number) => /[\p{L}\p{Nd}_]/u.test(text.charAt(at));
  return !isLetter(start - 1) && !isLetter(end);
}
