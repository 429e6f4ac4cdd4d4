import { get, update } from 'idb-keyval';

/** How far the reader has come in a note. */
export interface NoteProgress {
  /** Live blocks that were run, ever. */
  readonly ran: readonly string[];
  /** How many live blocks the note had when it was last run. */
  readonly total: number;
  /** Of a lab: the most points that it was graded with. */
  readonly score?: number;
}

/** Told on the window, so that what shows progress reads it again. */
const CHANGED = 'note-progress';

const keyOf = (path: string): string => `progress:${path.replace(/\/$/, '')}`;

/** Of the note at this path, with or without a slash at its end; undefined if nothing of it was run. */
export async function loadProgress(path: string): Promise<NoteProgress | undefined> {
  return quietly(() => get<NoteProgress>(keyOf(path)));
}

/** A live block of the note was run; `present` are all that it has now. */
export async function addProgress(path: string, block: string, present: readonly string[]): Promise<void> {
  await quietly(() =>
    update<NoteProgress>(keyOf(path), (kept) => ({
      ran: [...new Set([...(kept?.ran ?? []), block])].filter((id) => present.includes(id)),
      total: present.length,
    })),
  );
  globalThis.dispatchEvent?.(new Event(CHANGED));
}

/** The lab was graded. */
export async function addScore(path: string, score: number): Promise<void> {
  await quietly(() =>
    update<NoteProgress>(keyOf(path), (kept) => ({
      ran: [],
      total: 0,
      score: Math.max(kept?.score ?? 0, score),
    })),
  );
  globalThis.dispatchEvent?.(new Event(CHANGED));
}

/** Calls `listener` after each {@link addProgress} and {@link addScore} in this tab. Returns what ends that. */
export function watchProgress(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  return () => window.removeEventListener(CHANGED, listener);
}

/** A browser may refuse storage (private windows): the page works without. */
async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
