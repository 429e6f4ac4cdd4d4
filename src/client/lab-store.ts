import { scenarioOf } from '../labs/scenario.ts';
import type {
  ClusterEvent,
  CommandLog,
  CommandOutput,
  Grade,
  LabActivity,
  LabSpec,
  LabStatus,
  LogEntry,
  Pace,
  QuestionKind,
  Questions,
  RunResult,
  TraceEvent,
  TypedText,
} from '../worker/protocol.ts';
import type { BlockData } from './block.ts';
import { ownRequests } from './block.ts';
import type { BlockState, CellsSnapshot } from './cells.ts';
import { Cells } from './cells.ts';
import type { SavedLab } from './command-log.ts';
import { SavedLabError } from './command-log.ts';
import { Edits } from './edits.ts';
import type { Listeners, OpenedLab, Progress, WorkerLike } from './lab-client.ts';
import { LabClient, ReplayEndedError } from './lab-client.ts';
import { claimTab, KeptLab } from './kept-lab.ts';
import { addProgress } from './note-progress.ts';
import type { Timeline } from './timeline.ts';
import { blocksUntil, EMPTY_TIMELINE, extend, moveTo, switchTo } from './timeline.ts';

export type { BlockState } from './cells.ts';

export interface PageLab {
  readonly awake: boolean;
  readonly busy: boolean;
  readonly status: LabStatus;
  /** Counts the labs that were made for this page: what is known of one says nothing of the next. */
  readonly generation: number;
  /** What the terminal's lines wrote when this lab was made by its log. */
  readonly replayed: readonly ReplayedCommand[];
  /** What happened since the lab was opened; of a long time, the newest part. */
  readonly trace: readonly TraceEvent[];
  /** Event objects that were recorded since then; the newest part, newest last. */
  readonly events: readonly ClusterEvent[];
  /** The commands of this lab that can be looked at step by step, oldest first. */
  readonly runs: readonly Run[];
  readonly timeline: Timeline;
  readonly pace: Pace;
  /** Whether time passes by itself; undefined while something is run, or the lab sleeps. */
  readonly passing: boolean | undefined;
  /** What can be taken back. */
  readonly undo: 'reset' | 'rewind' | 'load' | undefined;
  /** How far a replay has come, while it goes on. */
  readonly replaying: Progress['replayed'];
  /** Why the last thing that the reader asked of the lab as a whole did not come about. */
  readonly failure: string;
}

/** A line of the terminal that ran again, and its part of the trace. */
export interface ReplayedCommand {
  readonly entry: LogEntry;
  readonly output: CommandOutput;
  readonly trace: readonly TraceEvent[];
}

/** A command: the first of its trace, and where etcd stood before it. */
interface Run {
  readonly sequence: number;
  readonly revision: number;
  readonly label: string;
}

interface Undo {
  readonly page: PageLab;
  readonly cells: CellsSnapshot;
}

/** The user of lines of the terminal, and of everything that says nothing else. */
const USER = 'kubernetes-admin';
const UNDO_TIME = 10_000;
/** How many trace events the page keeps. */
const TRACE_LIMIT = 20_000;
const EVENT_LIMIT = 1000;
const RUN_LIMIT = 50;
const SLEEPING: PageLab = {
  awake: false,
  busy: false,
  generation: 0,
  replayed: [],
  status: { revision: 0, past: 0, time: 0, quiet: true, prompt: 'root@controlplane:~# ' },
  trace: [],
  events: [],
  runs: [],
  timeline: EMPTY_TIMELINE,
  pace: { mode: 'follow', speed: 1 },
  passing: undefined,
  undo: undefined,
  replaying: undefined,
  failure: '',
};

/**
 * The live blocks of one page and their lab. Blocks are cells in order: running one first runs those
 * above it that did not run yet, and makes the results below it stale.
 */
export class LabStore {
  /** The page's path. */
  readonly path: string;
  readonly #client: LabClient;
  readonly #edits: Edits;
  readonly #cells: Cells;
  readonly #listeners = new Set<() => void>();
  readonly #lab: LabSpec;
  readonly #kept: KeptLab;
  #page: PageLab = SLEEPING;
  /** Which block activity is added to, by lab. */
  readonly #latest = new Map<string, string>();
  /** Labs that were asked for before a run. */
  readonly #warmed = new Set<string>();
  #turn: Promise<void> = Promise.resolve();
  #undo: Undo | undefined;
  #undoTimer: ReturnType<typeof setTimeout> | undefined;

