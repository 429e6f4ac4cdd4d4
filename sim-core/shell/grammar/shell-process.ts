import type { Clock } from '../../clock/clock.ts';
import type { Context } from '../../clock/context.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { LineInput } from '../../node/pipe.ts';
import type { InputStream } from '../../node/program.ts';
import type { CommandIo, Editor } from '../command.ts';
import type { JobTable } from '../jobs.ts';
import { forkSession, scriptSession, type ShellSession } from '../session.ts';
import { Assignments } from './assignments.ts';
import { runAsynchronously } from './asynchronous-list.ts';
import type { Barrier } from './barrier.ts';
import { GRAMMAR_BUILTINS } from './builtins/registry.ts';
import { CommandExecution, type InvokeOptions } from './command-execution.ts';
import { CommandSubstitution } from './command-substitution.ts';
import { CompoundCommands } from './compound-commands.ts';
import type { ConditionContext } from './conditions.ts';
import { type Descriptors, inputOf, type Output, outputOf } from './descriptors.ts';
import type { ForkLimit } from './fork-limit.ts';
import { ExpansionProblem, Leave } from './leave.ts';
import { runPipeline } from './pipeline.ts';
import type { CommandPlace } from './place.ts';
import { Redirector, RedirectionProblem } from './redirections.ts';
import { runSimpleCommand } from './simple-command.ts';
import { type CommandNode, type Parse, type Script, type Statement, SyntaxProblem } from './syntax.ts';
import { Variables } from './variables.ts';
import { WordExpander } from './words.ts';

/** What shells are given by the machine that they run on. */
export interface ShellHost {
  readonly clock: Clock;
  readonly jobs: JobTable;
  readonly parse: Parse;
  /** Starts a program, a builtin of the login shell or a text tool. */
  run(name: string, args: readonly string[], io: CommandIo, place: CommandPlace): Promise<number>;
  /** Is there a command of that name, beside functions and the grammar's builtins? */
  isCommand(name: string): boolean;
  /** Does the login shell run it in itself? */
  isBuiltin(name: string): boolean;
  readonly forks: ForkLimit;
}

export interface ProcessConfig {
  readonly host: ShellHost;
  readonly session: ShellSession;
  readonly context: Context;
  readonly descriptors: Descriptors;
  readonly editor: Editor | undefined;
  /** "bash", or the name of the script. */
  readonly name: string;
  /** The login shell itself, or one that is a copy or a program of its own. */
  readonly kind: 'login' | 'subshell' | 'script';
  /** The process of the only command that it runs. */
  readonly pid?: number | undefined;
  /** Resolves when all commands of its pipeline have been started. */
  readonly barrier?: Barrier | undefined;
}

const CANCELLED = 130;
const BROKEN_PIPE = 141;
/** How many commands a shell runs in a millisecond: a loop that never waits takes time as well. */
const COMMANDS_PER_MILLISECOND = 100;

/** One shell process: the login shell, a subshell, or a script. It runs lists of commands in its environment. */
export class ShellProcess {
  readonly host: ShellHost;
  readonly session: ShellSession;
  readonly variables: Variables;
  readonly words: WordExpander;
  readonly assignments: Assignments;
  readonly substitution: CommandSubstitution;
  readonly redirector: Redirector;
  readonly context: Context;
  readonly editor: Editor | undefined;
  readonly name: string;
  readonly kind: ProcessConfig['kind'];
  /** The files that are open for the command that runs now. */
  descriptors: Descriptors;
  /** A sourced file runs: `return` leaves it. */
  sourcing = false;
  /** What it was started with. */
  readonly #terminal: Descriptors;
  readonly #execution: CommandExecution;
  readonly #compound: CompoundCommands;
  readonly #barrier: Barrier | undefined;
  #commands = 0;
  /** Above 0 where a failure is what somebody asked for. */
  #tested = 0;
  #line = 1;

