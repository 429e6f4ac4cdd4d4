import { quoteWord } from '../quote.ts';
import { patternMatcher, patternSource } from './pattern.ts';
import { unescape } from '../text/escapes.ts';

/** `${x:offset:length}`; a negative length counts from the end. */
export function substring(text: string, offset: number, length: number | undefined): string {
  const characters = [...text];
  const start = offset < 0 ? characters.length + offset : offset;
  if (start < 0) return '';
  const end =
    length === undefined ? characters.length : length < 0 ? characters.length + length : start + length;
  return characters.slice(start, Math.max(start, end)).join('');
}

/** `${x#p}`, `${x##p}`, `${x%p}`, `${x%%p}`. */
export function removePattern(
  text: string,
  pattern: string,
  { side, greedy }: { readonly side: 'prefix' | 'suffix'; readonly greedy: boolean },
): string {
  const matcher = patternMatcher(pattern);
  const lengths = Array.from({ length: text.length + 1 }, (_, index) => index);
  if (greedy) lengths.reverse();
  for (const length of lengths) {
    const piece = side === 'prefix' ? text.slice(0, length) : text.slice(text.length - length);
    if (matcher.test(piece))
      return side === 'prefix' ? text.slice(length) : text.slice(0, text.length - length);
  }
  return text;
}

/** `${x/p/r}`, `${x//p/r}`, `${x/#p/r}`, `${x/%p/r}`. */
export function replacePattern(
  text: string,
  pattern: string,
  replacement: string,
  { all, anchor }: { readonly all: boolean; readonly anchor: 'start' | 'end' | null },
): string {
  if (pattern === '')
    return anchor === 'start' ? replacement + text : anchor === 'end' ? text + replacement : text;
  const source = patternSource(pattern);
  const anchored = anchor === 'start' ? `^(?:${source})` : anchor === 'end' ? `(?:${source})$` : source;
  return text.replace(new RegExp(anchored, all ? 'gs' : 's'), (match) =>
    match === '' && all ? '' : replacement,
  );
}

/** `${x^}`, `${x^^}`, `${x,}`, `${x,,}`. */
export function modifyCase(
  text: string,
  { direction, all }: { readonly direction: 'upper' | 'lower'; readonly all: boolean },
  pattern: string | undefined,
): string {
  const matcher = pattern === undefined ? undefined : patternMatcher(pattern);
  const change = (character: string) =>
    matcher !== undefined && !matcher.test(character)
      ? character
      : direction === 'upper'
        ? character.toUpperCase()
        : character.toLowerCase();
  const characters = [...text];
  return characters.map((character, index) => (all || index === 0 ? change(character) : character)).join('');
}

/** `${x@Q}` and the like. */
export function transform(text: string, operator: string): string {
  switch (operator) {
    case 'Q':
      return `'${text.replaceAll("'", "'\\''")}'`;
    case 'E':
      return unescape(text, 'format').text;
    case 'U':
      return text.toUpperCase();
    case 'L':
      return text.toLowerCase();
    case 'u':
      return text.slice(0, 1).toUpperCase() + text.slice(1);
    case 'K':
    case 'k':
      return quoteWord(text);
    default:
      return operator === 'P' ? text : '';
  }
}
