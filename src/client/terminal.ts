import type { LineCompletion, LogEntry, OutputChunk, RunResult, TypedText } from '../worker/protocol.ts';
import { INTERRUPT, isSignalKey, QUIT } from '../worker/protocol.ts';
import type { LabStore, ReplayedCommand } from './lab-store.ts';
import { explainRefusal } from './refusal.ts';

/** A command of the terminal and what it wrote so far. */
export interface TerminalItem {
  readonly prompt: string;
  readonly line: string;
  readonly chunks: readonly OutputChunk[];
  /** Missing while it runs. */
  readonly exit?: number;
  /** Why it was refused, in Korean; missing if it was not, or if nobody can say. */
  readonly hint?: string;
  /** What it is in the lab's log; missing while it runs, and if it ran nothing. */
  readonly entry?: LogEntry;
  /** The lab was taken back to before it: it has not happened. */
  readonly undone?: boolean;
}

/** A file that a command opened in an editor. */
export interface OpenFile {
  readonly path: string;
  readonly text: string;
  /** What the reader made of it so far. */
  readonly draft?: string;
}

export interface TerminalState {
  readonly items: readonly TerminalItem[];
  readonly running: boolean;
  readonly file: OpenFile | undefined;
}

/** What the line becomes, and what else it might. */
export interface Completed {
  readonly line: string;
  readonly cursor: number;
  /** More than one: the reader goes on typing. */
  readonly candidates: readonly string[];
}

/** How many commands stay on the screen. */
const ITEMS = 200;
const sessions = new WeakMap<LabStore, TerminalSession>();

/** The terminal of a page's lab; it stays while the page does. */
export function terminalOf(store: LabStore): TerminalSession {
  let session = sessions.get(store);
  if (session === undefined) sessions.set(store, (session = new TerminalSession(store)));
  return session;
}

/** What a session uses of the lab. */
type Store = Pick<LabStore, 'runLine' | 'type' | 'stop' | 'ask' | 'page' | 'subscribe'>;

/**
 * A session at the lab's shell: what is on the screen, the history, the file that is open. The screen follows the
 * lab's log: what a replay ran again is there, and what the lab was taken back from is marked.
 */
export class TerminalSession {
  readonly #store: Store;
  readonly #listeners = new Set<() => void>();
  readonly #history: string[] = [];
  #state: TerminalState = { items: [], running: false, file: undefined };
  #finishEdit: ((text: string | null) => void) | undefined;
  /** What was typed since the command began. */
  #typed: TypedText[] = [];
  /** Entries of the log that are on the screen, or were. */
  readonly #shown = new WeakSet<LogEntry>();
  #followed: Pick<ReturnType<Store['page']>, 'timeline' | 'generation'> | undefined;

