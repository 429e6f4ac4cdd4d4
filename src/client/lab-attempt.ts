import { get, set } from 'idb-keyval';
import type { Grade } from '../worker/protocol.ts';
import type { LabStore } from './lab-store.ts';
import { addScore } from './note-progress.ts';
import type { TerminalSession } from './terminal.ts';
import { terminalOf } from './terminal.ts';

export type { Grade } from '../worker/protocol.ts';

/** How far the reader has come with a broken cluster. */
export interface AttemptState {
  /** How many hints were asked for. */
  readonly hints: number;
  readonly grade: Grade | undefined;
  /** How many commands had been run when it was graded. */
  readonly gradedAt: number;
  /** The solution was played in this cluster: points count no more. */
  readonly solved: boolean;
  readonly doing: 'grade' | 'solution' | undefined;
  /** Why it could not be graded. */
  readonly failure: string;
}

type Kept = Pick<AttemptState, 'hints' | 'grade' | 'gradedAt' | 'solved'>;

/** What an attempt uses of the lab. */
type Store = Pick<LabStore, 'path' | 'page' | 'grade' | 'reset' | 'warm' | 'setPace'>;
type Terminal = Pick<TerminalSession, 'run' | 'interrupt' | 'clear' | 'read'>;

/** Where an attempt is kept; the browser's storage in the page. */
export interface AttemptStorage {
  load(key: string): Promise<Partial<Kept> | undefined>;
  save(key: string, kept: Kept): Promise<void>;
}

const BROWSER_STORAGE: AttemptStorage = { load: (key) => get(key), save: (key, kept) => set(key, kept) };
const FRESH: AttemptState = {
  ...{ hints: 0, grade: undefined, gradedAt: 0, solved: false },
  ...{ doing: undefined, failure: '' },
};
/** How much faster than a clock the solution waits, if the reader has not chosen a pace. */
const SOLUTION_SPEED = 20;
/** The exit code of a command that Ctrl+C ended. */
const INTERRUPTED = 130;
const attempts = new WeakMap<LabStore, LabAttempt>();

/** The attempt at a page's lab; it stays while the page does. */
export function attemptOf(store: LabStore): LabAttempt {
  let attempt = attempts.get(store);
  if (attempt === undefined) attempts.set(store, (attempt = new LabAttempt(store, terminalOf(store))));
  return attempt;
}

/** What the reader does with a broken cluster as a whole: hints, grades, the solution, and another start. */
export class LabAttempt {
  readonly #store: Store;
  readonly #terminal: Terminal;
  readonly #storage: AttemptStorage;
  readonly #listeners = new Set<() => void>();
  #state = FRESH;

  constructor(store: Store, terminal: Terminal, storage: AttemptStorage = BROWSER_STORAGE) {
    this.#store = store;
    this.#terminal = terminal;
    this.#storage = storage;
    void this.#restore();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): AttemptState => this.#state;

  showHint(): void {
    this.#change({ hints: this.#state.hints + 1 });
  }

  /** Grades the cluster as it is now; resolves when that is done. */
  async grade(): Promise<void> {
    this.#change({ doing: 'grade', failure: '' });
    try {
      const grade = await this.#store.grade();
      this.#change({ grade, gradedAt: this.#store.page().timeline.position });
      if (!this.#state.solved) await addScore(this.#store.path, grade.earned);
    } catch (error) {
      this.#change({ failure: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#change({ doing: undefined });
    }
  }

  /** A cluster that is broken as it was at first. */
  startOver(): void {
    this.#store.reset();
    this.#terminal.clear();
    this.#change({ grade: undefined, gradedAt: 0, solved: false, failure: '' });
    this.#store.warm();
  }

  /** Runs the lines of the solution at the terminal, in a cluster as at first; ends early if one is interrupted. */
  async playSolution(lines: readonly string[]): Promise<void> {
    this.startOver();
    this.#change({ solved: true, doing: 'solution' });
    const { pace } = this.#store.page();
    if (pace.speed === 1) this.#store.setPace({ ...pace, speed: SOLUTION_SPEED });
    for (const line of lines) {
      if (this.#state.doing !== 'solution') break;
      await this.#terminal.run(line);
      if (this.#terminal.read().items.at(-1)?.exit === INTERRUPTED) break;
    }
    this.#store.setPace(pace);
    this.#change({ doing: undefined });
  }

  stopSolution(): void {
    this.#change({ doing: undefined });
    this.#terminal.interrupt();
  }

  get #key(): string {
    return `attempt:${this.#store.path}`;
  }

  async #restore(): Promise<void> {
    const kept = await this.#storage.load(this.#key).catch(() => undefined);
    // The reader may have begun meanwhile.
    if (kept !== undefined && this.#state === FRESH) this.#set({ ...FRESH, ...kept });
  }

  #change(change: Partial<AttemptState>): void {
    this.#set({ ...this.#state, ...change });
    const { hints, grade, gradedAt, solved } = this.#state;
    // A browser may refuse storage (private windows): the lab works without.
    this.#storage.save(this.#key, { hints, grade, gradedAt, solved }).catch(() => {});
  }

  #set(state: AttemptState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}
