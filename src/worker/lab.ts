import type { RunIo, RunningEntry } from './block-runner.ts';
import { BlockRunner } from './block-runner.ts';
import type { PacedTime } from './driver.ts';
import { Driver } from './driver.ts';
import { EtcdHistory } from './etcd-history.ts';
import { HeartbeatFilter } from './heartbeats.ts';
import { appendChunk, limitOutput } from './output-buffer.ts';
import type {
  BlockProgram,
  CommandLog,
  CommandOutput,
  LabActivity,
  LabSpec,
  LabStatus,
  LogEntry,
  OutputChunk,
  ReplayedLine,
  RunResult,
  TypedText,
} from './protocol.ts';
import type { Cluster, ClusterConfig, Editor, Shell, TraceEvent } from './simulator.ts';
import { Context, TerminalInput } from './simulator.ts';

/** How many characters of output a command, a request or a program keeps. */
const OUTPUT_LIMIT = 256 * 1024;
/** How far a step goes at most, if nothing happens, in simulated milliseconds. */
const STEP_LIMIT = 60_000;
/** A replay looks this often, in simulated milliseconds, whether it is still wanted. */
const REPLAY_STRETCH = 10_000;

/** What the outside world gives to a lab. */
export interface LabHost {
  readonly createCluster: (config: ClusterConfig) => Promise<Cluster>;
  /** One turn of the host's event loop. */
  readonly settle: () => Promise<void>;
  /** Real milliseconds from any fixed instant: limits how long a reader's program computes. */
  readonly realTime: () => number;
  /** Told before and after a reader's program gets the thread. */
  readonly onGuest?: (running: boolean) => void;
}

export interface RunOptions {
  /** Told of output as it comes. */
  readonly onOutput?: (chunk: OutputChunk) => void;
  /** Missing: time passes as fast as it can. */
  readonly paced?: PacedTime;
  /** Missing: no file can be edited. */
  readonly editor?: Editor;
  /** Commands read what is given to {@link Lab.type} while they run; else they have no input. */
  readonly terminal?: boolean;
}

export interface ReplayOptions {
  /** Ends the replay. */
  readonly context?: Context;
  /** Told before each entry, and while time passes between two. */
  readonly onProgress?: (status: LabStatus, done: number, total: number) => void;
  /** Told of each line of the terminal when it has run again. */
  readonly onLine?: (line: ReplayedLine) => void;
}

/** A replay was ended before it was done. */
export class ReplayCancelledError extends Error {
  override readonly name = 'ReplayCancelledError';
}

/**
 * A cluster that live blocks run on, with the log of what was run. Simulated time moves only while
 * a command waits for it, in {@link Lab.advance} and in {@link Lab.step}.
 */
export class Lab {
  readonly host: LabHost;
  readonly spec: LabSpec;
  readonly history: EtcdHistory;
  readonly cluster: Cluster;
  readonly shell: Shell;
  readonly #runner: BlockRunner;
  readonly #start: number;
  readonly #log: LogEntry[] = [];
  readonly #following: Context;
  readonly #heartbeats = new HeartbeatFilter();
  #traceRead = 0;
  #context: Context | undefined;
  #driver: Driver | undefined;
  /** How much was typed since the run began, and what of it no command has read. */
  #typed = 0;
  #unread: TypedText[] = [];

