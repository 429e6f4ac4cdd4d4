import type { Clock } from '../../../clock/clock.ts';
import { type Found, Matcher, PatternError } from '../../text/matcher.ts';
import { portablePattern } from '../../text/posix-pattern.ts';
import { AwkProblem } from './problem.ts';
import type { Task } from './task.ts';

/** How many patterns are kept that a program has made of texts. */
const KEPT = 200;

/** The patterns of a program, each of which is translated once. */
export class Patterns {
  readonly #clock: Clock;
  readonly #tests = new Map<string, Matcher>();
  readonly #searches = new Map<string, Matcher>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Is the pattern anywhere in the text? */
  *test(pattern: string, text: string): Task<boolean> {
    const matcher = this.#matcher(pattern, this.#tests, false);
    const wait = matcher.prepare(text);
    if (wait !== undefined) yield wait;
    return matcher.find(text) !== undefined;
  }

  /** The first and longest match that does not begin before `from`. */
  *find(pattern: string, text: string, from: number): Task<Found | undefined> {
    const matcher = this.#matcher(pattern, this.#searches, true);
    const wait = matcher.prepare(text);
    if (wait !== undefined) yield wait;
    return matcher.find(text, from);
  }

  #matcher(pattern: string, kept: Map<string, Matcher>, needsExtent: boolean): Matcher {
    const found = kept.get(pattern);
    if (found !== undefined) return found;
    try {
      const matcher = new Matcher(this.#clock, [pattern], { dialect: 'awk', needsExtent });
      if (kept.size >= KEPT) kept.clear();
      kept.set(pattern, matcher);
      return matcher;
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      throw new AwkProblem(problemText(error, pattern));
    }
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  'Unmatched ( or \\(': "missing ')'",
  'Invalid preceding regular expression': 'missing operand',
  'Invalid content of \\{\\}': 'bad interval expression',
};

/** What mawk says of a pattern that is none; undefined: it is one. */
export function patternProblem(pattern: string): string | undefined {
  try {
    portablePattern(pattern, 'awk');
    return undefined;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return problemText(error, pattern);
  }
}

function problemText({ message }: PatternError, pattern: string): string {
  const problem = PROBLEMS[message] ?? 'bad class -- [], [^] or [';
  return `regular expression compile failed (${problem})\n${pattern}`;
}
