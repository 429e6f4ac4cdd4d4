import type { Credentials, Cluster, ClusterConfig, HttpResponse, Shell, TraceEvent } from './simulator.ts';
import { Context, statusText } from './simulator.ts';
import { readClusterEvent } from './cluster-event.ts';
import { appendChunk } from './output-buffer.ts';
import { HttpTextError, parseHttpText, prettyJson } from './http-text.ts';
import type {
  BlockProgram,
  ClusterEvent,
  CommandLog,
  CommandOutput,
  HttpExchange,
  LabActivity,
  LabSpec,
  LabStatus,
  LogEntry,
  OutputChunk,
  RunResult,
  StoredValue,
} from './protocol.ts';
import { LAB_USER_AGENT } from './protocol.ts';
import { splitCommands } from './shell-commands.ts';

/** How much simulated time one command may wait for. */
const COMMAND_LIMIT = 5 * 60_000;
/** How long an http block listens to a response that does not end by itself, in simulated time. */
const STREAM_LIMIT = 10_000;
/** How many characters of output a block keeps. */
const OUTPUT_LIMIT = 256 * 1024;
const EVENT_KEYS = '/registry/events/';

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
}

/**
 * A cluster that live blocks run on, with the log of what was run. Simulated time moves only while
 * a command waits for it, and in {@link Lab.advance}.
 */
export class Lab {
  readonly spec: LabSpec;
  readonly #host: LabHost;
  readonly #cluster: Cluster;
  readonly #shell: Shell;
  readonly #start: number;
  readonly #log: LogEntry[] = [];
  #traceRead: number;
  #revision = 0;
  #context: Context | undefined;

  private constructor(host: LabHost, spec: LabSpec, cluster: Cluster) {
    this.#host = host;
    this.spec = spec;
    this.#cluster = cluster;
    this.#shell = cluster.openShell();
    this.#start = cluster.clock.now();
    this.#traceRead = cluster.trace.length;
  }

  /** Boots the cluster of `spec`; with `log`, runs again what was run before. */
  static async open(host: LabHost, spec: LabSpec, log?: CommandLog): Promise<Lab> {
    const { createCluster, settle } = host;
    const cluster = await createCluster({ shape: spec.shape, seed: spec.seed, settle });
    const lab = new Lab(host, spec, cluster);
    await lab.#readRevision();
    for (const entry of log?.entries ?? []) await lab.#replay(entry);
    await lab.#readRevision();
    lab.#traceRead = cluster.trace.length;
    return lab;
  }

