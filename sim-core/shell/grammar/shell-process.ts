import type { Clock } from '../../clock/clock.ts';
import { Context } from '../../clock/context.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { LineInput, Pipe, PROGRAM_MEMORY, textInput } from '../../node/pipe.ts';
import type { CommandIo, Editor } from '../command.ts';
import type { JobTable } from '../jobs.ts';
import { environmentOf, forkSession, scriptSession, type ShellSession } from '../session.ts';
import { compareFiles, type ConditionContext, numericTest, unaryTest } from './conditions.ts';
import { GRAMMAR_BUILTINS } from './builtins/registry.ts';
import { type Descriptors, inputOf, ioOf, type Output, outputOf, withDescriptor } from './descriptors.ts';
import { ExpansionProblem, Leave } from './leave.ts';
import { patternMatcher } from './pattern.ts';
import { Redirector, RedirectionProblem } from './redirections.ts';
import type { CommandPlace } from './place.ts';
import {
  type Assignment,
  type CommandNode,
  type Conditional,
  type Parse,
  type Pipeline,
  type Script,
  type Simple,
  type Statement,
  SyntaxProblem,
  type Word,
} from './syntax.ts';
import { WordExpander } from './words.ts';
import { Variables } from './variables.ts';

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
  /** How many subshells run, of all shells of the line, and how many could not. */
  readonly forks: { count: number; refused: number };
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
/** How deep functions may call each other. */
const MAX_DEPTH = 1000;
/** How many subshells may run at the same time. */
const MAX_FORKS = 500;
/** How many more may be asked for before what is in the background is ended. */
const MAX_REFUSALS = 500;

/** One shell process: the login shell, a subshell, or a script. */
export class ShellProcess {
  readonly host: ShellHost;
  readonly session: ShellSession;
  readonly variables: Variables;
  readonly words: WordExpander;
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
  readonly #redirector: Redirector;
  readonly #barrier: Barrier | undefined;
  #pid: number | undefined;
  #commands = 0;
  #conditions = 0;
  #depth = 0;
  #line = 1;
  #loops = 0;
  /** Whether a command substitution gave the line its exit code. */
  #substituted = false;

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
    this.#pid = config.pid;
    this.variables = new Variables(config.session);
    this.words = new WordExpander({
      session: config.session,
      variables: this.variables,
      parse: config.host.parse,
      shellName: config.name,
      pid: config.pid ?? config.session.pid,
      output: (script) => this.#output(script),
      substitute: (script, direction) => this.#redirector.substitute(script, direction),
    });
    this.#redirector = new Redirector(this);
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

  get loops(): number {
    return this.#loops;
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
    this.#barrier?.arrive(this);
    const session = forkSession(this.session);
    const { host, editor, name } = this;
    const kind = this.kind === 'script' ? 'script' : 'subshell';
    const child = new ShellProcess({ host, session, context, descriptors, editor, name, kind, pid, barrier });
    child.#line = this.#line;
    child.#depth = this.#depth;
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
    if (background) return await this.#background(statement);
    for (const [index, pipeline] of pipelines.entries()) {
      const operator = index === 0 ? ';' : operators[index - 1];
      const { lastExit } = this.session;
      if ((operator === '&&' && lastExit !== 0) || (operator === '||' && lastExit === 0)) continue;
      const isTested = index < pipelines.length - 1;
      if (isTested) this.#conditions++;
      try {
        this.session.lastExit = await this.#pipeline(pipeline);
      } finally {
        if (isTested) this.#conditions--;
      }
      if (this.session.lastExit !== 0 && !isTested && !pipeline.negated) await this.#failed();
    }
  }

  /** What `set -e` and `trap … ERR` do. */
  async #failed(): Promise<void> {
    if (this.#conditions > 0) return;
    const status = this.session.lastExit;
    const trap = this.session.traps.get('ERR');
    if (trap !== undefined) await this.evaluate(trap);
    this.session.lastExit = status;
    if (this.session.options.has('errexit')) throw new Leave('shell', status);
  }

