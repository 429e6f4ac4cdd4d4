/** A line that two texts have in common, or that one of them has alone. */
export interface LineEdit {
  readonly type: ' ' | '-' | '+';
  readonly line: string;
}

/** More differences than this are not looked for: what lies between is told as changed altogether. */
const LIMIT = 800;

/** A shortest way from one text to the other, deletions first where both would do. Models Myers's algorithm. */
export function lineDiff(
  before: readonly string[],
  after: readonly string[],
  same: (a: string, b: string) => boolean = (a, b) => a === b,
): LineEdit[] {
  let start = 0;
  let [endBefore, endAfter] = [before.length, after.length];
  while (start < endBefore && start < endAfter && same(before[start]!, after[start]!)) start++;
  while (endBefore > start && endAfter > start && same(before[endBefore - 1]!, after[endAfter - 1]!)) {
    endBefore--;
    endAfter--;
  }
  const common = (line: string): LineEdit => ({ type: ' ', line });
  return [
    ...before.slice(0, start).map(common),
    ...middle(before.slice(start, endBefore), after.slice(start, endAfter), same),
    ...before.slice(endBefore).map(common),
  ];
}

function middle(
  before: readonly string[],
  after: readonly string[],
  same: (a: string, b: string) => boolean,
): LineEdit[] {
  const [rows, columns] = [before.length, after.length];
  const replaced = (): LineEdit[] => [
    ...before.map((line): LineEdit => ({ type: '-', line })),
    ...after.map((line): LineEdit => ({ type: '+', line })),
  ];
  if (rows === 0 || columns === 0) return replaced();
  // furthest.get(k): how many lines of `before` are done on diagonal k after so many differences.
  const steps: Map<number, number>[] = [];
  let furthest = new Map([[1, 0]]);
  for (let differences = 0; differences <= Math.min(rows + columns, LIMIT); differences++) {
    steps.push(new Map(furthest));
    for (let k = -differences; k <= differences; k += 2) {
      const goesDown =
        k === -differences || (k !== differences && furthest.get(k - 1)! < furthest.get(k + 1)!);
      let x = goesDown ? furthest.get(k + 1)! : furthest.get(k - 1)! + 1;
      while (x < rows && x - k < columns && same(before[x]!, after[x - k]!)) x++;
      furthest.set(k, x);
      if (x >= rows && x - k >= columns) return backtrack(before, after, steps);
    }
    furthest = new Map(furthest);
  }
  return replaced();
}

function backtrack(
  before: readonly string[],
  after: readonly string[],
  steps: readonly Map<number, number>[],
): LineEdit[] {
  const edits: LineEdit[] = [];
  let [x, y] = [before.length, after.length];
  for (let differences = steps.length - 1; differences >= 0; differences--) {
    const furthest = steps[differences]!;
    const k = x - y;
    const goesDown = k === -differences || (k !== differences && furthest.get(k - 1)! < furthest.get(k + 1)!);
    const previous = goesDown ? k + 1 : k - 1;
    const fromX = furthest.get(previous)!;
    const fromY = fromX - previous;
    for (; x > fromX && y > fromY && x > 0 && y > 0; y--) edits.push({ type: ' ', line: before[--x]! });
    if (differences === 0) break;
    if (goesDown) edits.push({ type: '+', line: after[--y]! });
    else edits.push({ type: '-', line: before[--x]! });
  }
  return deletionsFirst(edits.reverse());
}

/** Of a run of changes, what goes stands before what comes. */
function deletionsFirst(edits: readonly LineEdit[]): LineEdit[] {
  const ordered: LineEdit[] = [];
  for (let at = 0; at < edits.length;) {
    let end = at;
    while (end < edits.length && edits[end]!.type !== ' ') end++;
    const run = edits.slice(at, end);
    ordered.push(...run.filter(({ type }) => type === '-'), ...run.filter(({ type }) => type === '+'));
    if (end < edits.length) ordered.push(edits[end]!);
    at = end + 1;
  }
  return ordered;
}