  get log(): CommandLog {
    return { v: 1, seed: this.spec.seed, entries: this.#log };
  }

  get status(): LabStatus {
    return { revision: this.#revision, time: this.#cluster.clock.now() - this.#start };
  }

  /** True when nothing but periodic timers is pending. */
  get quiet(): boolean {
    return this.#cluster.clock.quiet;
  }

  /** Everything that happened in the cluster so far. */
  get trace(): readonly TraceEvent[] {
    return this.#cluster.trace;
  }

  /** Runs a block. What the reader did wrong is in the result; rejects for faults of the lab only. */
  async run(block: BlockProgram, options: RunOptions = {}): Promise<RunResult> {
    await this.#readRevision();
    const before = this.status;
    this.#traceRead = this.#cluster.trace.length;
    this.#context = new Context();
    const written: OutputChunk[] = [];
    let size = 0;
    const write = (chunk: OutputChunk): OutputChunk => {
      const room = OUTPUT_LIMIT - size;
      size += chunk.text.length;
      if (room <= 0) return { ...chunk, text: '' };
      const kept = chunk.text.length <= room ? chunk : { ...chunk, text: chunk.text.slice(0, room) };
      appendChunk(written, kept);
      options.onOutput?.(kept);
      return kept;
    };
    try {
      const { outputs, http } = await this.#runKind(block, this.#context, write);
      const activity = await this.readActivity();
      const textOf = (stream: OutputChunk['stream']) =>
        written.reduce((text, chunk) => (chunk.stream === stream ? text + chunk.text : text), '');
      return {
        outputs,
        stdout: textOf('stdout'),
        stderr: textOf('stderr'),
        exit: outputs.at(-1)?.exit ?? 0,
        ...(http !== undefined && { http }),
        activity,
        revision: { before: before.revision, after: activity.status.revision },
        time: { from: before.time, to: activity.status.time },
      };
    } finally {
      this.#context = undefined;
    }
  }

  /** Ends what runs, as Ctrl-C does. */
  stop(): void {
    this.#context?.cancel('stopped');
  }

  /** Lets `duration` simulated milliseconds pass. */
  async advance(duration: number): Promise<void> {
    await this.#cluster.clock.advance(duration);
  }

  /** What happened since this was last asked. */
  async readActivity(): Promise<LabActivity> {
    const trace = this.#cluster.trace.slice(this.#traceRead);
    this.#traceRead = this.#cluster.trace.length;
    const events: ClusterEvent[] = [];
    for (const item of trace) {
      if (item.type !== 'stored' || item.operation === 'delete' || !item.key.startsWith(EVENT_KEYS)) continue;
      const stored = await this.readKey(item.key, item.revision);
      if (stored.value !== undefined) events.push(readClusterEvent(stored.value, item.time));
    }
    await this.#readRevision();
    return { trace, events, status: this.status };
  }

  /** An etcd key as of `revision`; 0 for now. */
  async readKey(key: string, revision: number): Promise<StoredValue> {
    const { clock, etcd } = this.#cluster;
    const response = await clock.until(etcd.get({ key }, { revision }), COMMAND_LIMIT);
    const found = response.kvs[0];
    return found === undefined
      ? { key, createRevision: 0, modRevision: 0, version: 0, lease: '0' }
      : { ...found, value: prettyJson(found.value) };
  }

  async #readRevision(): Promise<void> {
    const { clock, etcd } = this.#cluster;
    const response = await clock.until(etcd.get({ key: '/' }, { countOnly: true }), COMMAND_LIMIT);
    this.#revision = response.header.revision;
  }

  async #runKind(
    block: BlockProgram,
    context: Context,
    write: (chunk: OutputChunk) => OutputChunk,
  ): Promise<{ outputs: CommandOutput[]; http?: HttpExchange }> {
    switch (block.kind) {
      case 'bash':
        return { outputs: await this.#runLines(block, context, write) };
      case 'yaml':
        return { outputs: [await this.#runLine(block, 'kubectl apply -f -', block.code, context, write)] };
      case 'http':
        return this.#runHttp(block, context, write);
      case 'ts':
        return { outputs: [await this.#runProgram(block, context, write)] };
    }
  }

  async #runLines(
    block: BlockProgram,
    context: Context,
    write: (chunk: OutputChunk) => OutputChunk,
  ): Promise<CommandOutput[]> {
    const outputs: CommandOutput[] = [];
    for (const line of splitCommands(block.code)) {
      if (context.cancelled) break;
      outputs.push(await this.#runLine(block, line, '', context, write));
    }
    return outputs;
  }

  async #runLine(
    block: BlockProgram,
    line: string,
    stdin: string,
    context: Context,
    write: (chunk: OutputChunk) => OutputChunk,
  ): Promise<CommandOutput> {
    this.#record(block, line, stdin);
    const prompt = this.#shell.prompt().trimEnd();
    const chunks: OutputChunk[] = [];
    const onOutput = (stream: 'stdout' | 'stderr', text: string) => {
      appendChunk(chunks, write({ stream, text }));
    };
    const own = context.child();
    const work = this.#shell.run(line, { stdin, onOutput, context: own });
    const result = await this.#within(work, COMMAND_LIMIT, () => {
      own.cancel('limit');
      appendChunk(
        chunks,
        write({ stream: 'note', text: `시뮬레이션 시간 ${COMMAND_LIMIT / 60_000}분이 지나 중단했다.` }),
      );
    });
    return { prompt, line, chunks, exit: result.exit };
  }

  async #runHttp(
    block: BlockProgram,
    context: Context,
    write: (chunk: OutputChunk) => OutputChunk,
  ): Promise<{ outputs: CommandOutput[]; http?: HttpExchange }> {
    this.#record(block, block.code, '');
    const output = (chunk: OutputChunk, exit: number): CommandOutput[] => [
      { prompt: '', line: '', chunks: [write(chunk)], exit },
    ];
    try {
      const { method, path, headers, body } = parseHttpText(block.code);
      const response = await this.#within(
        this.#send(block.user, { method, path, headers, body }),
        COMMAND_LIMIT,
        () => {},
      );
      const text = await this.#readBody(response, context);
      const http: HttpExchange = {
        status: response.status,
        statusText: statusText(response.status),
        headers: Object.entries(response.headers).flatMap(([name, value]) =>
          (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
        ),
        body: prettyJson(text),
      };
      const shown = `HTTP/1.1 ${http.status} ${http.statusText}\n${http.headers.map(([name, value]) => `${name}: ${value}\n`).join('')}\n${http.body}`;
      return { outputs: output({ stream: 'stdout', text: shown }, response.status < 400 ? 0 : 1), http };
    } catch (error) {
      if (error instanceof HttpTextError)
        return { outputs: output({ stream: 'note', text: error.message }, 2) };
      if (isConnectionError(error)) return { outputs: output({ stream: 'stderr', text: error.message }, 7) };
      throw error;
    }
  }

  #credentials(user: string): Credentials {
    const credentials = this.#cluster.credentials.get(user);
    if (credentials !== undefined) return credentials;
    const names = [...this.#cluster.credentials.keys()].join(', ');
    throw new Error(`no credentials called ${user}: there are ${names}`);
  }

  async #readBody(response: HttpResponse, context: Context): Promise<string> {
    const { body } = response;
    if (typeof body === 'string') return body;
    let text = '';
    const reading = (async () => {
      for await (const piece of body) {
        text += piece;
        if (text.length > OUTPUT_LIMIT) body.cancel();
      }
    })();
    const release = context.onCancel(() => body.cancel());
    await this.#within(reading, STREAM_LIMIT, () => body.cancel());
    release();
    return text;
  }

