import type { Clock } from '../../../clock/clock.ts';
import { Context } from '../../../clock/context.ts';
import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import type { InputStream, Program, ProgramEnvironment, ProgramLookup } from '../../../node/program.ts';
import { cancelled, NO_INPUT } from '../../../node/program.ts';
import { LineInput, Pipe, textInput } from '../../../node/pipe.ts';
import { BUILTINS } from './builtins.ts';
import type { ShellState } from './builtins.ts';
import type { Expansion } from './expand.ts';
import { expandPattern, expandText, expandWords, ExpansionProblem } from './expand.ts';
import type { ShellIo } from './leave.ts';
import { Leave } from './leave.ts';
import { parseScript } from './parser.ts';
import type { Node, Redirect, Script } from './syntax.ts';

/** How a family of shells says that there is no such command. */
export type ShellFlavour = 'ash' | 'dash' | 'bash';

/** A loop that never waits is made to, so that simulated time can pass. */
const ROUNDS_WITHOUT_TIME = 200;
const FORCED_WAIT_MS = 1000;

/** One shell process: its variables, functions, traps and jobs. */
export class ShellInterpreter implements ShellState {
  readonly environment: ProgramEnvironment;
  readonly name: string;
  readonly variables: Map<string, string>;
  readonly exported: Set<string>;
  readonly functions: Map<string, Node>;
  readonly traps = new Map<string, string>();
  readonly jobs: { readonly pid: number; readonly done: Promise<number> }[] = [];
  positional: string[];
  status = 0;
  cwd: string;
  /** set -e */
  exitOnError = false;
  /** set -x */
  trace = false;
  lastJob = 0;
  /** The next program takes the shell's place and gets its signals: `exec`, the last command of `sh -c`. */
  replaces = false;
  readonly #find: ProgramLookup;
  readonly #flavour: ShellFlavour;
  #loops = 0;
  #conditions = 0;
  #interrupted: (() => void) | undefined;
  #signalled = false;
  /** What a terminal's keys end, while there is a foreground job. */
  #job: Context | undefined;

  constructor(
    environment: ProgramEnvironment,
    find: ProgramLookup,
    flavour: ShellFlavour,
    name: string,
    positional: readonly string[],
  ) {
    this.environment = environment;
    this.name = name;
    this.#find = find;
    this.#flavour = flavour;
    this.positional = [...positional];
    this.variables = new Map(Object.entries(environment.envs));
    this.exported = new Set(Object.keys(environment.envs));
    this.functions = new Map();
    this.cwd = environment.cwd;
    this.variables.set('PWD', this.cwd);
    environment.terminated.onCancel(() => {
      this.#signalled = true;
      if (this.traps.has('TERM')) this.#interrupted?.();
    });
  }

  /** Runs a script to its end and gives the exit status of the shell. */
  async run(script: Script, io: ShellIo): Promise<number> {
    let status: number;
    try {
      status = await this.script(script, io);
    } catch (error) {
      if (!(error instanceof Leave)) throw error;
      status = error.status;
    }
    return this.leave(status, io);
  }

  /** Does what is to be done at the end of the shell; gives its exit status. */
  async leave(status: number, io: ShellIo): Promise<number> {
    const onExit = this.traps.get('EXIT');
    if (onExit === undefined || this.environment.killed.cancelled) return status;
    this.traps.delete('EXIT');
    return this.run(parseScript(onExit), io);
  }

  /** Runs a script as the foreground job of an interactive shell; `job` ends it, and the shell goes on. */
  async runJob(script: Script, io: ShellIo, job: Context): Promise<void> {
    this.#job = job;
    try {
      await this.script(script, io);
    } catch (error) {
      if (!(error instanceof Leave)) throw error;
      if (error.from === 'shell' && !job.cancelled) throw error;
      this.status = error.status;
    } finally {
      this.#job = undefined;
    }
  }