  constructor(store: Store) {
    this.#store = store;
    store.subscribe(() => this.#follow());
    this.#follow();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): TerminalState => this.#state;

  /** Oldest first. */
  get history(): readonly string[] {
    return this.#history;
  }

  /**
   * Runs a line, as Enter does, and then what was typed meanwhile and the command did not read. Resolves when all of
   * it has ended.
   */
  async run(line: string): Promise<void> {
    await this.#run(line, []);
  }

  /** Types a line, with its newline, for the command that runs to read; null: Ctrl+D. */
  type(text: TypedText): void {
    this.#typed.push(text);
    this.#store.type(text);
  }

  async #run(line: string, ahead: readonly TypedText[]): Promise<void> {
    const { prompt } = this.#store.page().status;
    if (line.trim() === '') {
      this.#add({ prompt, line, chunks: [], exit: 0 });
      return this.#runTyped(ahead);
    }
    this.#recall(line);
    this.#add({ prompt, line, chunks: [] });
    this.#set({ running: true });
    this.#typed = [];
    let read = Infinity;
    try {
      const running = this.#store.runLine(line, {
        onOutput: (chunk) => this.#write(chunk),
        onEdit: (path, text) => this.#edit(path, text),
      });
      for (const text of ahead) this.type(text);
      const result = await running;
      read = result.typedRead ?? Infinity;
      this.#finish(result);
      if (isClear(line)) this.clear();
    } catch (error) {
      this.#write({ stream: 'note', text: error instanceof Error ? error.message : String(error) });
      this.#replaceLast((item) => ({ ...item, exit: 1 }));
    } finally {
      this.#finishEdit = undefined;
      this.#set({ running: false, file: undefined });
    }
    await this.#runTyped(this.#typed.slice(read));
  }

  /** The command that ran has ended: of several lines, each is now one, as it is in the log. */
  #finish(result: RunResult): void {
    const entries = this.#newEntries(result.outputs.length);
    const hint = explainRefusal(result)?.text;
    const { items } = this.#state;
    const { prompt, line } = items.at(-1)!;
    const ended = result.outputs.map((output, index): TerminalItem => {
      const entry = entries[index];
      return {
        prompt: index === 0 ? prompt : `${output.prompt} `,
        line: result.outputs.length === 1 ? line : output.line,
        chunks: output.chunks,
        exit: output.exit,
        ...(hint !== undefined && index === result.outputs.length - 1 && { hint }),
        ...(entry !== undefined && { entry }),
      };
    });
    // A comment alone runs nothing.
    if (ended.length === 0) ended.push({ prompt, line, chunks: [], exit: result.exit });
    this.#set({ items: [...items.slice(0, -1), ...ended].slice(-ITEMS) });
  }

  /** The last `count` entries of the log, which the command that ended has added. */
  #newEntries(count: number): readonly LogEntry[] {
    const { entries, position } = this.#store.page().timeline;
    const added = entries.slice(Math.max(0, position - count), position);
    for (const entry of added) this.#shown.add(entry);
    return added;
  }

  /** Keeps up with the log: which commands have happened, and what a replay ran again. */
  #follow(): void {
    const { timeline, generation, replayed } = this.#store.page();
    const before = this.#followed;
    this.#followed = { timeline, generation };
    if (timeline !== before?.timeline) {
      const lines = timeline.entries.filter(isTerminalLine).map(({ line }) => line);
      if (this.#history.length === 0) for (const line of lines) this.#recall(line);
      const happened = new Set(timeline.entries.slice(0, timeline.position));
      const items = this.#state.items.map((item) => markUndone(item, happened));
      if (items.some((item, index) => item !== this.#state.items[index])) this.#set({ items });
    }
    if (generation !== before?.generation) this.#addReplayed(replayed);
  }

  /** Puts what ran again and was never on the screen above the line that runs. */
  #addReplayed(replayed: readonly ReplayedCommand[]): void {
    const cleared = replayed.findLastIndex(({ entry }) => isClear(entry.line));
    const added: TerminalItem[] = [];
    for (const [index, { entry, output, trace }] of replayed.entries()) {
      if (this.#shown.has(entry)) continue;
      this.#shown.add(entry);
      if (index <= cleared) continue;
      const { prompt, line, chunks, exit } = output;
      const stderr = chunks.map(({ stream, text }) => (stream === 'stderr' ? text : '')).join('');
      const hint = explainRefusal({ exit, stderr, activity: { trace } })?.text;
      added.push({ prompt: `${prompt} `, line, chunks, exit, entry, ...(hint !== undefined && { hint }) });
    }
    if (added.length === 0) return;
    const { items, running } = this.#state;
    const place = running ? items.length - 1 : items.length;
    this.#set({ items: [...items.slice(0, place), ...added, ...items.slice(place)].slice(-ITEMS) });
  }

  #recall(line: string): void {
    if (this.#history.at(-1) !== line) this.#history.push(line);
  }

  /** Runs the first line of what was typed ahead; the rest may be for that to read. */
  async #runTyped(typed: readonly TypedText[]): Promise<void> {
    // What was typed ahead of Ctrl+C is gone with it.
    const left = typed.slice(typed.findLastIndex(isSignalKey) + 1);
    const [next, ...others] = left.filter((text) => text !== null);
    if (next !== undefined) await this.#run(next.replace(/\n$/, ''), others);
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.#signal(INTERRUPT);
  }

  /** Ctrl-\. */
  quit(): void {
    this.#signal(QUIT);
  }

  #signal(key: TypedText): void {
    if (!this.#state.running) return;
    // Nobody reads keys while a file is open.
    if (this.#state.file !== undefined) this.#store.stop();
    this.type(key);
  }

  /** Ctrl-L. */
  clear(): void {
    this.#set({ items: [] });
  }

  /** What Tab makes of the line with the cursor at `cursor`. */
  async complete(line: string, cursor: number): Promise<Completed> {
    const completion = await this.#store.ask('completion', { line, cursor });
    return applyCompletion(line, cursor, completion);
  }

  /** Keeps what the open file has become; only an editor that opens anew looks at it, so nobody is told. */
  keepDraft(draft: string): void {
    const { file } = this.#state;
    if (file !== undefined) this.#state = { ...this.#state, file: { ...file, draft } };
  }

  /** Closes the open file; null: without saving. */
  closeFile(text: string | null): void {
    this.#finishEdit?.(text);
    this.#finishEdit = undefined;
    this.#set({ file: undefined });
  }

  #edit(path: string, text: string): Promise<string | null> {
    return new Promise((resolve) => {
      this.#finishEdit = resolve;
      this.#set({ file: { path, text } });
    });
  }

  #add(item: TerminalItem): void {
    this.#set({ items: [...this.#state.items, item].slice(-ITEMS) });
  }

  #write(chunk: OutputChunk): void {
    this.#replaceLast(({ chunks, ...item }) => {
      const last = chunks.at(-1);
      if (last?.stream !== chunk.stream) return { ...item, chunks: [...chunks, chunk] };
      return { ...item, chunks: [...chunks.slice(0, -1), { ...last, text: last.text + chunk.text }] };
    });
  }

  #replaceLast(change: (item: TerminalItem) => TerminalItem): void {
    const last = this.#state.items.at(-1);
    if (last !== undefined) this.#set({ items: [...this.#state.items.slice(0, -1), change(last)] });
  }

  #set(change: Partial<TerminalState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