  /** `seed` is that of the page's own cluster. */
  constructor(path: string, spawn: () => WorkerLike, seed: number, tab: () => Promise<string> = claimTab) {
    this.path = path;
    const scenario = scenarioOf(path);
    this.#lab = { id: 'page', shape: 'kubeadm', seed, ...(scenario !== undefined && { scenario }) };
    this.#cells = new Cells(this.#lab);
    this.#edits = new Edits(path);
    this.#client = new LabClient(spawn, {
      onOpened: (lab, opened) => this.#takeOpened(lab, opened),
      onActivity: (lab, activity, passing) => this.#takeActivity(lab, activity, passing),
    });
    let claimed: Promise<string> | undefined;
    this.#kept = new KeptLab(path, seed, () => (claimed ??= tab()));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly page = (): PageLab => this.#page;

  /** Tells of a block that is on the page; called while rendering, so it changes nothing that shows. */
  register(data: BlockData, code: string): void {
    if (!this.#cells.has(data.id)) this.#cells.add(data, code);
  }

  /** Brings back what the reader left of a block. */
  async restoreEdit(id: string): Promise<void> {
    const { original } = this.#cells.get(id);
    const kept = await this.#edits.load(id, original);
    if (kept === undefined || this.block(id).code !== original) return;
    if (kept.outdated) this.#update(id, { outdated: kept.code });
    else this.#update(id, { code: kept.code });
  }

  /** Brings back what was run on an earlier visit; it runs again when the lab is next used. */
  async restoreLog(): Promise<void> {
    const timeline = await this.#kept.load();
    if (timeline === undefined || this.#page.awake || this.#page.timeline !== EMPTY_TIMELINE) return;
    this.#wake(timeline);
  }

  block(id: string): BlockState {
    return this.#cells.get(id).state;
  }

  /** What a block is called in the note; its id, if the page has no such block or it has no title. */
  titleOf(id: string): string {
    return (this.#cells.has(id) && this.#cells.get(id).data.title) || id;
  }

  isEdited(id: string): boolean {
    const { state, original } = this.#cells.get(id);
    return state.code !== original;
  }

  setCode(id: string, code: string): void {
    const { original, state } = this.#cells.get(id);
    if (code === state.code) return;
    this.#update(id, { code, outdated: undefined });
    void this.#edits.keep(id, original, code);
  }

  /** Puts the note's own text back. Gives what takes that back. */
  revert(id: string): () => void {
    const { code } = this.block(id);
    this.#update(id, { code: this.#cells.get(id).original, outdated: undefined });
    void this.#edits.drop(id);
    return () => this.setCode(id, code);
  }

  /** Back to what the build computed. Gives what takes that back. */
  clearOutput(id: string): () => void {
    const { phase, result, source, live, failure } = this.block(id);
    this.#cells.clear(id);
    this.#notify();
    return () => this.#update(id, { phase, result, source, live, failure });
  }

  /** The blocks that run first when `id` is run. */
  pendingBefore(id: string): readonly string[] {
    return this.#cells.pendingBefore(id);
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

  /** Runs every block of the page's cluster again, in a new one. */
  async runAll(): Promise<void> {
    this.reset();
    const last = this.#cells.shared().at(-1);
    if (last !== undefined) await this.run(last.data.id);
  }

  /** Runs a line of the terminal. Rejects if the lab itself fails. */
  runLine(line: string, listeners: Listeners): Promise<RunResult> {
    return this.#inTurn(async () => {
      this.#forgetUndo();
      const program = { id: '', kind: 'bash', code: line, user: USER } as const;
      const result = await this.#client.run(this.#lab, program, {
        ...listeners,
        ...{ follow: true, interactive: true },
        onProgress: (progress) => this.#takeProgress(progress),
      });
      this.#latest.delete(this.#lab.id);
      this.#addRun(result, line);
      return result;
    });
  }

  /** What broke the cluster of this page; undefined if nothing did. */
  get scenario(): string | undefined {
    return this.#lab.scenario;
  }

  /** Looks how far the broken cluster is mended. Rejects if the lab itself fails. */
  grade(): Promise<Grade> {
    return this.#inTurn(() => this.#client.ask(this.#lab, 'grade', {}));
  }

  /** Stops or starts a component. Rejects if the lab itself fails. */
  switchComponent(component: string, machine: string, on: boolean): Promise<void> {
    return this.#inTurn(async () => {
      this.#forgetUndo();
      this.#latest.delete(this.#lab.id);
      await this.#client.switchComponent(this.#lab, component, machine, on);
    });
  }

  /** Lets time pass until the next thing happens. */
  step(): Promise<void> {
    return this.#inTurn(() => this.#client.step(this.#lab));
  }

  setPace(pace: Pace): void {
    this.#setPage({ pace });
    this.#client.setPace(this.#lab, pace).catch((error: unknown) => this.#fail(error));
  }

  /** Asks the page's lab what changes nothing; rejects with what etcd says, if it refuses. */
  ask<Kind extends QuestionKind>(
    kind: Kind,
    question: Questions[Kind]['ask'],
    id?: string,
  ): Promise<Questions[Kind]['answer']> {
    return this.#client.ask(id === undefined ? this.#lab : this.#cells.get(id).lab, kind, question);
  }

  /**
   * Boots the lab of a block that the reader is about to use, so that its first run need not wait.
   * A lab that cannot be booted says so when it is used.
   */
  warm(id?: string): void {
    const lab = id === undefined ? this.#lab : this.#cells.get(id).lab;
    if (this.#warmed.has(lab.id)) return;
    this.#warmed.add(lab.id);
    this.#turn = this.#turn
      .then(() => this.#client.open(lab, { onProgress: (progress) => this.#takeProgress(progress) }))
      .catch(() => {})
      .finally(() => this.#setPage({ replaying: undefined }));
  }

  /** Types a line, with its newline, into the terminal of the line that runs; null: Ctrl+D. */
  type(text: TypedText): void {
    this.#client.type(text);
  }

  /** Ends what runs: a command, or a replay. */
  stop(): void {
    this.#client.stop();
  }

  /** A new cluster; the results are what the build computed. Can be taken back for a while. */
  reset(): void {
    this.#remember();
    this.#cells.reset(new Set(), new Set());
    this.#wake(switchTo(this.#page.timeline, []));
    this.#setPage({ undo: 'reset' });
    this.#undoTimer = setTimeout(() => this.#forgetUndo(), UNDO_TIME);
  }

  /**
   * Goes to where the lab stood after the first `position` commands of `entries`: of its own log, or of one that
   * a fork left behind. Nothing changes if the replay is ended.
   */
  goTo(position: number, entries: readonly LogEntry[] = this.#page.timeline.entries): Promise<void> {
    return this.#inTurn(async () => {
      const { timeline } = this.#page;
      const other = entries === timeline.entries ? timeline : switchTo(timeline, entries);
      const target = moveTo(other, position);
      this.#setPage({ replaying: { done: 0, total: target.position } });
      try {
        const log: CommandLog = { v: 1, seed: this.#lab.seed, entries: entries.slice(0, position) };
        this.#remember();
        await this.#client.reopen(this.#lab, log, { onProgress: (progress) => this.#takeProgress(progress) });
        const ran = new Set(log.entries.flatMap(({ block }) => block ?? []));
        const same = entries === timeline.entries;
        this.#cells.reset(ran, same ? blocksUntil(entries, target.position) : new Set());
        this.#setTimeline(target);
        this.#setPage({ undo: 'rewind' });
      } catch (error) {
        this.#undo = undefined;
        if (!(error instanceof ReplayEndedError)) throw error;
      } finally {
        this.#setPage({ replaying: undefined });
      }
    }).catch((error: unknown) => this.#fail(error));
  }

  /** Takes the last reset or rewind back. */
  undo(): void {
    if (this.#undo === undefined) return;
    const { page, cells } = this.#undo;
    this.#cells.restore(cells);
    this.#restoreClient(page.timeline);
    const { generation } = this.#page;
    this.#setPage({ ...page, generation, undo: undefined, busy: false, replaying: undefined });
    this.#keep();
    this.#forgetUndo();
  }

  /** What the reader changed and ran here, as a file or a link carries it. */
  save(): SavedLab {
    const { entries, position } = this.#page.timeline;
    const edited = this.#cells.all().filter(({ data }) => this.isEdited(data.id));
    return {
      ...{ v: 1, seed: this.#lab.seed, page: this.path, entries: entries.slice(0, position) },
      ...(this.scenario !== undefined && { scenario: this.scenario }),
      edits: Object.fromEntries(edited.map(({ data, state }) => [data.id, state.code])),
    };
  }

  /** Takes a saved lab in place of this one, which can be had back. Nothing runs before the reader does something. */
  load({ seed, scenario, entries, edits }: SavedLab): void {
    if (scenario !== this.scenario)
      throw new SavedLabError(
        scenario === undefined
          ? '장애 실습의 기록이 아니다. 처음 상태가 달라 여기서 이어 갈 수 없다.'
          : `다른 장애 실습(${scenario})의 기록이다. 처음 상태가 달라 여기서 이어 갈 수 없다.`,
      );
    if (seed !== this.#lab.seed) throw new SavedLabError(`이 페이지의 클러스터와 seed가 다르다: ${seed}`);
    this.#remember();
    this.#cells.reset(new Set(entries.flatMap(({ block }) => block ?? [])), new Set());
    for (const [id, code] of Object.entries(edits)) if (this.#cells.has(id)) this.setCode(id, code);
    this.#wake(switchTo(this.#page.timeline, entries));
    this.#setPage({ undo: 'load' });
    this.#keep();
  }

  dispose(): void {
    clearTimeout(this.#undoTimer);
    this.#client.terminate();
  }

  async #runOne(id: string, follow: boolean): Promise<boolean> {
    const { data, lab, state } = this.#cells.get(id);
    const onPage = lab.id === this.#lab.id;
    this.#forgetUndo();
    this.#update(id, { phase: 'running', preparing: true, live: [], failure: '' });
    if (onPage) this.#setPage({ busy: true, passing: undefined, failure: '' });
    const start = performance.now();
    try {
      const program = { id, kind: data.kind, code: state.code, user: data.user };
      const listeners: Listeners = onPage ? { onProgress: (progress) => this.#takeProgress(progress) } : {};
      await this.#client.open(lab, listeners);
      this.#update(id, { preparing: false });
      const result = await this.#client.run(lab, program, {
        ...listeners,
        follow,
        onOutput: (chunk) => this.#update(id, { live: [...this.block(id).live, chunk] }),
      });
      this.#cells.get(id).ran = true;
      this.#latest.set(lab.id, id);
      // A broken cluster is not got through by running blocks.
      const present = this.#cells.all().map((cell) => cell.data.id);
      if (this.scenario === undefined) void addProgress(this.path, id, present);
      const elapsed = performance.now() - start;
      this.#update(id, { phase: 'done', result, source: state.code, live: [], elapsed });
      if (onPage) {
        this.#cells.staleAfter(data.index);
        this.#addRun(result, state.code);
      }
      return true;
    } catch (error) {
      const failure =
        error instanceof ReplayEndedError
          ? '준비를 중지했다.'
          : error instanceof Error
            ? error.message
            : String(error);
      this.#update(id, { phase: 'failed', failure, elapsed: performance.now() - start });
      return false;
    } finally {
      if (onPage) this.#rest();
    }
  }

  /** Does something with the page's lab when its turn comes. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      this.#setPage({ busy: true, passing: undefined, failure: '' });
      try {
        return await work();
      } finally {
        this.#rest();
      }
    });
    this.#turn = turn.then(
      () => {},
      () => {},
    );
    return turn;
  }

  /** Something is over: the log is what the lab has now. */
  #rest(): void {
    const { entries } = this.#client.logOf(this.#lab);
    const { timeline } = this.#page;
    if (entries.length > timeline.position) this.#setTimeline(extend(timeline, entries));
    this.#setPage({ awake: true, busy: false, replaying: undefined });
  }

  #fail(error: unknown): void {
    this.#setPage({ failure: error instanceof Error ? error.message : String(error) });
  }

  #takeProgress({ status, replayed }: Progress): void {
    if (replayed === undefined) this.#setPage({ status, awake: true });
    else this.#setPage({ replaying: replayed });
  }

  /** A worker that was started anew knows nothing of the reader's pace. */
  #takeOpened(lab: LabSpec, { entries, activity, lines }: OpenedLab): void {
    this.#latest.delete(lab.id);
    if (lab.id !== this.#lab.id) return;
    const generation = this.#page.generation + 1;
    const replayed = lines.map(({ entry, output, trace: { after, until } }) => ({
      entry: entries[entry]!,
      output,
      trace: activity.trace.filter(({ sequence }) => sequence > after && sequence <= until),
    }));
    this.#setPage({ generation, replayed, trace: [], events: [], runs: [], passing: undefined });
    const { pace } = this.#page;
    if (pace !== SLEEPING.pace) this.setPace(pace);
    this.#addTrace(activity);
  }

  /** What happened after a block was done belongs to that block. */
  #takeActivity(lab: LabSpec, activity: LabActivity, passing: boolean): void {
    const id = this.#latest.get(lab.id);
    if (id !== undefined && activity.trace.length > 0) {
      const { result } = this.block(id);
      this.#update(id, { result: { ...result, activity: joinActivities(result.activity, activity) } });
    }
    if (lab.id !== this.#lab.id) return;
    this.#addTrace(activity);
    this.#setPage({ passing: this.#page.busy ? undefined : passing });
  }

  /** A command ran: what happens from here on is its doing. */
  #addRun({ activity, revision }: RunResult, label: string): void {
    const sequence = activity.trace[0]?.sequence ?? (this.#page.trace.at(-1)?.sequence ?? 0) + 1;
    // What asks nobody for anything (sleep, cat) ends nothing of what came before.
    if (ownRequests(activity.trace).size > 0) {
      const run = { sequence, revision: revision.before, label };
      this.#setPage({ runs: [...this.#page.runs, run].slice(-RUN_LIMIT) });
    }
    this.#addTrace(activity);
  }

  #addTrace({ trace: added, events: recorded, status }: LabActivity): void {
    const { trace, events } = this.#page;
    this.#setPage({
      ...{ awake: true, status },
      ...(added.length > 0 && { trace: [...trace, ...added].slice(-TRACE_LIMIT) }),
      ...(recorded.length > 0 && { events: [...events, ...recorded].slice(-EVENT_LIMIT) }),
    });
  }

  /** The lab is to stand at the end of this timeline; it is made when it is next used. */
  #wake(timeline: Timeline): void {
    this.#restoreClient(timeline);
    const { pace, generation } = this.#page;
    this.#setPage({ ...SLEEPING, awake: true, pace, generation, timeline });
    this.#cells.reset(
      new Set(timeline.entries.slice(0, timeline.position).flatMap(({ block }) => block ?? [])),
      new Set(),
    );
    this.#keep();
  }

  #restoreClient({ entries, position }: Timeline): void {
    this.#warmed.delete(this.#lab.id);
    this.#client.restore(this.#lab, { v: 1, seed: this.#lab.seed, entries: entries.slice(0, position) });
  }

  #setTimeline(timeline: Timeline): void {
    this.#setPage({ timeline });
    this.#keep();
  }

  #keep(): void {
    void this.#kept.save(this.#page.timeline, Date.now());
  }

  #remember(): void {
    this.#forgetUndo();
    this.#undo = { page: this.#page, cells: this.#cells.snapshot() };
  }

  #forgetUndo(): void {
    this.#undo = undefined;
    clearTimeout(this.#undoTimer);
    if (this.#page.undo !== undefined) this.#setPage({ undo: undefined });
  }

  #update(id: string, change: Partial<BlockState>): void {
    this.#cells.update(id, change);
    this.#notify();
  }

  #setPage(change: Partial<PageLab>): void {
    this.#page = { ...this.#page, ...change };
    this.#notify();
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function joinActivities(before: LabActivity, after: LabActivity): LabActivity {
  return {
    trace: [...before.trace, ...after.trace],
    events: [...before.events, ...after.events],
    status: after.status,
  };
}
