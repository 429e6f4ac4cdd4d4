import { ExitError } from '../cobrautl/exit.ts';
import { goUnquotePrefix } from '../go-unquote.ts';

const WORD = /"(?:[^"\\]|\\.)*"|'[^']*'|[^'"\s]\S*[^'"\s]?/g;

/** The words of a line, quotes taken off; throws an ExitError for an escape that Go does not know. Models Argify. */
export function argify(line: string): string[] {
  return (line.match(WORD) ?? []).map((word) => {
    if (word.startsWith("'")) return word.slice(1, -1);
    if (!word.startsWith('"')) return word;
    const literal = goUnquotePrefix(word);
    if (literal === undefined) throw new ExitError('invalidInput', 'invalid syntax');
    return literal.text;
  });
}
