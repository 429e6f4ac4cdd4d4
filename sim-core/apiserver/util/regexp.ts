import { RE2JS, RE2JSException } from 're2js';

/** A pattern that is no regular expression of Go's; the message is Go's. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/**
 * Tells texts that a pattern of Go's syntax matches anywhere. Patterns come from clients: RE2's automaton
 * takes time linear in the text, whatever the pattern is. Throws a PatternError.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).find();
  } catch (error) {
    if (error instanceof RE2JSException) throw new PatternError(error.message);
    throw error;
  }
}

/** The first matches of a pattern in a text; all of them if `limit` is negative. Throws a PatternError. */
export function findPattern(pattern: string, text: string, limit: number): string[] {
  const found: string[] = [];
  try {
    const matcher = RE2JS.compile(pattern).matcher(text);
    while ((limit < 0 || found.length < limit) && matcher.find()) found.push(matcher.group() ?? '');
  } catch (error) {
    if (error instanceof RE2JSException) throw new PatternError(error.message);
    throw error;
  }
  return found;
}
