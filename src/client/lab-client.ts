import type {
  BlockProgram,
  CommandLog,
  LabActivity,
  LabSpec,
  LabStatus,
  LogEntry,
  OutputChunk,
  Pace,
  QuestionKind,
  Questions,
  ReplayedLine,
  RunResult,
  ToPage,
  ToWorker,
  TypedText,
} from '../worker/protocol.ts';
import { checkToPage } from '../worker/protocol.ts';

/** The part of Worker that the client uses. */
export interface WorkerLike {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** How often the watchdog looks, in real milliseconds, and how many silent looks it bears. */
const LOOK = 250;
const SILENT_LOOKS = { guest: 8, lab: 80 };

/** The worker did not answer and was ended; the lab stands as it was before the request. */
export class UnresponsiveError extends Error {
  override readonly name = 'UnresponsiveError';
}

/** The reader ended a replay; the lab stands as it was. */
export class ReplayEndedError extends Error {
  override readonly name = 'ReplayEndedError';
}

/** What is told of labs, whoever asked for what. */
export interface LabListeners {
  /** The lab was made anew by this log; `activity` is all that happened in it. */
  readonly onOpened: (lab: LabSpec, opened: OpenedLab) => void;
  /** `passing`: time goes on by itself. */
  readonly onActivity: (lab: LabSpec, activity: LabActivity, passing: boolean) => void;
}

export interface OpenedLab {
  readonly entries: readonly LogEntry[];
  readonly activity: LabActivity;
  readonly lines: readonly ReplayedLine[];
}

/** What a request tells before it is answered. */
export interface Listeners {
  readonly onOutput?: (chunk: OutputChunk) => void;
  readonly onProgress?: (progress: Progress) => void;
  /** Opens a file in an editor; resolves to null if it was left without saving. */
  readonly onEdit?: (path: string, text: string) => Promise<string | null>;
}

export interface Progress {
  readonly status: LabStatus;
  /** Of the entries of a log that is replayed. */
  readonly replayed?: { readonly done: number; readonly total: number };
}

interface Waiting {
  readonly lab: LabSpec;
  readonly resolve: (message: Extract<ToPage, { type: 'done' }>) => void;
  readonly reject: (error: Error) => void;
  readonly listeners: Listeners;
  /** Whether the lab must be made again if this fails. */
  readonly changes: boolean;
}

export interface RunOptions extends Listeners {
  /** Let time pass afterwards. */
  readonly follow: boolean;
  /** A line of the terminal. */
  readonly interactive?: boolean;
}

/**
 * Talks to the worker: starts it when it is first needed, opens labs, restores them from their
 * logs when the worker had to be ended.
 */
export class LabClient {
  readonly #spawn: () => WorkerLike;
  readonly #listeners: LabListeners;
  readonly #logs = new Map<string, LogEntry[]>();
  readonly #open = new Set<string>();
  readonly #waiting = new Map<number, Waiting>();
  /** Labs by the request that opened them: what passes in them later carries its id. */
  readonly #labs = new Map<number, LabSpec>();
  #worker: WorkerLike | undefined;
  #watchdog: ReturnType<typeof setInterval> | undefined;
  /** The run at the terminal; what is typed before it has begun waits for it. */
  #terminal: { run?: number; readonly early: TypedText[] } = { early: [] };
  #nextId = 1;
  #silent = 0;
  #guest = false;

  constructor(spawn: () => WorkerLike, listeners: LabListeners) {
    this.#spawn = spawn;
    this.#listeners = listeners;
  }

