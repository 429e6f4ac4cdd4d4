import type { EntryKind, LogEntry, ProgramCut, Typed } from '../worker/protocol.ts';

/** A lab as a file or a link carries it: what the reader changed in the blocks, and what was run. */
export interface SavedLab {
  readonly v: 1;
  readonly seed: number;
  /** The page's path. */
  readonly page: string;
  /** What broke its cluster; missing: nothing did. */
  readonly scenario?: string;
  readonly entries: readonly LogEntry[];
  /** Edited code by block. */
  readonly edits: Readonly<Record<string, string>>;
}

/** What was read is no lab; `message` is Korean. */
export class SavedLabError extends Error {
  override readonly name = 'SavedLabError';
}

const KINDS: ReadonlySet<string> = new Set<EntryKind>(['bash', 'http', 'yaml', 'ts', 'component']);
/** More than a reader types; enough to stop a file that was made to hang the page. */
const LIMITS = { entries: 5000, text: 1_000_000 };

/** Checks what came from outside, field by field. Throws {@link SavedLabError}. */
export function parseSavedLab(text: string): SavedLab {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SavedLabError('실습 파일이 아니다: JSON으로 읽을 수 없다.');
  }
  if (!isRecord(value) || value['v'] !== 1 || !Array.isArray(value['entries']))
    throw new SavedLabError('실습 파일이 아니거나 이 사이트가 모르는 판이다.');
  const { seed, page, scenario, entries, edits } = value;
  if (!Number.isSafeInteger(seed)) throw new SavedLabError('실습 파일의 seed가 정수가 아니다.');
  if (entries.length > LIMITS.entries)
    throw new SavedLabError(`실습 파일에 명령이 너무 많다: ${entries.length}개`);
  return {
    v: 1,
    seed: seed as number,
    page: typeof page === 'string' ? page : '',
    ...(isText(scenario) && { scenario }),
    entries: parseEntries(entries),
    edits: isRecord(edits)
      ? Object.fromEntries(Object.entries(edits).filter((edit): edit is [string, string] => isText(edit[1])))
      : {},
  };
}

/** Entries in order of time; a later one cannot be earlier. Throws {@link SavedLabError}. */
export function parseEntries(entries: readonly unknown[]): LogEntry[] {
  let last = 0;
  return entries.map((entry, index) => {
    const parsed = parseEntry(entry);
    if (parsed === undefined || parsed.at < last)
      throw new SavedLabError(`실습 파일의 ${index + 1}번째 명령을 읽을 수 없다.`);
    last = parsed.at;
    return parsed;
  });
}

function parseEntry(value: unknown): LogEntry | undefined {
  if (!isRecord(value)) return undefined;
  const { at, user, kind, line, stdin, block, stop, cut, edits, input } = value;
  if (!isTime(at) || !isText(user) || !isText(kind) || !KINDS.has(kind)) return undefined;
  if (!isText(line) || !isText(stdin)) return undefined;
  if (input !== undefined && !isInput(input, at)) return undefined;
  return {
    ...{ at, user, kind: kind as EntryKind, line, stdin },
    ...(isText(block) && { block }),
    ...(isTime(stop) && { stop }),
    ...(isCut(cut) && { cut: { calls: cut.calls, answers: cut.answers } }),
    ...(Array.isArray(edits) && { edits: edits.map((edit) => (isText(edit) ? edit : null)) }),
    ...(input !== undefined && { input: input.map((typed) => ({ at: typed.at, text: typed.text })) }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LIMITS.text;
}

function isCut(value: unknown): value is ProgramCut {
  if (!isRecord(value)) return false;
  return [value['calls'], value['answers']].every(
    (count) => Number.isSafeInteger(count) && Number(count) >= 0,
  );
}

/** Lines in the order in which they were typed, none before the command began. */
function isInput(value: unknown, start: number): value is Typed[] {
  if (!Array.isArray(value) || value.length > LIMITS.entries) return false;
  let last = start;
  return value.every((typed: unknown) => {
    if (!isRecord(typed) || !isTime(typed['at']) || typed['at'] < last) return false;
    last = typed['at'];
    return typed['text'] === null || isText(typed['text']);
  });
}

/** A simulated year is more than any lab lasts. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 365 * 86_400_000;
}
