const CONTEXT = 3;

interface Edit {
  readonly type: ' ' | '-' | '+';
  readonly line: string;
}

/** The differences of two texts as `diff -u` prints them; "" if they are equal. */
export function unifiedDiff(before: string, after: string, beforeName: string, afterName: string): string {
  if (before === after) return '';
  const edits = editsOf(linesOf(before), linesOf(after));
  const hunks: string[] = [];
  let index = 0;
  while (index < edits.length) {
    while (index < edits.length && edits[index]!.type === ' ') index++;
    if (index >= edits.length) break;
    const start = Math.max(0, index - CONTEXT);
    let end = index;
    for (let at = index, same = 0; at < edits.length && same <= 2 * CONTEXT; at++) {
      same = edits[at]!.type === ' ' ? same + 1 : 0;
      if (same === 0) end = at + 1;
    }
    const stop = Math.min(edits.length, end + CONTEXT);
    hunks.push(hunkText(edits, start, stop));
    index = stop;
  }
  return `--- ${beforeName}\n+++ ${afterName}\n${hunks.join('')}`;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function hunkText(edits: readonly Edit[], start: number, stop: number): string {
  const count = (type: '-' | '+', to: number, from = 0) =>
    edits.slice(from, to).filter((edit) => edit.type === ' ' || edit.type === type).length;
  const range = (type: '-' | '+') => {
    const length = count(type, stop, start);
    const first = count(type, start) + (length === 0 ? 0 : 1);
    return length === 1 ? String(first) : `${first},${length}`;
  };
  const body = edits.slice(start, stop).map(({ type, line }) => `${type}${line}\n`);
  return `@@ -${range('-')} +${range('+')} @@\n${body.join('')}`;
}

/** A shortest edit by the longest common subsequence. */
function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i]![j] =
        before[i] === after[j]
          ? lengths[i + 1]![j + 1]! + 1
          : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      edits.push({ type: ' ', line: before[i]! });
      i++;
      j++;
    } else if (i < before.length && (j >= after.length || lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      edits.push({ type: '-', line: before[i++]! });
    } else edits.push({ type: '+', line: after[j++]! });
  }
  return edits;
}