function isClear(line: string): boolean {
  return /^\s*clear\s*$/.test(line);
}

function isTerminalLine({ kind, block }: LogEntry): boolean {
  return kind === 'bash' && block === undefined;
}

/** The item as it is to be shown where only `happened` has happened; itself if that is how it is. */
function markUndone(item: TerminalItem, happened: ReadonlySet<LogEntry>): TerminalItem {
  const undone = item.entry !== undefined && !happened.has(item.entry);
  return undone === (item.undone ?? false) ? item : { ...item, undone };
}

/**
 * Puts in what all candidates have in common. A single one is finished, with a space behind it unless more of
 * the word may come, as in "default/" and "--namespace=".
 */
export function applyCompletion(
  line: string,
  cursor: number,
  { from, candidates }: LineCompletion,
): Completed {
  const [first = '', ...others] = candidates;
  if (candidates.length === 0) return { line, cursor, candidates };
  const common = others.length === 0 ? finish(first) : candidates.reduce(commonPrefix);
  const typed = line.slice(from, cursor);
  const inserted = common.length >= typed.length ? common : typed;
  return {
    line: line.slice(0, from) + inserted + line.slice(cursor),
    cursor: from + inserted.length,
    candidates: others.length === 0 ? [] : candidates,
  };
}

function finish(candidate: string): string {
  return /[/=:]$/.test(candidate) ? candidate : `${candidate} `;
}

function commonPrefix(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