  private constructor(
    host: LabHost,
    spec: LabSpec,
    parts: { readonly cluster: Cluster; readonly history: EtcdHistory; readonly following: Context },
  ) {
    const { cluster } = parts;
    this.host = host;
    this.spec = spec;
    this.cluster = cluster;
    this.history = parts.history;
    this.#following = parts.following;
    this.shell = cluster.openShell();
    this.#runner = new BlockRunner(cluster, this.shell, {
      realTime: host.realTime,
      onGuest: host.onGuest ?? (() => {}),
    });
    this.#start = cluster.clock.now();
    this.#traceRead = sequenceOf(cluster.trace);
  }

  /**
   * Makes the cluster of `spec`, broken if it says so; with `log`, runs again what was run before, which is then its first activity.
   * Rejects with {@link ReplayCancelledError} if that is ended.
   */
  static async open(
    host: LabHost,
    spec: LabSpec,
    log?: CommandLog,
    { context = new Context(), onProgress, onLine }: ReplayOptions = {},
  ): Promise<Lab> {
    const { createCluster, settle } = host;
    const cluster = await createCluster({ shape: spec.shape, seed: spec.seed, settle });
    const { scenario } = spec;
    if (scenario !== undefined) await (await import('./scenario.ts')).breakCluster(cluster, scenario);
    const following = new Context();
    const { clock } = cluster;
    const start = clock.now();
    const history = await EtcdHistory.follow(cluster, following, {
      now: () => clock.now(),
      elapsed: () => clock.now() - start,
    });
    await clock.settled();
    const lab = new Lab(host, spec, { cluster, history, following });
    const entries = log?.entries ?? [];
    for (const [index, entry] of entries.entries()) {
      const after = sequenceOf(cluster.trace);
      const output = await lab.#replay(entry, context, () => onProgress?.(lab.status, index, entries.length));
      if (output === undefined || entry.block !== undefined) continue;
      onLine?.({ entry: index, output, trace: { after, until: sequenceOf(cluster.trace) } });
    }
    return lab;
  }

  get log(): CommandLog {
    return { v: 1, seed: this.spec.seed, entries: this.#log };
  }

  get status(): LabStatus {
    const { clock } = this.cluster;
    const { revision, past } = this.history;
    const time = clock.now() - this.#start;
    return { revision, past, time, quiet: clock.quiet, prompt: this.shell.prompt() };
  }

  /** Everything that happened in the cluster so far. */
  get trace(): readonly TraceEvent[] {
    return this.cluster.trace;
  }

  /** Runs a block. What the reader did wrong is in the result; rejects for faults of the lab only. */
  async run(block: BlockProgram, options: RunOptions = {}): Promise<RunResult> {
    const before = this.status;
    this.#traceRead = sequenceOf(this.cluster.trace);
    this.history.takeEvents();
    const written: OutputChunk[] = [];
    let limit = limitOutput(OUTPUT_LIMIT);
    const write = (chunk: OutputChunk): OutputChunk => {
      const kept = limit(chunk);
      appendChunk(written, kept);
      options.onOutput?.(kept);
      return kept;
    };
    const context = new Context();
    this.#context = context;
    this.#typed = 0;
    this.#unread = [];
    try {
      const { outputs, http } = await this.#runner.run(block, {
        ...{ context, write },
        begin: (line, stdin) => {
          limit = limitOutput(OUTPUT_LIMIT);
          return this.#begin(block, { line, stdin }, context, options);
        },
      });
      const activity = this.readActivity();
      const textOf = (stream: OutputChunk['stream']) =>
        written.reduce((text, chunk) => (chunk.stream === stream ? text + chunk.text : text), '');
      return {
        outputs,
        stdout: textOf('stdout'),
        stderr: textOf('stderr'),
        exit: outputs.at(-1)?.exit ?? 0,
        ...(http !== undefined && { http }),
        ...(options.terminal === true && { typedRead: this.#typed - this.#unread.length }),
        activity,
        revision: { before: before.revision, after: activity.status.revision },
        time: { from: before.time, to: activity.status.time },
      };
    } finally {
      this.#context = undefined;
      this.#driver = undefined;
    }
  }

  /** Ends what runs, as Ctrl-C does. */
  stop(): void {
    if (this.#driver !== undefined) this.#driver.stop();
    else this.#context?.cancel('stopped');
  }

  /** Types something into the terminal of what runs. */
  type(text: TypedText): void {
    this.#typed++;
    if (this.#driver === undefined) this.#unread.push(text);
    else this.#driver.type(text);
  }

  /** Stops or starts a component on a machine. Throws if there is no such component. */
  switchComponent(name: string, machine: string, on: boolean): void {
    const { components } = this.cluster;
    if (on) components.start(name, machine);
    else components.stop(name, machine);
    const line = `${on ? 'start' : 'stop'} ${name} ${machine}`;
    this.#log.push({ at: this.status.time, user: 'root', kind: 'component', line, stdin: '' });
  }

  /** Lets `duration` simulated milliseconds pass, more than none: a replay tells by the time that it did. */
  async advance(duration: number): Promise<void> {
    await this.cluster.clock.advance(Math.max(duration, Number.EPSILON));
  }

  /** Waits for `work`, which changes nothing, and lets time pass as it needs. */
  async until<T>(work: Promise<T>, limit: number): Promise<T> {
    const result = await this.cluster.clock.until(work, limit);
    await this.advance(1);
    return result;
  }

  /** Goes on until something happens that is no heartbeat, for a minute at most. */
  async step(): Promise<LabActivity> {
    const { clock } = this.cluster;
    const end = clock.now() + STEP_LIMIT;
    const parts: LabActivity[] = [];
    do {
      await this.advance(Math.max(1, Math.min(end, clock.nextTimer() ?? end) - clock.now()));
      parts.push(this.readActivity());
    } while (clock.now() < end && parts.at(-1)!.trace.length === 0);
    return {
      trace: parts.flatMap(({ trace }) => trace),
      events: parts.flatMap(({ events }) => events),
      status: this.status,
    };
  }

  /** What happened since this was last asked, heartbeats left out. */
  readActivity(): LabActivity {
    const { trace } = this.cluster;
    const from = trace.length - (sequenceOf(trace) - this.#traceRead);
    this.#traceRead = sequenceOf(trace);
    return {
      trace: this.#heartbeats.news(trace.slice(Math.max(0, from))),
      events: this.history.takeEvents(),
      status: this.status,
    };
  }

  /** Ends what the lab does beside its cluster; it is not used afterwards. */
  close(): void {
    this.#following.cancel();
  }

  #begin(
    { id, user, kind }: BlockProgram,
    { line, stdin }: Pick<LogEntry, 'line' | 'stdin'>,
    context: Context,
    { paced, editor, terminal: hasTerminal = false }: RunOptions,
  ): RunningEntry {
    const { clock } = this.cluster;
    const index = this.#log.length;
    const entry: LogEntry = {
      at: this.status.time,
      user,
      kind,
      line,
      stdin,
      ...(id !== '' && { block: id }),
    };
    this.#log.push(entry);
    const terminal = hasTerminal ? new TerminalInput() : undefined;
    const driver = new Driver({ clock, context, terminal, paced });
    this.#driver = driver;
    for (const text of this.#unread.splice(0)) driver.type(text);
    const edits: (string | null)[] = [];
    return {
      ...{ driver, terminal },
      editor: editor && {
        edit: async (path, text) => {
          const edited = await editor.edit(path, text);
          edits.push(edited ?? null);
          return edited;
        },
      },
      end: (cut) => {
        this.#driver = undefined;
        const unread = terminal?.takeUnread() ?? [];
        this.#unread = [...unread.map((text) => text ?? null), ...driver.takeUntyped()];
        this.#log[index] = {
          ...entry,
          ...(cut !== undefined && { cut }),
          ...(driver.stopped !== undefined && { stop: driver.stopped - this.#start }),
          ...(edits.length > 0 && { edits }),
          ...(terminal?.used === true && {
            input: driver.typed.map(({ at, text }) => ({ at: at - this.#start, text })),
          }),
        };
      },
    };
  }

  /** Runs an entry again; gives what it wrote if it is a command of the shell. */
  async #replay(
    entry: LogEntry,
    context: Context,
    onProgress: () => void,
  ): Promise<CommandOutput | undefined> {
    const { clock } = this.cluster;
    const check = () => {
      onProgress();
      if (context.cancelled) throw new ReplayCancelledError('the replay was cancelled');
    };
    const end = this.#start + entry.at;
    check();
    while (clock.now() < end) {
      await clock.advanceTo(Math.min(end, clock.now() + REPLAY_STRETCH));
      check();
    }
    if (entry.kind === 'component') {
      const [action, name = '', machine = ''] = entry.line.split(' ');
      this.switchComponent(name, machine, action === 'start');
      return undefined;
    }
    const own = context.child();
    const edits = [...(entry.edits ?? [])];
    const io: RunIo = {
      context: own,
      write: limitOutput(OUTPUT_LIMIT),
      begin: () => {
        this.#log.push(entry);
        const stopAt = entry.stop === undefined ? undefined : this.#start + entry.stop;
        const terminal = entry.input && new TerminalInput();
        const typed = entry.input?.map(({ at, text }) => ({ at: this.#start + at, text }));
        return {
          driver: new Driver({ clock, context: own, stopAt, terminal, typed }),
          terminal,
          cut: entry.cut,
          editor: entry.edits && { edit: () => Promise.resolve(edits.shift() ?? undefined) },
          end: () => {},
        };
      },
    };
    const { kind, line, stdin, user } = entry;
    const isLine = kind === 'bash' || kind === 'yaml';
    const output = isLine ? await this.#runner.runLine(line, stdin, io) : undefined;
    if (!isLine) await this.#runner.run({ id: '', kind, code: line, user }, io);
    check();
    return output;
  }
}

/** How many events there were, those included that are not kept any more. */
function sequenceOf(trace: readonly TraceEvent[]): number {
  return trace.at(-1)?.sequence ?? 0;
}
