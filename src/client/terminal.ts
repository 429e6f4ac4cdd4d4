import type { LineCompletion, OutputChunk, TypedText } from '../worker/protocol.ts';
import { INTERRUPT, isSignalKey, QUIT } from '../worker/protocol.ts';
import type { LabStore } from './lab-store.ts';
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
}

/** A file that a command opened in an editor. */
export interface OpenFile {
  readonly path: string;
  readonly text: string;
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
type Store = Pick<LabStore, 'runLine' | 'type' | 'stop' | 'ask' | 'page'>;

/** A session at the lab's shell: what is on the screen, the history, the file that is open. */
export class TerminalSession {
  readonly #store: Store;
  readonly #listeners = new Set<() => void>();
  readonly #history: string[] = [];
  #state: TerminalState = { items: [], running: false, file: undefined };
  #finishEdit: ((text: string | null) => void) | undefined;
  /** What was typed since the command began. */
  #typed: TypedText[] = [];

  constructor(store: Store) {
    this.#store = store;
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
    if (this.#history.at(-1) !== line) this.#history.push(line);
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
      const chunks = result.outputs.flatMap((output) => output.chunks);
      const hint = explainRefusal(result)?.text;
      this.#replaceLast((item) => ({
        ...item,
        chunks,
        exit: result.exit,
        ...(hint !== undefined && { hint }),
      }));
      if (/^\s*clear\s*$/.test(line)) this.clear();
    } catch (error) {
      this.#write({ stream: 'note', text: error instanceof Error ? error.message : String(error) });
      this.#replaceLast((item) => ({ ...item, exit: 1 }));
    } finally {
      this.#finishEdit = undefined;
      this.#set({ running: false, file: undefined });
    }
    await this.#runTyped(this.#typed.slice(read));
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