  async #runProgram(
    block: BlockProgram,
    context: Context,
    write: (chunk: OutputChunk) => OutputChunk,
  ): Promise<CommandOutput> {
    this.#record(block, block.code, '');
    const { runProgram } = await import('./quickjs/run-program.ts');
    const chunks: OutputChunk[] = [];
    const { clock, etcd } = this.#cluster;
    const { exit } = await runProgram(block.code, {
      users: [...this.#cluster.credentials.keys()],
      user: block.user,
      etcd,
      context,
      write: (stream, text) => appendChunk(chunks, write({ stream, text })),
      request: (user, request) => this.#send(user, request),
      kubectl: (line, own) => this.#shell.run(line, { context: own }),
      sleep: (duration) => clock.sleep(duration, { context }),
      until: (work, limit) => this.#within(work, limit, () => context.cancel('limit')),
      realTime: this.#host.realTime,
      onGuest: this.#host.onGuest ?? (() => {}),
    });
    return { prompt: '', line: '', chunks, exit };
  }

  /** Sends a request as `user`; a token in the request's own headers takes the credentials' place. */
  #send(
    user: string,
    request: { method: string; path: string; headers: Readonly<Record<string, string>>; body: string },
  ): Promise<HttpResponse> {
    const own = request.headers['authorization'] !== undefined;
    const { certificate, bearerToken }: Credentials = own ? {} : this.#credentials(user);
    return this.#cluster.request({
      ...request,
      headers: {
        'user-agent': LAB_USER_AGENT,
        accept: '*/*',
        ...(bearerToken !== undefined && { authorization: `Bearer ${bearerToken}` }),
        ...request.headers,
      },
      ...(certificate !== undefined && { certificate }),
    });
  }

  /**
   * Waits for `work`, moving simulated time. After `limit` simulated milliseconds, or if nothing could
   * bring it, calls `cancel` and gives it a moment to end.
   */
  async #within<T>(work: Promise<T>, limit: number, cancel: () => void): Promise<T> {
    const { clock } = this.#cluster;
    let settled = false;
    const settle = () => {
      settled = true;
    };
    work.then(settle, settle);
    try {
      return await clock.until(work, limit);
    } catch (error) {
      if (settled) throw error;
      cancel();
      return clock.until(work, 60_000);
    }
  }

  #record(block: BlockProgram, line: string, stdin: string): void {
    this.#log.push({ at: this.status.time, user: block.user, kind: block.kind, line, stdin });
  }

  async #replay(entry: LogEntry): Promise<void> {
    await this.#cluster.clock.advanceTo(this.#start + entry.at);
    const block: BlockProgram = { id: '', kind: entry.kind, code: entry.line, user: entry.user };
    const context = new Context();
    const drop = (chunk: OutputChunk) => chunk;
    if (entry.kind === 'bash' || entry.kind === 'yaml') {
      await this.#runLine(block, entry.line, entry.stdin, context, drop);
    } else {
      await this.#runKind(block, context, drop);
    }
  }
}

function isConnectionError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ConnectionError';
}
