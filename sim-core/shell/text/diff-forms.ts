import type { LineEdit } from './line-diff.ts';

/** One of two files: what its header says, and its lines with their newlines. */
export interface Side {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Shows the way from one file to another. */
export type DiffForm = (from: Side, to: Side, edits: readonly LineEdit[]) => string;

const UNENDED = '\\ No newline at end of file\n';

/** Lines from `start` on, in both files counted from 0, and what becomes of them. */
interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly edits: readonly LineEdit[];
}

/** "2c2", "< banana", "---", "> blueberry". */
export const normalForm: DiffForm = (_from, _to, edits) =>
  hunksOf(edits, 0)
    .map(({ from, to, edits: own }) => {
      const [gone, come] = [linesOf(own, '-'), linesOf(own, '+')];
      const letter = gone.length === 0 ? 'a' : come.length === 0 ? 'd' : 'c';
      const places = (start: number, count: number) =>
        count === 0 ? String(start) : count === 1 ? String(start + 1) : `${start + 1},${start + count}`;
      const middle = letter === 'c' ? '---\n' : '';
      const body =
        gone.map((line) => marked('< ', line)).join('') +
        middle +
        come.map((line) => marked('> ', line)).join('');
      return `${places(from, gone.length)}${letter}${places(to, come.length)}\n${body}`;
    })
    .join('');

/** `diff -u`, with so many lines around what has changed. */
export function unifiedForm(context: number): DiffForm {
  return (before, after, edits) => {
    const hunks = hunksOf(edits, context).map(({ from, to, edits: own }) => {
      const range = (start: number, type: '-' | '+') => {
        const count = own.filter((edit) => edit.type === ' ' || edit.type === type).length;
        const first = count === 0 ? start : start + 1;
        return count === 1 ? String(first) : `${first},${count}`;
      };
      const body = own.map(({ type, line }) => marked(type, line)).join('');
      return `@@ -${range(from, '-')} +${range(to, '+')} @@\n${body}`;
    });
    return `--- ${before.title}\n+++ ${after.title}\n${hunks.join('')}`;
  };
}

/** `diff -c`. */
export function contextForm(context: number): DiffForm {
  return (before, after, edits) => {
    const hunks = hunksOf(edits, context).map(({ from, to, edits: own }) => {
      const half = (start: number, type: '-' | '+', fence: string) => {
        const count = own.filter((edit) => edit.type === ' ' || edit.type === type).length;
        const places = count < 2 ? String(start + count) : `${start + 1},${start + count}`;
        const isShown = own.some((edit) => edit.type === type);
        return `${fence} ${places} ${fence === '***' ? '****' : '----'}\n${isShown ? contextBody(own, type) : ''}`;
      };
      return `***************\n${half(from, '-', '***')}${half(to, '+', '---')}`;
    });
    return `*** ${before.title}\n--- ${after.title}\n${hunks.join('')}`;
  };
}

/** The lines of one file; what was changed, not only taken out or put in, is marked "!". */
function contextBody(edits: readonly LineEdit[], type: '-' | '+'): string {
  let text = '';
  for (let at = 0; at < edits.length;) {
    if (edits[at]!.type === ' ') {
      text += marked('  ', edits[at++]!.line);
      continue;
    }
    let end = at;
    while (end < edits.length && edits[end]!.type !== ' ') end++;
    const run = edits.slice(at, end);
    const isChange = run.some((edit) => edit.type === '-') && run.some((edit) => edit.type === '+');
    for (const { line } of run.filter((edit) => edit.type === type))
      text += marked(`${isChange ? '!' : type} `, line);
    at = end;
  }
  return text;
}

/** `diff -y`, so many columns wide. Models print_1sdiff_line of src/side.c. */
export function sideBySideForm(
  width: number,
  { suppressCommon, leftColumn }: { readonly suppressCommon: boolean; readonly leftColumn: boolean },
): DiffForm {
  const offset = Math.floor((width + TAB + GUTTER) / (2 * TAB)) * TAB;
  const half = Math.max(0, Math.min(offset - GUTTER, width - offset));
  const column = half === 0 ? width : offset;
  const row = (left: string | undefined, mark: string, right: string | undefined): string => {
    let text = '';
    let at = 0;
    const tabTo = (to: number) => {
      for (let stop = at + TAB - (at % TAB); stop <= to; stop += TAB) {
        text += '\t';
        at = stop;
      }
      text += ' '.repeat(Math.max(0, to - at));
      at = Math.max(at, to);
    };
    const put = (line: string) => {
      const shown = [...line.replace(/\n$/, '')].slice(0, half).join('');
      text += shown;
      at += shown.length;
    };
    if (left !== undefined) put(left);
    if (mark !== ' ') {
      tabTo(Math.floor((half + column - 1) / 2));
      text += mark;
      at++;
    }
    if (right !== undefined && right !== '\n') {
      tabTo(column);
      put(right);
    }
    return `${text}\n`;
  };
  return (_from, _to, edits) => {
    let text = '';
    for (let at = 0; at < edits.length;) {
      if (edits[at]!.type === ' ') {
        const { line } = edits[at++]!;
        if (!suppressCommon) text += leftColumn ? row(line, '(', undefined) : row(line, ' ', line);
        continue;
      }
      let end = at;
      while (end < edits.length && edits[end]!.type !== ' ') end++;
      const run = edits.slice(at, end);
      const [gone, come] = [linesOf(run, '-'), linesOf(run, '+')];
      for (let index = 0; index < Math.max(gone.length, come.length); index++) {
        const [left, right] = [gone[index], come[index]];
        text += row(left, left === undefined ? '>' : right === undefined ? '<' : '|', right);
      }
      at = end;
    }
    return text;
  };
}

const TAB = 8;
const GUTTER = 3;

/** The stretches that hold changes, with so many lines around them; those that would touch are one. */
function hunksOf(edits: readonly LineEdit[], context: number): Hunk[] {
  const hunks: Hunk[] = [];
  let [from, to] = [0, 0];
  const advance = (start: number, end: number) => {
    for (const { type } of edits.slice(start, end)) {
      if (type !== '+') from++;
      if (type !== '-') to++;
    }
  };
  let done = 0;
  for (let at = 0; at < edits.length;) {
    if (edits[at]!.type === ' ') {
      at++;
      continue;
    }
    let end = at;
    for (let look = at, common = 0; look < edits.length && common <= 2 * context; look++) {
      common = edits[look]!.type === ' ' ? common + 1 : 0;
      if (common === 0) end = look + 1;
    }
    const start = Math.max(done, at - context);
    const stop = Math.min(edits.length, end + context);
    advance(done, start);
    hunks.push({ from, to, edits: edits.slice(start, stop) });
    advance(start, stop);
    done = stop;
    at = stop;
  }
  return hunks;
}

function linesOf(edits: readonly LineEdit[], type: '-' | '+'): string[] {
  return edits.filter((edit) => edit.type === type).map(({ line }) => line);
}

function marked(mark: string, line: string): string {
  return line.endsWith('\n') ? mark + line : `${mark}${line}\n${UNENDED}`;
}
