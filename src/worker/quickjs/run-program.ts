import type {
  QuickJSContext,
  QuickJSDeferredPromise,
  QuickJSHandle,
  QuickJSRuntime,
} from 'quickjs-emscripten';
import type { CompiledProgram } from './compile.ts';
import { compile, CompileError } from './compile.ts';
import type { ProgramCut } from '../protocol.ts';
import type { ProgramHost } from './host-calls.ts';
import { HostCalls } from './host-calls.ts';
import { discardQuickJs, loadQuickJs, MEMORY_LIMIT } from './module.ts';
import { PRELUDE } from './prelude.ts';

/** How the program is called in stack traces. */
const FILE = 'program.ts';
/** Real milliseconds that a program may compute in all. */
const DEADLINE = 1000;
/** More than this breaks the host's own stack. */
const STACK_LIMIT = 128 * 1024;
const OUTPUT_LIMIT = 128 * 1024;
const JOBS_PER_SLICE = 500;
/** Simulated milliseconds that a program may wait for something other than a sleep. */
const WAIT_LIMIT = 60_000;

/** How many calls may wait for their answers at the same time. */
const CALL_LIMIT = 1000;
/** Simulated milliseconds that a program may take in all. */
const PROGRAM_LIMIT = 30 * 60_000;

/** Why the lab ended a program. */
const ENDINGS = {
  deadline: `계산이 ${DEADLINE / 1000}초를 넘어 멈췄다. 끝나지 않는 반복문이 있는지 본다.`,
  memory: `메모리를 ${MEMORY_LIMIT / 1024 / 1024}MiB 넘게 써서 멈췄다.`,
  output: `출력이 ${OUTPUT_LIMIT / 1024}KiB를 넘어 멈췄다.`,
  depth: '호출이나 괄호가 너무 깊이 겹쳐 멈췄다.',
  calls: `답을 기다리는 요청이 ${CALL_LIMIT}개를 넘어 멈췄다.`,
  stopped: '중지했다.',
  time: `시뮬레이션 시간 ${PROGRAM_LIMIT / 60_000}분이 지나 멈췄다.`,
  limit: '기다리는 일이 시뮬레이션 시간 1분 동안 일어나지 않아 멈췄다.',
  stuck: '프로그램이 기다리는 일이 일어나지 않는다: 끝나지 않는 Promise를 await하고 있다.',
} as const;
type Ending = keyof typeof ENDINGS;
/** What a replay need not go through again: after its last call a program changed nothing. */
const EXHAUSTED: ReadonlySet<Ending> = new Set(['deadline', 'memory', 'output', 'depth', 'calls']);

interface GuestError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** The engine's own stack was too small for what the program does. */
class DepthError extends Error {
  override readonly name = 'DepthError';
}

/** How a program went. */
export interface ProgramResult {
  /** 0, or 1 if it failed. */
  readonly exit: number;
  /** Where it was when it had used up its time, memory, output or calls. */
  readonly cut?: ProgramCut;
}

/** Runs a TypeScript program in a fresh QuickJS context. */
export async function runProgram(source: string, host: ProgramHost): Promise<ProgramResult> {
  let compiled: CompiledProgram;
  try {
    compiled = compile(source);
  } catch (error) {
    if (error instanceof RangeError) {
      host.write('note', ENDINGS.depth);
      return { exit: 1 };
    }
    if (!(error instanceof CompileError)) throw error;
    host.write('stderr', `${FILE}:${error.line}:${error.column} ${error.name}: ${error.message}\n`);
    return { exit: 1 };
  }
  const quickJs = await loadQuickJs();
  const program = new Program(quickJs.newRuntime(), host, compiled);
  try {
    const exit = await program.run();
    return { exit, ...(program.cut !== undefined && { cut: program.cut }) };
  } catch (error) {
    discardQuickJs();
    throw error;
  } finally {
    program.dispose();
  }
}

class Program {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #host: ProgramHost;
  readonly #compiled: CompiledProgram;
  readonly #calls: HostCalls;
  /** Calls that the host has not answered; only "stream.next" does not keep a program alive. */
  readonly #pending = new Map<QuickJSDeferredPromise, string>();
  readonly #answers: (() => void)[] = [];
  #wake: () => void = () => {};
  #computed = 0;
  #written = 0;
  /** Calls that the program made, and answers that it was given. */
  #made = 0;
  #given = 0;
  #ending: Ending | undefined;
  #floating: GuestError | undefined;
  #closed = false;
  /** The engine failed in the middle of something: it cannot even be told to end. */
  #broken = false;