  /** Cancelled when this shell, or what it runs in the foreground, is killed. */
  get #killed(): Context {
    return this.#job ?? this.environment.killed;
  }

  async script(script: Script, io: ShellIo): Promise<number> {
    for (const { node, operator, background } of script) {
      if ((operator === '&&' && this.status !== 0) || (operator === '||' && this.status === 0)) continue;
      if (background) this.#background(node, io);
      else await this.node(node, io);
    }
    return this.status;
  }

  /** Waits for a promise, but not longer than until a trapped signal comes or the foreground job is ended. */
  async interruptible<T>(work: Promise<T>): Promise<T | undefined> {
    if (this.#signalled && this.traps.has('TERM')) return undefined;
    const signal = new Promise<undefined>((resolve) => (this.#interrupted = () => resolve(undefined)));
    const release = this.#killed.onCancel(() => this.#interrupted?.());
    const result = await Promise.race([work, signal]);
    release();
    this.#interrupted = undefined;
    return result;
  }

  async node(node: Node, io: ShellIo): Promise<number> {
    await this.#checkSignals(io);
    if (this.#killed.cancelled) throw new Leave('shell', exitOfKilled(this.#killed));
    const { redirects } = node;
    if (redirects === undefined || redirects.length === 0) {
      this.status = await this.#evaluate(node, io);
    } else {
      const redirected = await this.#redirect(redirects, io);
      this.status = redirected === undefined ? 1 : await this.#evaluate(node, redirected);
    }
    await this.#checkSignals(io);
    if (this.exitOnError && this.status !== 0 && this.#conditions === 0 && node.type === 'simple')
      throw new Leave('shell', this.status);
    return this.status;
  }

  async #evaluate(node: Node, io: ShellIo): Promise<number> {
    switch (node.type) {
      case 'simple':
        return this.#simple(node, io);
      case 'pipeline': {
        const status = await this.#pipeline(node.parts, io);
        return node.negated ? Number(status === 0) : status;
      }
      case 'if':
        for (const { condition, body } of node.clauses) {
          if ((await this.#condition(condition, io)) === 0) return this.#block(body, io);
        }
        return node.otherwise === undefined ? 0 : this.#block(node.otherwise, io);
      case 'loop':
        return this.#loop(io, async () => {
          const holds = (await this.#condition(node.condition, io)) === 0;
          return holds === node.until ? undefined : node.body;
        });
      case 'for': {
        const words =
          node.words === undefined ? [...this.positional] : await expandWords(node.words, this.expansion(io));
        let index = 0;
        return this.#loop(io, () => {
          const word = words[index++];
          if (word === undefined) return Promise.resolve(undefined);
          this.variables.set(node.name, word);
          return Promise.resolve(node.body);
        });
      }
      case 'case': {
        const text = await expandText(node.word, this.expansion(io));
        for (const { patterns, body } of node.arms) {
          for (const pattern of patterns) {
            if ((await expandPattern(pattern, this.expansion(io))).test(text)) return this.#block(body, io);
          }
        }
        return 0;
      }
      case 'group':
        return node.subshell ? this.fork().run(node.body, io) : this.#block(node.body, io);
      case 'function':
        this.functions.set(node.name, node.body);
        return 0;
    }
  }

  async #block(script: Script, io: ShellIo): Promise<number> {
    this.status = 0;
    return this.script(script, io);
  }

  async #condition(script: Script, io: ShellIo): Promise<number> {
    this.#conditions++;
    try {
      return await this.#block(script, io);
    } finally {
      this.#conditions--;
    }
  }

  async #loop(io: ShellIo, next: () => Promise<Script | undefined>): Promise<number> {
    const { clock } = this.environment;
    const killed = this.#killed;
    let status = 0;
    let rounds = 0;
    let since = clock.now();
    this.#loops++;
    try {
      for (let body = await next(); body !== undefined; body = await next()) {
        try {
          status = await this.#block(body, io);
        } catch (error) {
          if (!(error instanceof Leave) || error.from !== 'loop') throw error;
          if (error.depth > 1) throw new Leave('loop', error.status, error.depth - 1, error.goesOn);
          if (!error.goesOn) return 0;
        }
        if (clock.now() !== since) rounds = 0;
        else if (++rounds >= ROUNDS_WITHOUT_TIME) {
          await clock.sleep(FORCED_WAIT_MS, { context: killed, periodic: true });
          rounds = 0;
        }
        since = clock.now();
      }
    } finally {
      this.#loops--;
    }
    return status;
  }

  async #pipeline(parts: readonly Node[], io: ShellIo): Promise<number> {
    if (parts.length === 1) {
      this.#conditions++;
      try {
        return await this.node(parts[0]!, io);
      } finally {
        this.#conditions--;
      }
    }
    let input: InputStream = io.stdin;
    const running = parts.map(async (part, index) => {
      const isLast = index === parts.length - 1;
      const pipe = new Pipe();
      const from = input;
      input = pipe;
      const context = this.#killed.child();
      const shell = this.fork(context);
      const status = await shell.run([{ node: part, operator: ';', background: false }], {
        stdin: new LineInput(from),
        stdout: isLast
          ? io.stdout
          : (text) => {
              pipe.write(text);
              if (pipe.abandoned) context.cancel('SIGPIPE');
            },
        stderr: io.stderr,
      });
      pipe.end();
      if (from instanceof Pipe) from.abandon();
      return status;
    });
    return (await Promise.all(running)).at(-1)!;
  }

  #background(node: Node, io: ShellIo): void {
    const pid = FIRST_JOB_PID + this.jobs.length;
    const shell = this.fork(this.environment.killed);
    const done = shell.run([{ node, operator: ';', background: false }], {
      ...io,
      stdin: new LineInput(NO_INPUT),
    });
    this.lastJob = pid;
    this.jobs.push({ pid, done });
    this.status = 0;
  }

  async #simple(node: Extract<Node, { type: 'simple' }>, io: ShellIo): Promise<number> {
    const expansion = this.expansion(io);
    try {
      const words = await expandWords(node.words, expansion);
      if (words.length === 0) {
        for (const { name, value } of node.assignments)
          this.variables.set(name, await expandText(value, expansion));
        return node.assignments.some(({ value }) => value.some(({ kind }) => kind === 'command'))
          ? this.status
          : 0;
      }
      const own: Record<string, string> = {};
      for (const { name, value } of node.assignments) own[name] = await expandText(value, expansion);
      if (this.trace) io.stderr(`+ ${words.join(' ')}\n`);
      return await this.command(words, io, own);
    } catch (error) {
      if (!(error instanceof ExpansionProblem)) throw error;
      io.stderr(`${this.name}: ${error.message}\n`);
      throw new Leave('shell', 2);
    }
  }

  /** Runs a function, a builtin or a program. */
  async command(words: readonly string[], io: ShellIo, own: Record<string, string> = {}): Promise<number> {
    const [name = '', ...args] = words;
    const body = this.functions.get(name);
    if (body !== undefined) return this.#call(body, args, io);
    const builtin = BUILTINS[name];
    if (builtin !== undefined) {
      for (const [key, value] of Object.entries(own)) this.variables.set(key, value);
      return builtin(this, args, io);
    }
    const program = this.#find(name);
    if (program === undefined || (name.includes('/') && !this.#isProgram(name))) {
      io.stderr(this.#notFound(name));
      return 127;
    }
    return this.start(program, words, io, own);
  }

  async start(
    program: Program,
    argv: readonly string[],
    io: ShellIo,
    own: Record<string, string> = {},
  ): Promise<number> {
    const { environment } = this;
    const envs: Record<string, string> = {};
    for (const name of this.exported) envs[name] = this.variables.get(name) ?? '';
    const inBackground = this.#loops > 0;
    const killed = this.#killed.child();
    const running = program({
      ...environment,
      killed,
      clock: inBackground ? patient(environment.clock) : environment.clock,
      argv,
      envs: { ...envs, ...own },
      cwd: this.cwd,
      stdin: io.stdin,
      stdout: (text) => void (killed.cancelled || io.stdout(text)),
      stderr: (text) => void (killed.cancelled || io.stderr(text)),
      // A child of the shell has its own signals: what is sent to the shell does not reach it.
      terminated: this.replaces ? environment.terminated : new Context(),
    });
    // What does not look whether it is killed does not keep the shell.
    const status = await Promise.race([running, cancelled(killed).then(() => exitOfKilled(killed))]);
    killed.cancel();
    return status;
  }

  /** A subshell: what it changes stays with it. */
  fork(killed: Context = this.#killed): ShellInterpreter {
    const child = new ShellInterpreter(
      { ...this.environment, killed, terminated: new Context() },
      this.#find,
      this.#flavour,
      this.name,
      this.positional,
    );
    for (const [name, value] of this.variables) child.variables.set(name, value);
    for (const name of this.exported) child.exported.add(name);
    for (const [name, body] of this.functions) child.functions.set(name, body);
    child.cwd = this.cwd;
    child.status = this.status;
    child.exitOnError = this.exitOnError;
    child.#loops = this.#loops;
    return child;
  }

  find(name: string): Program | undefined {
    return this.#find(name);
  }

  expansion(io: ShellIo): Expansion {
    return {
      get: (name) => this.#value(name),
      set: (name, value) => this.variables.set(name, value),
      positional: this.positional,
      output: async (script) => {
        let text = '';
        const shell = this.fork();
        this.status = await shell.run(script, { ...io, stdout: (piece) => (text += piece) });
        return text.replace(/\n+$/, '');
      },
      files: this.environment.files,
      cwd: this.cwd,
    };
  }

  #value(name: string): string | undefined {
    if (/^[1-9]\d*$/.test(name)) return this.positional[Number(name) - 1];
    switch (name) {
      case '0':
        return this.name;
      case '#':
        return String(this.positional.length);
      case '?':
        return String(this.status);
      case '$':
        return '1';
      case '!':
        return this.lastJob === 0 ? undefined : String(this.lastJob);
      default:
        return this.variables.get(name);
    }
  }

  async #call(body: Node, args: string[], io: ShellIo): Promise<number> {
    const outer = this.positional;
    this.positional = args;
    try {
      return await this.node(body, io);
    } catch (error) {
      if (error instanceof Leave && error.from === 'function') return error.status;
      throw error;
    } finally {
      this.positional = outer;
    }
  }

  async #checkSignals(io: ShellIo): Promise<void> {
    if (!this.#signalled) return;
    const trap = this.traps.get('TERM');
    if (trap === undefined) return;
    this.#signalled = false;
    const status = this.status;
    await this.script(parseScript(trap), io);
    this.status = status;
  }

  /** Undefined if a file could not be opened; then it has been said. */
  async #redirect(redirects: readonly Redirect[], io: ShellIo): Promise<ShellIo | undefined> {
    const { files } = this.environment;
    const outputs = [() => {}, io.stdout, io.stderr];
    let { stdin } = io;
    for (const { descriptor, operator, target } of redirects) {
      const text = await expandText(target, this.expansion(io));
      if (operator === '<<') {
        stdin = new LineInput(textInput(text));
        continue;
      }
      if (operator === '>&') {
        outputs[descriptor] = outputs[Number(text)] ?? (() => {});
        continue;
      }
      const device = DEVICES[text];
      try {
        if (operator === '<') {
          stdin = new LineInput(device !== undefined ? NO_INPUT : files.open(resolvePath(this.cwd, text)));
          continue;
        }
        const write = device?.(io) ?? this.#writer(text, operator === '>>');
        if (descriptor === -1) outputs[1] = outputs[2] = write;
        else outputs[descriptor] = write;
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        io.stderr(this.#cannotOpen(text, operator === '<', error));
        return undefined;
      }
    }
    return { stdin, stdout: outputs[1]!, stderr: outputs[2]! };
  }

  #writer(path: string, append: boolean): (text: string) => void {
    const { files } = this.environment;
    const full = resolvePath(this.cwd, path);
    if (append && files.exists(full)) files.append(full, '');
    else files.write(full, '');
    return (text) => files.append(full, text);
  }

  #isProgram(path: string): boolean {
    const { files } = this.environment;
    return /^\/(usr\/(local\/)?)?s?bin\//.test(path) || files.exists(resolvePath(this.cwd, path));
  }

  /** Models sh_open_fail of shell/ash.c, sh_open_fail's words in dash, and bash's redirection_error. */
  #cannotOpen(path: string, reading: boolean, { code, message }: FileError): string {
    const shell = this.name.replace(/^.*\//, '');
    if (this.#flavour === 'bash') return `${shell}: line 1: ${path}: ${message}\n`;
    const isMissing = code === 'ENOENT';
    return this.#flavour === 'ash'
      ? `${shell}: can't ${reading ? 'open' : 'create'} ${path}: ${isMissing ? (reading ? 'no such file' : 'nonexistent directory') : message}\n`
      : `${shell}: 1: cannot ${reading ? 'open' : 'create'} ${path}: ${isMissing ? (reading ? 'No such file' : 'Directory nonexistent') : message}\n`;
  }

  #notFound(name: string): string {
    const shell = this.name.replace(/^.*\//, '');
    switch (this.#flavour) {
      case 'ash':
        return `${shell}: ${name}: not found\n`;
      case 'dash':
        return `${shell}: 1: ${name}: not found\n`;
      case 'bash':
        return `${shell}: line 1: ${name}: command not found\n`;
    }
  }
}

const FIRST_JOB_PID = 7;

/** The exit status of what a signal killed. */
function exitOfKilled({ reason }: Context): number {
  return EXITS[String(reason)] ?? 137;
}
const EXITS: Readonly<Record<string, number>> = { SIGINT: 130, SIGQUIT: 131, SIGPIPE: 141 };

const DEVICES: Readonly<Record<string, (io: ShellIo) => (text: string) => void>> = {
  '/dev/null': () => () => {},
  '/dev/stdout': (io) => io.stdout,
  '/dev/stderr': (io) => io.stderr,
  '/proc/1/fd/1': (io) => io.stdout,
  '/proc/1/fd/2': (io) => io.stderr,
};

/** A clock for what happens again and again: its waits do not keep a cluster from counting as quiet. */
function patient(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    schedule: (delay, callback) => clock.schedule(delay, callback, { periodic: true }),
    sleep: (delay, options) => clock.sleep(delay, { ...options, periodic: true }),
    outside: (work) => clock.outside(work),
  };
}
