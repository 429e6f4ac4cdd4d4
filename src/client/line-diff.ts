/** A line of a text, and whether the text before had it. */
export interface DiffLine {
  readonly mark: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Longer texts than this are not compared line by line. */
const LIMIT = 4000;

/** The lines of both texts, in order: the shortest way from `before` to `after`. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = lines(before);
  const b = lines(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const same = (texts: readonly string[]): DiffLine[] => texts.map((text) => ({ mark: 'same', text }));
  return [
    ...same(a.slice(0, start)),
    ...diffMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end)),
  ];
}

function diffMiddle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ mark: 'removed', text });
  const added = (text: string): DiffLine => ({ mark: 'added', text });
  if (a.length * b.length > LIMIT * LIMIT) return [...a.map(removed), ...b.map(added)];
  // lengths[i][j]: how many lines a from i and b from j have in common, in order.
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] =
        a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const result: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      result.push({ mark: 'same', text: a[i++]! });
      j++;
    } else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) result.push(removed(a[i++]!));
    else result.push(added(b[j++]!));
  }
  return [...result, ...a.slice(i).map(removed), ...b.slice(j).map(added)];
}

function lines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
