import type {
  ClusterEvent,
  CommandLog,
  LabActivity,
  LabSpec,
  LabStatus,
  OutputChunk,
  RunResult,
  StoredValue,
  TraceEvent,
} from '../worker/protocol.ts';
import type { BlockData } from './block.ts';
import { Edits } from './edits.ts';
import type { WorkerLike } from './lab-client.ts';
import { LabClient } from './lab-client.ts';

/**
 * static: what the build computed · waiting: its turn comes · running · done · failed: the lab itself
 * failed · stale: something above ran again since.
 */
type Phase = 'static' | 'waiting' | 'running' | 'done' | 'failed' | 'stale';

export interface BlockState {
  readonly code: string;
  readonly phase: Phase;
  readonly result: RunResult;
  /** Output that came while the block runs. */
  readonly live: readonly OutputChunk[];
  /** Real milliseconds that the last run took. */
  readonly elapsed: number;
  /** How many blocks above it the last run had to run first. */
  readonly ranBefore: number;
  /** Why the lab itself failed. */
  readonly failure: string;
  /** The reader's kept code, when the note's own text changed under it. */
  readonly outdated: string | undefined;
}

export interface PageLab {
  readonly awake: boolean;
  readonly busy: boolean;
  readonly status: LabStatus;
  /** Everything that happened since the lab was opened. */
  readonly trace: readonly TraceEvent[];
  /** Whether the last reset can be taken back. */
  readonly undoable: boolean;
}

interface Cell {
  readonly data: BlockData;
  readonly original: string;
  readonly lab: LabSpec;
  state: BlockState;
  /** Whether it ran in the lab as it is now. */
  ran: boolean;
}

const UNDO_TIME = 10_000;
const SLEEPING: PageLab = {
  awake: false,
  busy: false,
  status: { revision: 0, time: 0 },
  trace: [],
  undoable: false,
};

/**
 * The live blocks of one page and their lab. Blocks are cells in order: running one first runs those
 * above it that did not run yet, and makes the results below it stale.
 */