  async #pipeline(pipeline: Pipeline): Promise<number> {
    const { commands, negated, timed } = pipeline;
    const started = this.host.clock.now();
    if (negated) this.#conditions++;
    let status: number;
    try {
      status = commands.length === 1 ? await this.command(commands[0]!) : await this.#pipe(pipeline);
    } finally {
      if (negated) this.#conditions--;
    }
    if (commands.length === 1) this.session.pipeStatus = [status];
    if (timed === true) {
      const seconds = (this.host.clock.now() - started) / 1000;
      const shown = `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(3)}s`;
      outputOf(this.descriptors, 2).write(
        pipeline.timePosix === true
          ? `real ${seconds.toFixed(2)}\nuser 0.00\nsys 0.00\n`
          : `\nreal\t${shown}\nuser\t0m0.000s\nsys\t0m0.000s\n`,
      );
    }
    return negated ? Number(status === 0) : status;
  }

  /** Runs the commands of a pipeline at the same time; a reader that ends ends its writer. */
  async #pipe({ commands, pipeStderr }: Pipeline): Promise<number> {
    const { descriptors } = this;
    const barrier = new Barrier(commands.length);
    const pipes = commands.slice(1).map(() => new Pipe());
    const ended = this.context.onCancel(() => pipes.forEach((pipe) => pipe.end()));
    const running = commands.map(async (command, index) => {
      const [from, to] = [pipes[index - 1], pipes[index]];
      const context = this.context.child();
      let own = from === undefined ? descriptors : withDescriptor(descriptors, 0, new LineInput(from));
      if (to !== undefined) {
        const output = pipeOutput(to, context);
        own = withDescriptor(own, 1, output);
        if (pipeStderr?.[index] === true) own = withDescriptor(own, 2, output);
        // A program that waits would find out when it writes next; nobody has to wait for that.
        if (command.type === 'SimpleCommand') to.onAbandon(() => context.cancel('SIGPIPE'));
      }
      if (!(await this.#mayFork())) {
        barrier.arrive();
        to?.end();
        from?.abandon();
        return 254;
      }
      const shell = this.fork(own, { context, barrier });
      try {
        const isSimple = command.type === 'SimpleCommand';
        if (!isSimple) barrier.arrive();
        return await shell.#run(async () => shell.command(command));
      } finally {
        this.host.forks.count--;
        barrier.arrive(shell);
        to?.end();
        from?.abandon();
      }
    });
    const statuses = await Promise.all(running);
    ended();
    this.session.pipeStatus = statuses;
    const failed = this.session.options.has('pipefail')
      ? statuses.findLast((status) => status !== 0)
      : undefined;
    return failed ?? statuses.at(-1)!;
  }

  /** Runs `work` as all that this shell does. */
  async #run(work: () => Promise<number>): Promise<number> {
    let status: number;
    try {
      status = await work();
    } catch (error) {
      status = this.#left(error);
    }
    return this.context.cancelled ? this.cancelledStatus() : status;
  }

  async #mayFork(): Promise<boolean> {
    const { forks, jobs } = this.host;
    if (forks.count === 0) forks.refused = 0;
    if (++forks.count <= MAX_FORKS) return true;
    forks.count--;
    // A bomb takes each place that gets free: the kernel ends what is in the background.
    if (++forks.refused > MAX_REFUSALS) for (const job of jobs.list()) job.context.cancel();
    this.say('fork: retry: Resource temporarily unavailable');
    // The shell tries again a few times, which takes seconds.
    await this.host.clock.sleep(1000, { context: this.context, periodic: true });
    return false;
  }

  /** `… &`: a copy of the shell that nobody waits for but `wait`; it reads nothing. */
  async #background(statement: Statement): Promise<void> {
    const { session, host } = this;
    await this.tick();
    if (!(await this.#mayFork())) {
      session.lastExit = 254;
      return;
    }
    const line = (statement.sourceText ?? '').replace(/&\s*$/, '').trim();
    const words = programWords(statement, (name) => host.isCommand(name) && !host.isBuiltin(name));
    const pid = session.machine.processes.start({
      user: session.user,
      command: words ?? ['-bash'],
      tty: 'pts/0',
      state: 'S',
      started: host.clock.now(),
      virtualSize: 7816,
      residentSize: 3412,
      cpuSeconds: 0,
    });
    // A job of the terminal goes on when the line that started it has ended.
    const context = this.kind === 'login' ? new Context() : this.context.child();
    const own = withDescriptor(this.descriptors, 0, textInput(''));
    const shell = this.fork(own, { context, ...(words !== undefined && { pid }) });
    const ended = shell
      .#run(() => shell.script([{ ...statement, background: false }]))
      .finally(() => {
        host.forks.count--;
        session.machine.processes.end(pid);
      });
    host.jobs.add({ pid, line, context, ended });
    session.lastJob = pid;
    session.lastExit = 0;
  }

  async command(node: CommandNode): Promise<number> {
    await this.tick();
    if (node.type === 'SimpleCommand') {
      this.#line = node.line ?? this.#line;
      return this.#simple(node);
    }
    if (node.type === 'FunctionDef') {
      this.session.functions.set(node.name, node);
      return 0;
    }
    return this.#redirector.within(node.redirections, () => this.#compound(node));
  }

  /** A command has been run: now and then that takes time, and who is cancelled ends. */
  async tick(): Promise<void> {
    if (this.context.cancelled) throw new Leave('shell', this.cancelledStatus());
    if (++this.#commands % COMMANDS_PER_MILLISECOND === 0)
      await this.host.clock.sleep(1, { context: this.context, periodic: true });
  }

  async #compound(node: Exclude<CommandNode, { type: 'SimpleCommand' | 'FunctionDef' }>): Promise<number> {
    switch (node.type) {
      case 'If':
        for (const { condition, body } of node.clauses) {
          if ((await this.#condition(condition)) === 0) return this.script(body);
        }
        return node.elseBody === null ? 0 : this.script(node.elseBody);
      case 'While':
      case 'Until':
        return this.#loop(node.body, async () => {
          const holds = (await this.#condition(node.condition)) === 0;
          return holds === (node.type === 'While');
        });
      case 'For': {
        const words =
          node.words === null ? [...this.session.positional] : await this.words.fields(node.words);
        let index = 0;
        return this.#loop(node.body, async () => {
          if (index >= words.length) return false;
          this.variables.set(node.variable, words[index++]!);
          return true;
        });
      }
      case 'CStyleFor': {
        let first = true;
        if (node.init !== null) await this.words.arithmetic(node.init);
        return this.#loop(node.body, async () => {
          if (!first && node.update !== null) await this.words.arithmetic(node.update);
          first = false;
          return node.condition === null || (await this.words.arithmetic(node.condition)) !== 0n;
        });
      }
      case 'Case':
        return this.#case(node);
      case 'Group':
        return this.script(node.body);
      case 'Subshell': {
        if (!(await this.#mayFork())) return 254;
        try {
          return await this.fork(this.descriptors).run({ type: 'Script', statements: node.body });
        } finally {
          this.host.forks.count--;
        }
      }
      case 'ArithmeticCommand':
        return this.#arithmetic(node.expression);
      case 'ConditionalCommand':
        return this.#conditional(node.expression);
    }
  }

  async #arithmetic(expression: Parameters<WordExpander['arithmetic']>[0]): Promise<number> {
    try {
      return Number((await this.words.arithmetic(expression)) === 0n);
    } catch (error) {
      if (!(error instanceof ExpansionProblem)) throw error;
      this.say(`((: ${error.message}`);
      return 1;
    }
  }

  async #condition(statements: readonly Statement[]): Promise<number> {
    this.#conditions++;
    try {
      return await this.script(statements);
    } finally {
      this.#conditions--;
    }
  }

  async #loop(body: readonly Statement[], goesOn: () => Promise<boolean>): Promise<number> {
    let status = 0;
    this.#loops++;
    try {
      for (;;) {
        await this.tick();
        try {
          if (!(await goesOn())) return status;
          status = await this.script(body);
        } catch (error) {
          if (!(error instanceof Leave) || error.from !== 'loop') throw error;
          if (error.depth > 1 && this.#loops > 1)
            throw new Leave('loop', error.status, error.depth - 1, error.goesOn);
          status = error.status;
          if (!error.goesOn) return status;
        }
      }
    } finally {
      this.#loops--;
    }
  }

  async #case(node: Extract<CommandNode, { type: 'Case' }>): Promise<number> {
    const text = await this.words.text(node.word);
    const flags = this.session.options.has('nocasematch') ? 'i' : '';
    let status = 0;
    let falls = false;
    for (const { patterns, body, terminator } of node.items) {
      let matches = falls;
      for (const pattern of patterns)
        matches ||= patternMatcher(await this.words.pattern(pattern), flags).test(text);
      if (!matches) continue;
      status = await this.script(body);
      if (terminator === ';;') return status;
      falls = terminator === ';&';
    }
    return status;
  }

  async #conditional(expression: Conditional): Promise<number> {
    try {
      return Number(!(await this.#holds(expression)));
    } catch (error) {
      if (!(error instanceof ExpansionProblem)) throw error;
      this.say(error.message);
      return 1;
    }
  }

  async #holds(node: Conditional): Promise<boolean> {
    switch (node.type) {
      case 'CondAnd':
        return (await this.#holds(node.left)) && (await this.#holds(node.right));
      case 'CondOr':
        return (await this.#holds(node.left)) || (await this.#holds(node.right));
      case 'CondNot':
        return !(await this.#holds(node.operand));
      case 'CondGroup':
        return this.#holds(node.expression);
      case 'CondWord':
        return (await this.words.text(node.word)) !== '';
      case 'CondUnary': {
        const operand = await this.words.text(node.operand);
        return unaryTest(node.operator, operand, this.conditions()) === true;
      }
      case 'CondBinary':
        return this.#compare(node);
    }
  }

  async #compare({ operator, left, right }: Extract<Conditional, { type: 'CondBinary' }>): Promise<boolean> {
    const text = await this.words.text(left);
    const flags = this.session.options.has('nocasematch') ? 'i' : '';
    const numeric = numericTest(operator);
    if (numeric !== undefined) {
      const other = await this.words.text(right);
      const [a, b] = [
        await this.words.arithmeticText(text || '0'),
        await this.words.arithmeticText(other || '0'),
      ];
      return numeric(a, b);
    }
    switch (operator) {
      case '=':
      case '==':
      case '!=': {
        const matches = patternMatcher(await this.words.pattern(right), flags).test(text);
        return matches === (operator !== '!=');
      }
      case '=~': {
        const source = await this.words.regularExpression(right);
        const match = new RegExp(extendedExpression(source), `s${flags}`).exec(text);
        const { elements } = this.variables.newArray('BASH_REMATCH');
        for (const [index, group] of (match ?? []).entries()) elements.set(String(index), group ?? '');
        return match !== null;
      }
      case '<':
        return text < (await this.words.text(right));
      case '>':
        return text > (await this.words.text(right));
      default:
        return compareFiles(operator, text, await this.words.text(right), this.session) === true;
    }
  }

  conditions(): ConditionContext {
    const { session, variables } = this;
    return {
      session,
      variables,
      isTerminal: (number) => this.#terminal.get(number) === this.descriptors.get(number),
    };
  }

  async #simple(node: Simple): Promise<number> {
    const aliased = this.#aliased(node);
    if (typeof aliased === 'string') return this.evaluate(aliased);
    const { name, args, assignments, redirections } = aliased;
    this.#substituted = false;
    const words = name === null ? [] : await this.words.fields([name]);
    const declares = DECLARATIONS.has(words[0] ?? '');
    if (declares) {
      for (const word of args) words.push(...(await this.#declaration(word, words)));
    } else for (const field of await this.words.fields(args)) words.push(field);
    if (words[0] === 'exec' && words.length === 1) {
      this.descriptors = await this.#redirector.open(redirections, this.descriptors);
      return 0;
    }
    return this.#redirector.within(redirections, async () => {
      if (words.length === 0) {
        this.#barrier?.arrive(this);
        for (const assignment of assignments) await this.#assign(assignment);
        return this.#substituted ? this.session.lastExit : 0;
      }
      const given: Record<string, string> = {};
      for (const { name: variable, value } of assignments)
        given[variable] = value === null ? '' : await this.words.text(value);
      this.#traceCommand(words, given);
      return this.invoke(words, { variables: given });
    });
  }

  #traceCommand(words: readonly string[], given: Readonly<Record<string, string>>): void {
    if (!this.session.options.has('xtrace')) return;
    const shown = [
      ...Object.entries(given).map(([key, value]) => `${key}=${value}`),
      ...words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)),
    ];
    outputOf(this.descriptors, 2).write(`+ ${shown.join(' ')}\n`);
  }

  /** The words of `declare x=…`: what follows the `=` is not split. */
  async #declaration(word: Word, before: readonly string[]): Promise<string[]> {
    const [first] = word.parts;
    const match = first?.type === 'Literal' ? /^([A-Za-z_]\w*)\+?=(\(?)/.exec(first.value) : null;
    if (match === null) return this.words.fields([word]);
    if (match[2] === '') return [await this.words.text(word)];
    // An array: its elements are words of their own.
    const append = match[0].includes('+=');
    if (this.variables.inFunction && /^(?:declare|typeset|local)$/.test(before[0]!) && !before.includes('-g'))
      this.variables.local(match[1]!);
    const associative = before.some((option) => /^-\w*A/.test(option));
    await this.#assignArray(match[1]!, elementsOf(word), append, associative);
    return [match[1]!];
  }

  async #assign({ name, value, append, array }: Assignment): Promise<void> {
    if (array !== null) return this.#assignArray(name, array, append, false);
    const text = value === null ? '' : await this.words.text(value);
    if (!append) return this.words.assign(name, text);
    const before = (await this.words.text(parameterWord(name))) ?? '';
    const base = name.replace(/\[.*$/s, '');
    const sum = this.session.integers.has(base) ? `(${before || 0})+(${text || 0})` : before + text;
    await this.words.assign(name, sum);
  }

  async #assignArray(
    name: string,
    words: readonly Word[],
    append: boolean,
    associative: boolean,
  ): Promise<void> {
    const known = this.variables.array(name)?.associative ?? associative;
    // How its keys are read depends on what it is.
    if (known) this.variables.arrayFor(name, true);
    const values: [key: string | undefined, value: string][] = [];
    for (const word of words) {
      const [first, second] = word.parts;
      const isKeyed = first?.type === 'Glob' && second?.type === 'Literal' && second.value.startsWith('=');
      if (isKeyed) {
        const rest = [{ ...second, value: second.value.slice(1) }, ...word.parts.slice(2)];
        const key = await this.words.key(name, first.pattern.slice(1, -1));
        values.push([key, await this.words.text({ type: 'Word', parts: rest })]);
        continue;
      }
      for (const field of await this.words.fields([word])) values.push([undefined, field]);
    }
    const array = append ? this.variables.arrayFor(name, known) : this.variables.newArray(name, known);
    let next = Math.max(-1, ...[...array.elements.keys()].map(Number).filter(Number.isFinite)) + 1;
    for (const [key, value] of values) {
      array.elements.set(key ?? String(next), value);
      next = (key === undefined ? next : Number(key)) + 1;
    }
  }

  /** The command with its alias put in; a text if that is more than one simple command. */
  #aliased(node: Simple, seen: ReadonlySet<string> = new Set()): Simple | string {
    const [part, ...more] = node.name?.parts ?? [];
    if (part?.type !== 'Literal' || more.length > 0 || !this.session.options.has('expand_aliases'))
      return node;
    const value = this.session.aliases.get(part.value);
    if (value === undefined || seen.has(part.value)) return node;
    const [statement, ...others] = this.host.parse(value).statements;
    const command = statement?.pipelines[0]?.commands[0];
    const isSimple =
      command?.type === 'SimpleCommand' && statement!.pipelines.length === 1 && others.length === 0;
    if (isSimple && statement!.pipelines[0]!.commands.length === 1 && !statement!.background) {
      const merged: Simple = {
        ...node,
        name: command.name,
        args: [...command.args, ...node.args],
        assignments: [...node.assignments, ...command.assignments],
        redirections: [...command.redirections, ...node.redirections],
      };
      return this.#aliased(merged, new Set([...seen, part.value]));
    }
    const args = node.args.map((word) => word.parts.map((one) => ('value' in one ? one.value : '')).join(''));
    return [value, ...args].join(' ');
  }

  /** Runs a function, a builtin, a program or a file with commands. */
  async invoke(
    words: readonly string[],
    {
      variables: given = {},
      functions = true,
    }: { variables?: Readonly<Record<string, string>>; functions?: boolean } = {},
  ): Promise<number> {
    const [name = '', ...args] = words;
    const body = functions ? this.session.functions.get(name) : undefined;
    if (body !== undefined) {
      this.#barrier?.arrive(this);
      return this.#withVariables(given, () => this.#call(name, args));
    }
    const builtin = GRAMMAR_BUILTINS.get(name);
    if (builtin !== undefined) {
      this.#barrier?.arrive(this);
      const status = await this.#withVariables(given, async () => builtin(this, args));
      await outputOf(this.descriptors).drained?.();
      return status;
    }
    if (!this.host.isCommand(name)) {
      const file = this.#executable(name);
      if (typeof file === 'number') {
        this.#barrier?.arrive(this);
        this.say(`${name}: ${file === 126 ? this.#whyNot(name) : this.#missing(name)}`);
        return file;
      }
      this.#barrier?.arrive(this);
      const text = this.session.machine.files.read(file);
      return this.runScript(text, name, args, given);
    }
    return this.#start(name, args, given);
  }

  #missing(name: string): string {
    return name.includes('/') ? 'No such file or directory' : 'command not found';
  }

  #whyNot(name: string): string {
    const { files } = this.session.machine;
    const path = resolvePath(this.session.cwd, name);
    return files.stat(files.realPath(path)).type === 'directory' ? 'Is a directory' : 'Permission denied';
  }

  /** The file that a name means, or the exit code if there is none that can be run. */
  #executable(name: string): string | 126 | 127 {
    const { machine, cwd } = this.session;
    const { files } = machine;
    const places = name.includes('/')
      ? [resolvePath(cwd, name)]
      : (this.variables.get('PATH') ?? '').split(':').map((directory) => `${directory}/${name}`);
    const path = places.find((place) => files.exists(place));
    if (path === undefined || name === '') return 127;
    const { type, mode } = files.stat(files.realPath(path));
    return type === 'directory' || (mode & 0o111) === 0 ? 126 : path;
  }

  async #start(
    name: string,
    args: readonly string[],
    given: Readonly<Record<string, string>>,
  ): Promise<number> {
    const { session, host, editor } = this;
    const barrier = this.#barrier;
    const pid = this.#pid;
    this.#pid = undefined;
    const io = ioOf(this.descriptors);
    const status = await host.run(name, args, io, {
      session,
      cwd: session.cwd,
      variables: { ...environmentOf(session), ...given },
      context: this.context,
      editor,
      shell: this,
      started: async () => barrier?.wait(this),
      ...(pid !== undefined && { pid }),
    });
    barrier?.arrive(this);
    await io.drained?.();
    return this.context.cancelled ? this.cancelledStatus() : status;
  }

  async #withVariables(
    given: Readonly<Record<string, string>>,
    work: () => Promise<number>,
  ): Promise<number> {
    const names = Object.keys(given);
    if (names.length === 0) return work();
    const before = names.map(
      (name) => [name, this.session.variables.get(name), this.session.exported.has(name)] as const,
    );
    for (const [name, value] of Object.entries(given)) {
      this.variables.set(name, value);
      this.session.exported.add(name);
    }
    try {
      return await work();
    } finally {
      for (const [name, value, exported] of before) {
        if (value === undefined) this.session.variables.delete(name);
        else this.session.variables.set(name, value);
        if (!exported) this.session.exported.delete(name);
      }
    }
  }

  async #call(name: string, args: readonly string[]): Promise<number> {
    const definition = this.session.functions.get(name)!;
    if (++this.#depth > MAX_DEPTH) {
      this.#depth = 0;
      throw new ExpansionProblem(`${name}: maximum function nesting level exceeded (${MAX_DEPTH})`);
    }
    const { positional } = this.session;
    this.session.positional = args;
    this.variables.enter();
    try {
      return await this.#redirector.within(definition.redirections, () => this.command(definition.body));
    } catch (error) {
      if (error instanceof Leave && error.from === 'function') return error.status;
      throw error;
    } finally {
      this.variables.leave();
      this.session.positional = positional;
      this.#depth--;
    }
  }

  async #output(script: Script): Promise<string> {
    let text = '';
    this.#substituted = true;
    const context = this.context.child();
    let isTooLong = false;
    const own = withDescriptor(this.descriptors, 1, {
      write: (piece) => {
        if (!isTooLong) text += piece;
        isTooLong ||= text.length > PROGRAM_MEMORY;
        if (isTooLong) context.cancel('SIGPIPE');
      },
    });
    if (!(await this.#mayFork())) {
      this.session.lastExit = 254;
      return '';
    }
    try {
      const fast = this.#fileOf(script);
      if (fast !== undefined) return await this.#redirector.contents(fast);
      this.session.lastExit = await this.fork(own, { context }).run(script);
    } finally {
      this.host.forks.count--;
    }
    if (isTooLong) throw new ExpansionProblem('command substitution: cannot allocate memory');
    return text;
  }

  /** `$(< file)` is the file's contents. */
  #fileOf({ statements }: Script): Word | undefined {
    const command = statements[0]?.pipelines[0]?.commands[0];
    if (statements.length !== 1 || command?.type !== 'SimpleCommand') return undefined;
    const [redirection, ...more] = command.redirections;
    if (command.name !== null || redirection?.operator !== '<' || more.length > 0) return undefined;
    return redirection.target.type === 'Word' ? redirection.target : undefined;
  }

  readFile(path: string): string {
    try {
      return this.session.machine.files.read(resolvePath(this.session.cwd, path));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new RedirectionProblem(`${path}: ${error.message}`);
    }
  }

  /** Runs a builtin of the login shell. */
  login(name: string, args: readonly string[]): Promise<number> {
    return this.#start(name, args, {});
  }

  get input(): LineInput {
    return inputOf(this.descriptors);
  }

  get output(): Output {
    return outputOf(this.descriptors);
  }
}