  logOf(lab: LabSpec): CommandLog {
    return { v: 1, seed: lab.seed, entries: this.#logs.get(lab.id) ?? [] };
  }

  /** Puts a lab back to `log`; nothing runs before the next request. */
  restore(lab: LabSpec, log: CommandLog): void {
    this.#logs.set(lab.id, [...log.entries]);
    this.#open.delete(lab.id);
  }

  /** Boots the lab if it does not stand, and runs again what its log says. */
  async open(lab: LabSpec, listeners: Listeners = {}): Promise<void> {
    if (!this.#open.has(lab.id)) await this.reopen(lab, this.logOf(lab), listeners);
  }

  /**
   * Makes the lab anew and brings it to the end of `log`. The one before stays, with its log, if that
   * fails or is ended ({@link ReplayEndedError}).
   */
  async reopen(lab: LabSpec, log: CommandLog, listeners: Listeners = {}): Promise<void> {
    const done = await this.#ask(
      lab,
      (id) => {
        this.#labs.set(id, lab);
        return { type: 'open', id, lab, ...(log.entries.length > 0 && { log }) };
      },
      { listeners, changes: false },
    );
    this.#logs.set(lab.id, [...log.entries]);
    this.#open.add(lab.id);
    const { activity, lines = [] } = done;
    if (activity !== undefined) this.#listeners.onOpened(lab, { entries: log.entries, activity, lines });
  }

  async run(lab: LabSpec, block: BlockProgram, options: RunOptions): Promise<RunResult> {
    await this.open(lab, options);
    const { follow, interactive = false, ...listeners } = options;
    const running = this.#ask(
      lab,
      (id) => {
        if (interactive) this.#terminal.run = id;
        return { type: 'run', id, lab, block, follow, interactive };
      },
      { listeners },
    );
    if (interactive) for (const text of this.#terminal.early.splice(0)) this.type(text);
    const done = await running.finally(() => {
      if (interactive) this.#terminal = { early: [] };
    });
    this.#keep(lab, done.entries);
    if (done.result === undefined) throw new TypeError('the worker answered a run without a result');
    return done.result;
  }

  /** Stops or starts a component. */
  async switchComponent(lab: LabSpec, component: string, machine: string, on: boolean): Promise<void> {
    await this.open(lab);
    const done = await this.#ask(lab, (id) => ({ type: 'switch', id, lab, component, machine, on }));
    this.#keep(lab, done.entries);
    if (done.activity !== undefined) this.#listeners.onActivity(lab, done.activity, true);
  }

  /** Lets time pass until the next thing happens. */
  async step(lab: LabSpec): Promise<void> {
    await this.open(lab);
    const done = await this.#ask(lab, (id) => ({ type: 'step', id, lab }));
    if (done.activity !== undefined) this.#listeners.onActivity(lab, done.activity, true);
  }

  async setPace(lab: LabSpec, pace: Pace): Promise<void> {
    await this.open(lab);
    await this.#ask(lab, (id) => ({ type: 'pace', id, lab, pace }));
  }

  /** Asks what changes nothing. Rejects with what etcd says, if it refuses. */
  async ask<Kind extends QuestionKind>(
    lab: LabSpec,
    kind: Kind,
    question: Questions[Kind]['ask'],
  ): Promise<Questions[Kind]['answer']> {
    await this.open(lab);
    const done = await this.#ask(
      lab,
      (id) => ({ type: 'ask', id, lab, question: { kind, ...question } }) as ToWorker,
      { changes: false },
    );
    if (done.answer === undefined) throw new TypeError(`the worker did not answer ${kind}`);
    return done.answer;
  }

  /** Types a line, with its newline, into the terminal of what runs; null: Ctrl+D. */
  type(text: TypedText): void {
    const { run, early } = this.#terminal;
    if (run === undefined) early.push(text);
    else this.#worker?.postMessage({ type: 'input', id: run, text });
  }

  /** Ends the command that runs, as Ctrl-C does. */
  stop(): void {
    this.#worker?.postMessage({ type: 'stop', id: 0 });
  }

  /** Ends the worker; whatever waits for it is rejected. */
  terminate(reason: Error = new UnresponsiveError('닫았다.')): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#open.clear();
    clearInterval(this.#watchdog);
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(reason);
  }

  #keep(lab: LabSpec, entries: readonly LogEntry[]): void {
    this.#logs.set(lab.id, [...(this.#logs.get(lab.id) ?? []), ...entries]);
  }

  #ask(
    lab: LabSpec,
    message: (id: number) => ToWorker,
    { listeners = {}, changes = true }: { listeners?: Listeners; changes?: boolean } = {},
  ): Promise<Extract<ToPage, { type: 'done' }>> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { lab, resolve, reject, listeners, changes });
      this.#start().postMessage(message(id));
    });
  }

  #start(): WorkerLike {
    if (this.#worker !== undefined) return this.#worker;
    const worker = this.#spawn();
    worker.onmessage = (event) => this.#receive(checkToPage(event.data));
    worker.onerror = (event) => this.terminate(new Error(event.message || '워커를 시작하지 못했다.'));
    this.#worker = worker;
    this.#silent = 0;
    this.#guest = false;
    this.#watchdog = setInterval(() => this.#look(), LOOK);
    return worker;
  }

  #receive(message: ToPage): void {
    this.#silent = 0;
    this.#guest = message.type === 'alive' && message.guest;
    if (message.type === 'activity') {
      const lab = this.#labs.get(message.id);
      if (lab !== undefined && this.#open.has(lab.id))
        this.#listeners.onActivity(lab, message.activity, message.passing);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    const { lab, listeners } = waiting;
    if (message.type === 'output') {
      listeners.onOutput?.(message.chunk);
    } else if (message.type === 'progress') {
      listeners.onProgress?.(message);
    } else if (message.type === 'edit') {
      void this.#edit(message, listeners);
    } else if (message.type === 'done') {
      this.#waiting.delete(message.id);
      waiting.resolve(message);
    } else if (message.type === 'failed') {
      this.#waiting.delete(message.id);
      if (waiting.changes) this.#open.delete(lab.id);
      waiting.reject(
        message.cancelled === true ? new ReplayEndedError(message.message) : new Error(message.message),
      );
    }
  }

  async #edit({ id, path, text }: Extract<ToPage, { type: 'edit' }>, { onEdit }: Listeners): Promise<void> {
    const edited = (await onEdit?.(path, text)) ?? null;
    this.#worker?.postMessage({ type: 'edited', id, text: edited });
  }

  /** Counts looks, not time: a page that was asleep has not looked. */
  #look(): void {
    if (this.#waiting.size === 0) {
      this.#silent = 0;
    } else if (++this.#silent > (this.#guest ? SILENT_LOOKS.guest : SILENT_LOOKS.lab)) {
      this.terminate(
        new UnresponsiveError(
          '2초 동안 응답이 없어 중단했다. 클러스터는 이 블록을 실행하기 전 상태로 되돌린다.',
        ),
      );
    }
  }
}