export class LabStore {
  readonly #client: LabClient;
  readonly #edits: Edits;
  readonly #cells = new Map<string, Cell>();
  readonly #listeners = new Set<() => void>();
  #page: PageLab = SLEEPING;
  /** Which block activity is added to, by lab. */
  readonly #latest = new Map<string, string>();
  /** Labs that were asked for before a run. */
  readonly #warmed = new Set<string>();
  #turn: Promise<void> = Promise.resolve();
  #undo:
    { log: CommandLog; lab: LabSpec; page: PageLab; cells: Map<string, [BlockState, boolean]> } | undefined;
  #undoTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(page: string, spawn: () => WorkerLike) {
    this.#edits = new Edits(page);
    this.#client = new LabClient(spawn, (lab, activity) => this.#takeActivity(lab, activity));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Tells of a block that is on the page; called while rendering, so it changes nothing that shows. */
  register(data: BlockData, code: string): void {
    if (this.#cells.has(data.id)) return;
    const { id, shape, seed, isolated, result } = data;
    this.#cells.set(id, {
      data,
      original: code,
      lab: { id: isolated ? id : 'page', shape, seed },
      state: {
        code,
        phase: 'static',
        result,
        live: [],
        elapsed: 0,
        ranBefore: 0,
        failure: '',
        outdated: undefined,
      },
      ran: false,
    });
  }

  /** Brings back what the reader left of a block. */
  async restoreEdit(id: string): Promise<void> {
    const cell = this.#cell(id);
    const kept = await this.#edits.load(id, cell.original);
    if (kept === undefined || cell.state.code !== cell.original) return;
    if (kept.outdated) this.#update(id, { outdated: kept.code });
    else this.#update(id, { code: kept.code });
  }

  readonly page = (): PageLab => this.#page;

  block(id: string): BlockState {
    return this.#cell(id).state;
  }

  isEdited(id: string): boolean {
    const { state, original } = this.#cell(id);
    return state.code !== original;
  }

  setCode(id: string, code: string): void {
    const cell = this.#cell(id);
    if (code === cell.state.code) return;
    this.#update(id, { code, outdated: undefined });
    void this.#edits.keep(id, cell.original, code);
  }

  /** Puts the note's own text back. */
  revert(id: string): void {
    this.#update(id, { code: this.#cell(id).original, outdated: undefined });
    void this.#edits.drop(id);
  }

  /** Back to what the build computed. */
  clearOutput(id: string): void {
    const { data } = this.#cell(id);
    this.#update(id, { phase: 'static', result: data.result, live: [], failure: '' });
  }

  /** The blocks that run first when `id` is run. */
  pendingBefore(id: string): readonly string[] {
    const cell = this.#cell(id);
    if (cell.data.isolated) return [];
    return [...this.#cells.values()]
      .filter(({ data, ran }) => !data.isolated && !ran && data.index < cell.data.index)
      .sort((a, b) => a.data.index - b.data.index)
      .map(({ data }) => data.id);
  }

  /** Runs a block, after those above it that did not run yet. Resolves when it is done. */
  run(id: string): Promise<void> {
    const turn = this.#turn.then(async () => {
      const above = this.pendingBefore(id);
      this.#update(id, { ranBefore: above.length });
      for (const before of above) {
        if (!(await this.#runOne(before, false))) {
          this.#update(id, { phase: 'failed', failure: '위의 블록을 먼저 실행하다가 멈췄다.' });
          return;
        }
      }
      await this.#runOne(id, true);
    });
    this.#update(id, { phase: 'waiting' });
    this.#turn = turn;
    return turn;
  }

  /**
   * Boots the lab of a block that the reader is about to use, so that its first run need not wait.
   * A lab that cannot be booted says so when the block runs.
   */
  warm(id: string): void {
    const { lab } = this.#cell(id);
    if (this.#warmed.has(lab.id)) return;
    this.#warmed.add(lab.id);
    this.#turn = this.#turn.then(() => this.#client.open(lab)).catch(() => {});
  }

  stop(): void {
    this.#client.stop();
  }

  readKey(id: string, key: string, revision: number): Promise<StoredValue> {
    return this.#client.readKey(this.#cell(id).lab, key, revision);
  }

  /** A new cluster; the results are what the build computed. Can be taken back for a while. */
  reset(): void {
    const lab = [...this.#cells.values()].find(({ data }) => !data.isolated)?.lab;
    if (lab === undefined) return;
    const cells = new Map(
      [...this.#cells].map(([id, { state, ran }]) => [id, [state, ran] as [BlockState, boolean]]),
    );
    this.#undo = { log: this.#client.logOf(lab), lab, page: this.#page, cells };
    this.#client.restore(lab, { v: 1, seed: lab.seed, entries: [] });
    for (const cell of this.#cells.values()) {
      if (cell.data.isolated) continue;
      cell.ran = false;
      this.clearOutput(cell.data.id);
    }
    this.#setPage({ ...SLEEPING, awake: true, undoable: true });
    clearTimeout(this.#undoTimer);
    this.#undoTimer = setTimeout(() => this.#forgetUndo(), UNDO_TIME);
  }

  undoReset(): void {
    if (this.#undo === undefined) return;
    const { log, lab, page, cells } = this.#undo;
    this.#client.restore(lab, log);
    for (const [id, [state, ran]] of cells) {
      const cell = this.#cell(id);
      cell.ran = ran;
      cell.state = { ...state, code: cell.state.code };
    }
    this.#setPage({ ...page, undoable: false });
    this.#forgetUndo();
  }

  dispose(): void {
    clearTimeout(this.#undoTimer);
    this.#client.terminate();
  }

  async #runOne(id: string, follow: boolean): Promise<boolean> {
    const cell = this.#cell(id);
    const { data, lab } = cell;
    const onPage = lab.id === 'page';
    this.#forgetUndo();
    this.#update(id, { phase: 'running', live: [], failure: '' });
    if (onPage) this.#setPage({ ...this.#page, busy: true });
    const start = performance.now();
    try {
      const program = { id, kind: data.kind, code: cell.state.code, user: data.user };
      const result = await this.#client.run(lab, program, {
        follow,
        onOutput: (chunk) => this.#update(id, { live: [...this.#cell(id).state.live, chunk] }),
      });
      cell.ran = true;
      this.#latest.set(lab.id, id);
      this.#update(id, { phase: 'done', result, live: [], elapsed: performance.now() - start });
      if (onPage) {
        this.#staleAfter(data.index);
        this.#addTrace(result.activity);
      }
      return true;
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      this.#update(id, { phase: 'failed', failure, elapsed: performance.now() - start });
      return false;
    } finally {
      if (onPage) this.#setPage({ ...this.#page, awake: true, busy: false });
    }
  }

  #staleAfter(index: number): void {
    for (const { data, state } of this.#cells.values()) {
      if (!data.isolated && data.index > index && state.phase === 'done')
        this.#update(data.id, { phase: 'stale' });
    }
  }

  /** What happened after a block was done belongs to that block. */
  #takeActivity(lab: LabSpec, activity: LabActivity): void {
    const id = this.#latest.get(lab.id);
    if (id !== undefined && activity.trace.length > 0) {
      const { result } = this.#cell(id).state;
      this.#update(id, { result: { ...result, activity: joinActivities(result.activity, activity) } });
    }
    if (lab.id === 'page') this.#addTrace(activity);
  }

  #addTrace(activity: LabActivity): void {
    const trace = activity.trace.length === 0 ? this.#page.trace : [...this.#page.trace, ...activity.trace];
    this.#setPage({ ...this.#page, awake: true, status: activity.status, trace });
  }

  #forgetUndo(): void {
    this.#undo = undefined;
    clearTimeout(this.#undoTimer);
    if (this.#page.undoable) this.#setPage({ ...this.#page, undoable: false });
  }

  #cell(id: string): Cell {
    const cell = this.#cells.get(id);
    if (cell === undefined) throw new Error(`no live block ${JSON.stringify(id)} on this page`);
    return cell;
  }

  #update(id: string, change: Partial<BlockState>): void {
    const cell = this.#cell(id);
    cell.state = { ...cell.state, ...change };
    this.#notify();
  }

  #setPage(page: PageLab): void {
    this.#page = page;
    this.#notify();
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function joinActivities(before: LabActivity, after: LabActivity): LabActivity {
  const events: readonly ClusterEvent[] = [...before.events, ...after.events];
  return { trace: [...before.trace, ...after.trace], events, status: after.status };
}