/** Holds the commands of a pipeline until all have been started: each sees the others among the processes. */
export class Barrier {
  readonly #arrived = new Set<unknown>();
  readonly #size: number;
  #anonymous = 0;
  #open: () => void = () => {};
  readonly #opened = new Promise<void>((resolve) => (this.#open = resolve));

  constructor(size: number) {
    this.#size = size;
  }

  /** `who` has started; told again it changes nothing. */
  arrive(who?: unknown): void {
    if (who === undefined) this.#anonymous++;
    else this.#arrived.add(who);
    if (this.#arrived.size + this.#anonymous >= this.#size) this.#open();
  }

  wait(who: unknown): Promise<void> {
    this.arrive(who);
    return this.#opened;
  }
}

const DECLARATIONS = new Set(['declare', 'typeset', 'local', 'export', 'readonly', 'alias']);

function pipeOutput(pipe: Pipe, context: Context): Output {
  return {
    write(text) {
      if (pipe.abandoned) context.cancel('SIGPIPE');
      else pipe.write(text);
    },
    drained: () => pipe.drained(),
  };
}

/** The words of a statement that is one plain program; undefined if it is more. */
function programWords(
  { pipelines }: Statement,
  isProgram: (name: string) => boolean,
): readonly string[] | undefined {
  const [pipeline] = pipelines;
  const command =
    pipelines.length === 1 && pipeline!.commands.length === 1 ? pipeline!.commands[0]! : undefined;
  if (command?.type !== 'SimpleCommand' || command.name === null) return undefined;
  const words = [command.name, ...command.args].map(({ parts }) =>
    parts
      .map((part) => ('value' in part ? (part.value ?? '') : 'pattern' in part ? part.pattern : ''))
      .join(''),
  );
  return isProgram(String(words[0])) && !GRAMMAR_BUILTINS.has(String(words[0]))
    ? words.map(String)
    : undefined;
}

function parameterWord(parameter: string): Word {
  return { type: 'Word', parts: [{ type: 'ParameterExpansion', parameter, operation: null }] };
}

/** The elements of `name=(a "b c" $d)`, which the parser gives as one word. */
function elementsOf({ parts }: Word): Word[] {
  const words: Word[] = [];
  let current: Word['parts'] | undefined;
  const add = (part: Word['parts'][number]) => (current ??= []).push(part);
  const end = () => {
    if (current !== undefined) words.push({ type: 'Word', parts: current });
    current = undefined;
  };
  for (const [index, part] of parts.entries()) {
    if (part.type !== 'Literal') {
      add(part);
      continue;
    }
    let text = index === 0 ? part.value.slice(part.value.indexOf('(') + 1) : part.value;
    if (index === parts.length - 1) text = text.replace(/\)\s*$/, '');
    for (const [position, piece] of text.split(/\s+/).entries()) {
      if (position > 0) end();
      if (piece !== '') add({ type: 'Literal', value: piece });
    }
  }
  end();
  return words;
}

/** A POSIX extended regular expression as JavaScript's. */
function extendedExpression(source: string): string {
  const classes: Readonly<Record<string, string>> = {
    alpha: 'A-Za-z',
    digit: '0-9',
    alnum: 'A-Za-z0-9',
    upper: 'A-Z',
    lower: 'a-z',
    space: '\\s',
    blank: ' \\t',
    punct: '!-\\/:-@\\[-`{-~',
    xdigit: '0-9A-Fa-f',
  };
  return source.replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole);
}
