import { ExpansionProblem } from './leave.ts';
import type { Word, WordPart } from './syntax.ts';

/** How many words one brace expansion may become. */
const MAX_BRACES = 1_000_000;

type BraceItems = Extract<WordPart, { type: 'BraceExpansion' }>['items'];

/** `a{b,c}d` becomes `abd` and `acd`. */
export function expandBraces(word: Word): Word[] {
  const at = word.parts.findIndex(({ type }) => type === 'BraceExpansion');
  if (at < 0) return [word];
  const part = word.parts[at] as Extract<WordPart, { type: 'BraceExpansion' }>;
  const before = word.parts.slice(0, at);
  const after = expandBraces({ type: 'Word', parts: word.parts.slice(at + 1) });
  const here = part.items.flatMap(alternatives);
  const count = here.length * after.length;
  if (count > MAX_BRACES)
    throw new ExpansionProblem(`brace expansion: failed to allocate memory for ${count} elements`);
  return here.flatMap((middle) =>
    after.map((rest): Word => ({ type: 'Word', parts: [...before, ...middle.parts, ...rest.parts] })),
  );
}

function alternatives(item: BraceItems[number]): Word[] {
  if (item.type === 'Word') return expandBraces(item.word);
  const literal = (value: string): Word => ({ type: 'Word', parts: [{ type: 'Literal', value }] });
  const numeric = typeof item.start === 'number' && typeof item.end === 'number';
  const code = (value: string | number) => (typeof value === 'number' ? value : value.charCodeAt(0));
  const [start, end] = [code(item.start), code(item.end)];
  const size = Math.max(1, Math.abs(item.step ?? 1));
  const count = Math.floor(Math.abs(end - start) / size) + 1;
  if (count > MAX_BRACES)
    throw new ExpansionProblem(`brace expansion: failed to allocate memory for ${count} elements`);
  const texts = [item.startStr ?? '', item.endStr ?? ''];
  const padded = texts.some((text) => /^-?0\d/.test(text));
  const width = padded ? Math.max(...texts.map(({ length }) => length)) : 0;
  return Array.from({ length: count }, (_, index) => {
    const value = start + (end < start ? -size : size) * index;
    if (!numeric) return literal(String.fromCharCode(value));
    const sign = value < 0 ? '-' : '';
    return literal(sign + String(Math.abs(value)).padStart(width - sign.length, '0'));
  });
}

/** The expansion as it was written, where braces are none. */
export function braceText(items: BraceItems): string {
  const plain = (word: Word): string =>
    word.parts.map((part) => ('value' in part ? part.value : 'pattern' in part ? part.pattern : '')).join('');
  return items
    .map((item) =>
      item.type === 'Word' ? plain(item.word) : `${item.startStr ?? item.start}..${item.endStr ?? item.end}`,
    )
    .join(',')
    .replace(/^/, '{')
    .concat('}');
}