  constructor(runtime: QuickJSRuntime, host: ProgramHost, compiled: CompiledProgram) {
    this.#runtime = runtime;
    this.#context = runtime.newContext();
    this.#host = host;
    this.#compiled = compiled;
    this.#calls = new HostCalls(host);
    runtime.setMaxStackSize(STACK_LIMIT);
  }

  /** Where it was when it had used up what a program may; undefined if it had not. */
  get cut(): ProgramCut | undefined {
    return this.#ending !== undefined && EXHAUSTED.has(this.#ending)
      ? { calls: this.#made, answers: this.#given }
      : undefined;
  }

  async run(): Promise<number> {
    this.#install();
    const release = this.#host.context.onCancel((reason) => {
      this.#ending ??= reason === 'limit' || reason === 'time' ? reason : 'stopped';
      this.#wake();
    });
    const end = this.#host.now() + PROGRAM_LIMIT;
    try {
      const main = this.#compute(() => this.#context.evalCode(this.#compiled.code, FILE, { type: 'module' }));
      if (main.error) return this.#fail(this.#takeError(main.error));
      const promise = main.value;
      try {
        return await this.#finish(promise, end);
      } finally {
        promise.dispose();
      }
    } catch (error) {
      if (error instanceof DepthError) return this.#end(this.#ending ?? 'depth');
      throw error;
    } finally {
      release();
    }
  }

  dispose(): void {
    this.#closed = true;
    this.#calls.close();
    if (this.#broken) {
      discardQuickJs();
      return;
    }
    try {
      for (const deferred of this.#pending.keys()) deferred.dispose();
      this.#context.dispose();
      this.#runtime.dispose();
    } catch {
      // A handle leaked inside the engine: it is not used again.
      discardQuickJs();
    }
  }

  /** Lets jobs run and answers come until the program is done. */
  async #finish(promise: QuickJSHandle, end: number): Promise<number> {
    for (;;) {
      for (let answer = this.#answers.shift(); answer !== undefined; answer = this.#answers.shift()) answer();
      if (this.#isCut()) this.#ending ??= 'deadline';
      const failure = this.#runJobs();
      if (failure !== undefined) return this.#fail(failure);
      if (this.#ending !== undefined) return this.#end(this.#ending);
      if (this.#floating !== undefined) return this.#fail(this.#floating);
      const state = this.#context.getPromiseState(promise);
      if (state.type === 'rejected') return this.#fail(this.#takeError(state.error));
      const done = state.type === 'fulfilled';
      if (state.type === 'fulfilled' && !state.notAPromise) state.value.dispose();
      const calls = [...this.#pending.values()];
      if (done && calls.every((name) => name === 'stream.next')) return 0;
      if (this.#answers.length > 0) continue;
      if (calls.length === 0) return this.#end('stuck');
      const answered = new Promise<void>((resolve) => (this.#wake = resolve));
      const left = end - this.#host.now();
      const patience = calls.includes('sleep') ? Infinity : WAIT_LIMIT;
      await this.#host.until(answered, Math.min(left, patience), left <= patience ? 'time' : 'limit');
    }
  }

  /** Runs what is ready. Gives an error that no promise took. */
  #runJobs(): GuestError | undefined {
    while (this.#ending === undefined && this.#runtime.hasPendingJob()) {
      const result = this.#compute(() => this.#runtime.executePendingJobs(JOBS_PER_SLICE));
      if (result.error) {
        const error = this.#takeError(result.error);
        if (this.#ending === undefined) return error;
      } else {
        result.dispose();
      }
    }
    return undefined;
  }

  /** Gives the thread to the guest and counts its time. */
  #compute<T>(work: () => T): T {
    const start = this.#host.realTime();
    const end = start + DEADLINE - this.#computed;
    const over = this.#host.cut === undefined ? () => this.#host.realTime() > end : () => this.#isCut();
    this.#runtime.setInterruptHandler(() => {
      if (over()) this.#ending ??= 'deadline';
      return this.#ending !== undefined;
    });
    this.#host.onGuest(true);
    try {
      return work();
    } catch (error) {
      // The engine's own functions call each other too deeply, or run out of their memory for it.
      if (!(error instanceof RangeError) && !(error instanceof WebAssembly.RuntimeError)) throw error;
      this.#broken = true;
      throw new DepthError(error.message, { cause: error });
    } finally {
      this.#computed += this.#host.realTime() - start;
      this.#host.onGuest(false);
    }
  }

  /** Whether it is where its time was over when it ran the first time. */
  #isCut(): boolean {
    const { cut } = this.#host;
    return cut !== undefined && this.#given >= cut.answers && this.#made >= cut.calls;
  }

  #install(): void {
    const context = this.#context;
    const define = (name: string, implementation: (...args: QuickJSHandle[]) => QuickJSHandle | void) =>
      context
        .newFunction(name, (...args) => implementation(...args))
        .consume((handle) => context.setProp(context.global, name, handle));
    define('__write', (stream, text) => this.#write(context.getString(stream!), context.getString(text!)));
    define('__now', () => context.newNumber(this.#host.now()));
    define('__call', (name, args) => this.#call(context.getString(name!), context.getString(args!)));
    context.unwrapResult(context.evalCode(PRELUDE, 'prelude.js')).dispose();
  }

  #write(stream: string, text: string): void {
    if (this.#ending !== undefined) return;
    this.#written += text.length;
    if (this.#written > OUTPUT_LIMIT) this.#ending = 'output';
    else this.#host.write(stream === 'stderr' ? 'stderr' : 'stdout', text);
  }

  #call(name: string, json: string): QuickJSHandle {
    const context = this.#context;
    const deferred = context.newPromise();
    const args = JSON.parse(json) as unknown[];
    if (name === 'fail') {
      this.#floating = { name: '', message: String(args[0]), stack: String(args[1]) };
      this.#pending.set(deferred, 'stream.next');
      return deferred.handle;
    }
    this.#pending.set(deferred, name);
    // The engine looks now and then whether its time is over: until then it would go on.
    if (this.#isCut()) this.#ending ??= 'deadline';
    if (this.#pending.size > CALL_LIMIT) this.#ending ??= 'calls';
    if (this.#ending !== undefined) return deferred.handle;
    this.#made++;
    const answer = (value: unknown) => {
      this.#answers.push(() => {
        if (this.#closed || !this.#pending.delete(deferred)) return;
        this.#given++;
        context.newString(JSON.stringify(value)).consume((handle) => deferred.resolve(handle));
        deferred.dispose();
      });
      this.#wake();
    };
    this.#calls.call(name, args).then(
      (value) => answer({ value }),
      (error: Error & { code?: unknown }) =>
        answer({ error: { name: error.name, message: error.message, code: error.code } }),
    );
    return deferred.handle;
  }

  #takeError(handle: QuickJSHandle): GuestError {
    const dumped: unknown = handle.consume((error) => this.#context.dump(error));
    if (typeof dumped === 'object' && dumped !== null) {
      const { name, message, stack } = dumped as Partial<GuestError>;
      return { name: name ?? 'Error', message: message ?? JSON.stringify(dumped), stack: stack ?? '' };
    }
    return { name: '', message: String(dumped), stack: '' };
  }

  #fail(error: GuestError): number {
    if (this.#ending !== undefined) return this.#end(this.#ending);
    // With nothing left, not even the error could be made.
    const empty = error.name === '' && ['', 'null', 'undefined'].includes(error.message);
    if (empty || (error.name === 'InternalError' && error.message === 'out of memory'))
      return this.#end('memory');
    const place = new RegExp(`${FILE.replace('.', '\\.')}:(\\d+)(?::(\\d+))?`).exec(error.stack);
    const found =
      place === null ? undefined : this.#compiled.map.locate(Number(place[1]), Number(place[2] ?? 1));
    const prefix = found === undefined ? '' : `${FILE}:${found.line}:${found.column} `;
    this.#host.write('stderr', `${prefix}${error.name === '' ? '' : `${error.name}: `}${error.message}\n`);
    return 1;
  }

  #end(ending: Ending): number {
    this.#ending ??= ending;
    if (ending === 'memory') discardQuickJs();
    this.#host.write('note', ENDINGS[ending]);
    return 1;
  }
}
