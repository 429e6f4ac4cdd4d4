import { unifiedForm } from '../../shell/text/diff-forms.ts';
import { lineDiff } from '../../shell/text/line-diff.ts';

const CONTEXT = 3;

/** The differences of two texts as `diff -u` prints them; "" if they are equal. */
export function unifiedDiff(before: string, after: string, beforeName: string, afterName: string): string {
  if (before === after) return '';
  const [from, to] = [linesOf(before), linesOf(after)];
  const sides = [
    { title: beforeName, lines: from },
    { title: afterName, lines: to },
  ] as const;
  return unifiedForm(CONTEXT)(...sides, lineDiff(from, to));
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
