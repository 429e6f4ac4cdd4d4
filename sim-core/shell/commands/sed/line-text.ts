import type { ReplacementPart } from './script.ts';

/** The replacement with its groups filled in, in capitals where it says so. */
export function expand(parts: readonly ReplacementPart[], groups: readonly (string | undefined)[]): string {
  let result = '';
  let mode = '';
  let once = '';
  for (const part of parts) {
    if (part.type === 'case') {
      if ('ul'.includes(part.letter)) once = part.letter;
      else {
        mode = part.letter === 'E' ? '' : part.letter;
        once = '';
      }
      continue;
    }
    const text = part.type === 'text' ? part.text : (groups[part.number] ?? '');
    if (text === '') continue;
    const cased = mode === 'U' ? text.toUpperCase() : mode === 'L' ? text.toLowerCase() : text;
    const [first = '', ...rest] = cased;
    result +=
      once === '' ? cased : (once === 'u' ? first.toUpperCase() : first.toLowerCase()) + rest.join('');
    once = '';
  }
  return result;
}

const ESCAPED: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** What `l` shows: nothing that cannot be seen, broken into lines of so many characters. */
export function visible(text: string, width: number): string {
  const units = [...text].flatMap((character) => {
    const escaped = ESCAPED[character];
    if (escaped !== undefined) return [escaped];
    if (character >= ' ' && character <= '~') return [character];
    return [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  });
  let shown = '';
  let column = 0;
  for (const unit of units) {
    if (width > 1 && column + unit.length > width - 1) {
      shown += '\\\n';
      column = 0;
    }
    shown += unit;
    column += unit.length;
  }
  return `${shown}$\n`;
}
