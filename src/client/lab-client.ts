import type {
  BlockProgram,
  CommandLog,
  LabActivity,
  LabSpec,
  LogEntry,
  OutputChunk,
  RunResult,
  StoredValue,
  ToPage,
  ToWorker,
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

interface Waiting {
  readonly lab: LabSpec;
  readonly resolve: (message: Extract<ToPage, { type: 'done' }>) => void;
  readonly reject: (error: Error) => void;
  readonly onOutput?: (chunk: OutputChunk) => void;
}

export interface RunOptions {
  /** Let time pass afterwards. */
  readonly follow: boolean;
  readonly onOutput?: (chunk: OutputChunk) => void;
}

/**
 * Talks to the worker: starts it when it is first needed, opens labs, restores them from their
 * logs when the worker had to be ended.
 */
export class LabClient {
  readonly #spawn: () => WorkerLike;
  readonly #onActivity: (lab: LabSpec, activity: LabActivity) => void;
  readonly #logs = new Map<string, LogEntry[]>();
  readonly #open = new Set<string>();
  readonly #waiting = new Map<number, Waiting>();
  /** The labs of past requests, for activity that comes after their answer. */
  readonly #labs = new Map<number, LabSpec>();
  #worker: WorkerLike | undefined;
  #watchdog: ReturnType<typeof setInterval> | undefined;
  #nextId = 1;
  #silent = 0;
  #guest = false;

  constructor(spawn: () => WorkerLike, onActivity: (lab: LabSpec, activity: LabActivity) => void) {
    this.#spawn = spawn;
    this.#onActivity = onActivity;
  }

  logOf(lab: LabSpec): CommandLog {
    return { v: 1, seed: lab.seed, entries: this.#logs.get(lab.id) ?? [] };
  }

  /** Puts a lab back to `log`; nothing runs before the next request. */
  restore(lab: LabSpec, log: CommandLog): void {
    this.#logs.set(lab.id, [...log.entries]);
    this.#open.delete(lab.id);
  }

  /** Boots the lab if it does not stand. */
  async open(lab: LabSpec): Promise<void> {
    if (this.#open.has(lab.id)) return;
    const log = this.logOf(lab);
    await this.#ask(lab, (id) => ({ type: 'open', id, lab, ...(log.entries.length > 0 && { log }) }));
    this.#open.add(lab.id);
  }

  async run(lab: LabSpec, block: BlockProgram, options: RunOptions): Promise<RunResult> {
    await this.open(lab);
    const { follow, onOutput } = options;
    const done = await this.#ask(lab, (id) => ({ type: 'run', id, lab, block, follow }), onOutput);
    this.#logs.set(lab.id, [...(this.#logs.get(lab.id) ?? []), ...done.entries]);
    if (done.result === undefined) throw new TypeError('the worker answered a run without a result');
    return done.result;
  }

  /** An etcd key as of `revision`. */
  async readKey(lab: LabSpec, key: string, revision: number): Promise<StoredValue> {
    await this.open(lab);
    const done = await this.#ask(lab, (id) => ({ type: 'read-key', id, lab, key, revision }));
    if (done.value === undefined) throw new TypeError('the worker answered a read without a value');
    return done.value;
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

  #ask(
    lab: LabSpec,
    message: (id: number) => ToWorker,
    onOutput?: (chunk: OutputChunk) => void,
  ): Promise<Extract<ToPage, { type: 'done' }>> {
    const id = this.#nextId++;
    this.#labs.set(id, lab);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { lab, resolve, reject, ...(onOutput && { onOutput }) });
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
      if (lab !== undefined && this.#open.has(lab.id)) this.#onActivity(lab, message.activity);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    if (message.type === 'output') {
      waiting.onOutput?.(message.chunk);
    } else if (message.type === 'done') {
      this.#waiting.delete(message.id);
      waiting.resolve(message);
    } else if (message.type === 'failed') {
      this.#waiting.delete(message.id);
      this.#open.delete(waiting.lab.id);
      waiting.reject(new Error(message.message));
    }
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