  constructor(config: ProcessConfig) {
    this.host = config.host;
    this.session = config.session;
    this.context = config.context;
    this.editor = config.editor;
    this.name = config.name;
    this.kind = config.kind;
    this.descriptors = config.descriptors;
    this.#terminal = config.kind === 'login' ? config.descriptors : new Map();
    this.#barrier = config.barrier;
    this.variables = new Variables(config.session);
    this.words = new WordExpander({
      session: config.session,
      variables: this.variables,
      parse: config.host.parse,
      shellName: config.name,
      pid: config.pid ?? config.session.pid,
      output: (script) => this.substitution.output(script),
      substitute: (script, direction) => this.redirector.substitute(script, direction),
    });
    this.assignments = new Assignments(this);
    this.substitution = new CommandSubstitution(this);
    this.redirector = new Redirector(this);
    this.#execution = new CommandExecution(this, config.pid);
    this.#compound = new CompoundCommands(this);
  }

  /** Runs a script to its end; gives the exit code of the shell. */
  async run(script: Script): Promise<number> {
    let status: number;
    try {
      status = await this.script(script.statements);
    } catch (error) {
      status = this.#left(error);
    }
    const onExit = this.kind === 'login' ? undefined : this.session.traps.get('EXIT');
    if (onExit !== undefined && !this.context.cancelled) {
      this.session.traps.delete('EXIT');
      status = await this.evaluate(onExit).catch((error: unknown) => this.#left(error));
    }
    return this.context.cancelled ? this.cancelledStatus() : status;
  }

  /** Parses and runs a text in this shell, as `eval` does. */
  async evaluate(text: string): Promise<number> {
    if (this.context.cancelled) return this.cancelledStatus();
    let script: Script;
    try {
      script = this.host.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      this.say(error.message);
      return (this.session.lastExit = 2);
    }
    return this.script(script.statements);
  }

  async script(statements: readonly Statement[]): Promise<number> {
    if (statements.length === 0) this.session.lastExit = 0;
    for (const statement of statements) await this.#statement(statement);
    return this.session.lastExit;
  }

  /** What a shell says, with its name and, in a script, the line. */
  say(message: string): void {
    const line = this.kind === 'script' ? `line ${this.#line}: ` : '';
    outputOf(this.descriptors, 2).write(`${this.name}: ${line}${message}\n`);
  }

  cancelledStatus(): number {
    return this.context.reason === 'SIGPIPE' ? BROKEN_PIPE : CANCELLED;
  }

  /** Is it a builtin of the full grammar? */
  hasBuiltin(name: string): boolean {
    return GRAMMAR_BUILTINS.has(name);
  }

  /** How many loops run, one in the other. */
  get loops(): number {
    return this.#compound.loops;
  }

  /** Does `work`, whose failure is what somebody asks for: `set -e` and `trap … ERR` leave it alone. */
  async tested<T>(work: () => Promise<T>): Promise<T> {
    this.#tested++;
    try {
      return await work();
    } finally {
      this.#tested--;
    }
  }

  /** The others of its pipeline need not wait for it any more. */
  arrive(): void {
    this.#barrier?.arrive(this);
  }

  /** Resolves when all commands of its pipeline have been started; this one has. */
  async started(): Promise<void> {
    await this.#barrier?.wait(this);
  }

  /** A copy of this shell whose changes stay with it. */
  fork(
    descriptors: Descriptors,
    {
      context = this.context,
      pid,
      barrier,
    }: { context?: Context; pid?: number | undefined; barrier?: Barrier | undefined } = {},
  ): ShellProcess {
    // It may read what another command of the pipeline writes: `cat f | echo $(cat)`.
    this.arrive();
    const session = forkSession(this.session);
    const { host, editor, name } = this;
    const kind = this.kind === 'script' ? 'script' : 'subshell';
    const child = new ShellProcess({ host, session, context, descriptors, editor, name, kind, pid, barrier });
    child.#line = this.#line;
    child.#execution.depth = this.#execution.depth;
    return child;
  }

  /** Runs a text as a program of its own: `bash -c`, or a file with commands. */
  async runScript(
    text: string,
    name: string,
    positional: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<number> {
    const session = scriptSession(this.session, positional);
    for (const [key, value] of Object.entries(environment ?? {})) {
      session.variables.set(key, value);
      session.exported.add(key);
    }
    const { host, context, editor, descriptors } = this;
    const shell = new ShellProcess({ host, session, context, descriptors, editor, name, kind: 'script' });
    try {
      return await shell.run(host.parse(text));
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      shell.say(error.message);
      return 2;
    }
  }

  /** Runs `work` as all that this shell does. */
  async whole(work: () => Promise<number>): Promise<number> {
    let status: number;
    try {
      status = await work();
    } catch (error) {
      status = this.#left(error);
    }
    return this.context.cancelled ? this.cancelledStatus() : status;
  }

  async command(node: CommandNode): Promise<number> {
    await this.tick();
    if (node.type === 'SimpleCommand') {
      this.#line = node.line ?? this.#line;
      return runSimpleCommand(this, node);
    }
    if (node.type === 'FunctionDef') {
      this.session.functions.set(node.name, node);
      return 0;
    }
    return this.redirector.within(node.redirections, () => this.#compound.run(node));
  }

  /** A command has been run: now and then that takes time, and who is cancelled ends. */
  async tick(): Promise<void> {
    if (this.context.cancelled) throw new Leave('shell', this.cancelledStatus());
    if (++this.#commands % COMMANDS_PER_MILLISECOND === 0)
      await this.host.clock.sleep(1, { context: this.context, periodic: true });
  }

  conditions(): ConditionContext {
    const { session, variables } = this;
    return {
      session,
      variables,
      isTerminal: (number) => this.#terminal.get(number) === this.descriptors.get(number),
    };
  }

  /** Runs a function, a builtin, a program or a file with commands. */
  invoke(words: readonly string[], options?: InvokeOptions): Promise<number> {
    return this.#execution.invoke(words, options);
  }

  /** Throws a {@link RedirectionProblem}. */
  readFile(path: string): string {
    try {
      return this.session.machine.files.read(resolvePath(this.session.cwd, path));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new RedirectionProblem(`${path}: ${error.message}`);
    }
  }

  /** The same, piece by piece. */
  openFile(path: string): InputStream {
    try {
      return this.session.machine.files.open(resolvePath(this.session.cwd, path));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new RedirectionProblem(`${path}: ${error.message}`);
    }
  }

  /** Runs a builtin of the login shell. */
  login(name: string, args: readonly string[]): Promise<number> {
    return this.#execution.start(name, args, {});
  }

  get input(): LineInput {
    return inputOf(this.descriptors);
  }

  get output(): Output {
    return outputOf(this.descriptors);
  }

  #left(error: unknown): number {
    if (error instanceof Leave) return error.status;
    if (error instanceof RedirectionProblem) {
      this.say(error.message);
      return 1;
    }
    if (!(error instanceof ExpansionProblem)) throw error;
    this.say(error.message);
    return (this.session.lastExit = this.kind === 'script' ? 127 : 1);
  }

  async #statement(statement: Statement): Promise<void> {
    const { pipelines, operators, background } = statement;
    if (background) return await runAsynchronously(this, statement);
    for (const [index, pipeline] of pipelines.entries()) {
      const operator = index === 0 ? ';' : operators[index - 1];
      const { lastExit } = this.session;
      if ((operator === '&&' && lastExit !== 0) || (operator === '||' && lastExit === 0)) continue;
      const isTested = index < pipelines.length - 1;
      const run = () => runPipeline(this, pipeline);
      this.session.lastExit = await (isTested ? this.tested(run) : run());
      if (this.session.lastExit !== 0 && !isTested && !pipeline.negated) await this.#failed();
    }
  }

  /** What `set -e` and `trap … ERR` do. */
  async #failed(): Promise<void> {
    if (this.#tested > 0) return;
    const status = this.session.lastExit;
    const trap = this.session.traps.get('ERR');
    if (trap !== undefined) await this.evaluate(trap);
    this.session.lastExit = status;
    if (this.session.options.has('errexit')) throw new Leave('shell', status);
  }
}
