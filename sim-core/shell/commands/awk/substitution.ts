import { MemoryExhaustedError, PROGRAM_MEMORY } from '../../../node/pipe.ts';
import type { Patterns } from './patterns.ts';
import type { Task } from './task.ts';

/**
 * Puts `replacement` where `pattern` is in `text`: at the first place, or everywhere. Gives the new text and how often;
 * "&" in the replacement is what was matched, "\&" is "&".
 */
export function* substitute(
  text: string,
  pattern: string,
  replacement: string,
  isGlobal: boolean,
  patterns: Patterns,
): Task<{ readonly text: string; readonly count: number }> {
  let result = '';
  let done = 0;
  let count = 0;
  let lastEnd = -1;
  for (let at = 0; at <= text.length;) {
    const found = yield* patterns.find(pattern, text, at);
    if (found === undefined) break;
    const { start, end } = found;
    // An empty match right behind another one is none.
    if (end > start || start !== lastEnd) {
      const matched = text.slice(start, end);
      result += text.slice(done, start);
      result += replacement.replace(/\\\\(?=&)|\\&|&/g, (sign) =>
        sign === '&' ? matched : sign === '\\&' ? '&' : '\\',
      );
      if (result.length > PROGRAM_MEMORY) throw new MemoryExhaustedError();
      done = end;
      count++;
      lastEnd = end;
      if (!isGlobal) break;
    }
    at = end > start ? end : end + 1;
  }
  return { text: result + text.slice(done), count };
}
