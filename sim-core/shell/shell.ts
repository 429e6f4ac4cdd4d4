import type { Clock } from '../clock/clock.ts';
import { Context } from '../clock/context.ts';
import type { Machine } from '../node/machine.ts';
import { resolvePath } from '../node/path.ts';
import { LineInput, textInput } from '../node/pipe.ts';
import type { InputStream } from '../node/program.ts';
import type { ShellControl } from './builtin.ts';
import { BUILTINS } from './builtins/registry.ts';
import type {
  Command,
  CommandIo,
  CommandResult,
  Completion,
  Editor,
  Shell,
  ShellRunOptions,
} from './command.ts';
import { COMMANDS } from './commands/registry.ts';
import { expandAssignment, expandWord, type ExpansionContext } from './expand.ts';
import type { Interpreter, InterpreterConfig } from './grammar/interpreter.ts';
import type { CommandPlace } from './grammar/place.ts';
import { INTERPRETER_COMMANDS } from './grammar/commands.ts';
import { JobTable } from './jobs.ts';
import { withinMemory } from './memory.ts';
import { OutputLimit } from './output-limit.ts';
import { parseLine, type SimpleCommand } from './parse.ts';
import { environmentOf, forkSession, openSession, type ShellSession } from './session.ts';

export interface ShellConfig {
  readonly machine: Machine;
  readonly clock: Clock;
  /** Where `ssh` leads to, by host name; default: nowhere else. */
  readonly machines?: ReadonlyMap<string, Machine>;
  /** Programs beside the shell's own: kubectl, etcdctl, crictl, … */
  readonly programs?: readonly Command[];
  /** Exported variables beside those of a login. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A root shell on `config.machine`, as after a login. */
export function createShell(config: ShellConfig): Shell {
  return new LoginShell(config);
}

interface RunningLine {
  readonly io: CommandIo;
  readonly context: Context;
  readonly editor: Editor | undefined;
  /** A subshell's own session; missing: that of the login, which `ssh` and `exit` change. */
  readonly session?: ShellSession;
}

const CANCELLED = 130;
/** Builtins that are programs for whoever starts them. */
const SHARED_BUILTINS = ['kill', 'ssh', 'timeout'];
/**
 * What a login reads: the first of these that is there. Without any it is ~/.bashrc, which the ~/.profile of Debian
 * reads.
 */
const STARTUP_FILES = ['.bash_profile', '.bash_login', '.profile', '.bashrc'];
/** Options of a shell that has changed nothing: with any other a line needs the full grammar. */
const PLAIN_OPTIONS = new Set(['expand_aliases', 'extglob']);

class LoginShell implements Shell {
  readonly #clock: Clock;
  readonly #machines: ReadonlyMap<string, Machine>;
  readonly #programs: ReadonlyMap<string, Command>;
  readonly #sessions: ShellSession[];
  /** Those that have not read their startup files. */
  readonly #fresh = new Set<ShellSession>();
  readonly #history: string[] = [];
  readonly #grammar: InterpreterConfig;
  #interpreter: Interpreter | undefined;
  readonly #jobs = new JobTable();
  /** Ends the programs that this shell runs, by pid. */
  readonly #running = new Map<number, Context>();

  constructor(config: ShellConfig) {
    this.#clock = config.clock;
    this.#machines = config.machines ?? new Map([[config.machine.hostname, config.machine]]);
    this.#programs = new Map(
      [...COMMANDS, ...(config.programs ?? [])].map((command) => [command.name, command]),
    );
    this.#sessions = [openSession(config.machine, config.clock.now())];
    for (const [name, value] of Object.entries(config.variables ?? {})) {
      this.#session.variables.set(name, value);
      this.#session.exported.add(name);
    }
    this.#fresh.add(this.#session);
    this.#grammar = {
      clock: config.clock,
      programs: [...this.#programs.keys(), ...SHARED_BUILTINS],
      jobs: this.#jobs,
      isBuiltin: (name) => BUILTINS.has(name),
      run: (name, args, io, place) => this.#runForInterpreter(name, args, io, place),
      asProcess: (name, args, place, work) => this.#asProcess(name, args, place, work),
    };
  }

  get #session(): ShellSession {
    return this.#sessions.at(-1)!;
  }

  prompt(): string {
    const { user, machine, cwd, variables } = this.#session;
    const home = variables.get('HOME');
    const place =
      home !== undefined && (cwd === home || cwd.startsWith(`${home}/`)) ? `~${cwd.slice(home.length)}` : cwd;
    return `${user}@${machine.hostname}:${place}${user === 'root' ? '#' : '$'} `;
  }

  async complete(line: string, cursor: number): Promise<Completion> {
    const session = this.#session;
    const { completeLine } = await this.#clock.outside(import('./completion.ts'));
    return completeLine(line.slice(0, cursor), {
      session,
      commands: [...BUILTINS.keys(), ...this.#programs.keys(), ...INTERPRETER_COMMANDS],
      program: (name) => this.#programs.get(programName(name)),
      environment: {
        machine: session.machine,
        clock: this.#clock,
        cwd: session.cwd,
        variables: environmentOf(session),
        user: session.user,
        context: new Context(),
        execute: () => Promise.resolve(CANCELLED),
      },
    });
  }

  needsGrammar(line: string): boolean {
    return splitScript(line).some((chunk) => this.#plainCommands(chunk, this.#session) === undefined);
  }

  async run(line: string, options: ShellRunOptions = {}): Promise<CommandResult> {
    let stdout = '';
    let stderr = '';
    const context = (options.context ?? new Context()).child();
    const limit = new OutputLimit(() => context.cancel());
    const { stdin = '' } = options;
    const io: CommandIo = {
      stdin: new LineInput(typeof stdin === 'string' ? textInput(stdin) : untilCancelled(stdin, context)),
      stdout: (text) => {
        const shown = limit.pass(text);
        stdout += shown;
        options.onOutput?.('stdout', shown);
      },
      stderr: (text) => {
        const shown = limit.pass(text);
        stderr += shown;
        options.onOutput?.('stderr', shown);
      },
    };
    if (line.trim() !== '') this.#history.push(line);
    let exit: number;
    try {
      exit = await this.#runScript(line, { io, context, editor: options.editor });
    } catch (error) {
      // A broken invariant in a command must not take the shell with it.
      io.stderr(`bash: a fault of the simulator, not of the command: ${String(error)}\n`);
      exit = 1;
    }
    return { stdout, stderr, exit: context.cancelled && exit === 0 ? CANCELLED : exit };
  }

  async #runScript(script: string, line: RunningLine): Promise<number> {
    for (const chunk of splitScript(script)) {
      if (line.context.cancelled) return CANCELLED;
      const session = this.#sessionOf(line);
      if (this.#fresh.delete(session)) await this.#readStartupFile(session, line);
      const commands = this.#plainCommands(chunk, session);
      const exit =
        commands === undefined
          ? await this.#interpret(chunk, session, line)
          : await this.#runList(commands, line);
      session.lastExit = exit;
      this.#sessionOf(line).lastExit = exit;
    }
    return this.#sessionOf(line).lastExit;
  }

  /** It is read when the first line is run: a login waits for nobody. */
  async #readStartupFile({ machine: { files }, variables }: ShellSession, line: RunningLine): Promise<void> {
    const home = variables.get('HOME') ?? '/';
    const file = STARTUP_FILES.map((name) => `${home}/${name}`).find((path) => files.exists(path));
    if (file !== undefined) await this.#runScript(`. ${file}`, line);
  }

  #sessionOf({ session }: RunningLine): ShellSession {
    return session ?? this.#session;
  }

  /** The commands of a line that needs no grammar, aliases expanded; undefined if it does. */
  #plainCommands(line: string, session: ShellSession): readonly SimpleCommand[] | undefined {
    const parsed = parseLine(line);
    if (parsed.kind !== 'plain') return undefined;
    if ([...session.options].some((option) => !PLAIN_OPTIONS.has(option))) return undefined;
    if (session.arrays.size > 0 || session.readonly.size + session.integers.size > 0) return undefined;
    const commands: SimpleCommand[] = [];
    for (const command of parsed.commands) {
      const expanded = expandAlias(command, session.aliases, new Set());
      if (expanded === undefined) return undefined;
      const [name] = expanded.words[0] ?? [];
      if (name?.type === 'text' && this.#needsInterpreter(name.text, session)) return undefined;
      commands.push(expanded);
    }
    return commands;
  }

  #needsInterpreter(name: string, session: ShellSession): boolean {
    // What leaves a shell that a program started is not the builtin of the login.
    if (name === 'exit' && !this.#sessions.includes(session)) return true;
    if (session.functions.has(name) || /^\w+(?:\[.*\])?\+?=/.test(name)) return true;
    if (BUILTINS.has(name) || this.#programs.has(programName(name))) return false;
    return INTERPRETER_COMMANDS.has(programName(name)) || this.#isFile(name, session);
  }

  /** Is there a file of that name that somebody may have written to be run? */
  #isFile(name: string, { machine, cwd, variables }: ShellSession): boolean {
    const { files } = machine;
    if (name.includes('/')) return files.exists(resolvePath(cwd, name));
    return (variables.get('PATH') ?? '')
      .split(':')
      .some((directory) => directory !== '' && files.exists(`${directory}/${name}`));
  }

  /** Runs a line that needs the full grammar, which is fetched when there is the first one. */
  async #interpret(chunk: string, session: ShellSession, line: RunningLine): Promise<number> {
    const { Interpreter } = await this.#clock.outside(import('./grammar/interpreter.ts'));
    this.#interpreter ??= new Interpreter(this.#grammar);
    const kind = session === this.#session ? 'login' : 'subshell';
    return this.#interpreter.run(chunk, session, line.io, line.context, line.editor, kind);
  }

  async #runList(commands: readonly SimpleCommand[], line: RunningLine): Promise<number> {
    for (const command of commands) {
      const last = this.#sessionOf(line).lastExit;
      if (command.operator === '&&' && last !== 0) continue;
      if (command.operator === '||' && last === 0) continue;
      if (line.context.cancelled) return CANCELLED;
      const exit = await this.#runSimple(command, line);
      this.#sessionOf(line).lastExit = exit;
    }
    return this.#sessionOf(line).lastExit;
  }

  async #runSimple(command: SimpleCommand, line: RunningLine): Promise<number> {
    const session = this.#sessionOf(line);
    const expansion: ExpansionContext = {
      variable: (name) => (name === '?' ? String(session.lastExit) : session.variables.get(name)),
      home: session.variables.get('HOME') ?? '/',
      cwd: session.cwd,
      files: session.machine.files,
    };
    const [name, ...args] = command.words.flatMap((word) => expandWord(word, expansion));
    const assigned = command.assignments.map(
      (assignment) => [assignment.name, expandAssignment(assignment.value, expansion)] as const,
    );
    if (name === undefined) {
      for (const [variable, value] of assigned) session.variables.set(variable, value);
      return 0;
    }
    const builtin = BUILTINS.get(name);
    if (builtin !== undefined) return builtin.run(args, line.io, this.#control(line));
    return this.#runProgram(name, args, line.io, {
      session,
      cwd: session.cwd,
      variables: { ...environmentOf(session), ...Object.fromEntries(assigned) },
      context: line.context,
      editor: line.editor,
    });
  }

  #machineOf(host: string): Machine | undefined {
    return this.#machines.get(host) ?? [...this.#machines.values()].find(({ address }) => address === host);
  }

  #control(line: RunningLine): ShellControl {
    return {
      session: this.#sessionOf(line),
      history: this.#history,
      isBuiltin: (name) => BUILTINS.has(name),
      isProgram: (name) => this.#programs.has(name) || INTERPRETER_COMMANDS.has(name),
      hasHost: (host) => this.#machineOf(host) !== undefined,
      login: (host) => {
        this.#sessions.push(openSession(this.#machineOf(host)!, this.#clock.now()));
        this.#fresh.add(this.#session);
      },
      runOn: async (host, text, io) => {
        const session = openSession(this.#machineOf(host)!, this.#clock.now());
        try {
          return await this.#runScript(text, { ...line, io, session });
        } finally {
          session.machine.processes.end(session.pid);
        }
      },
      isSubshell: line.session !== undefined,
      logout: () => {
        if (this.#sessions.length === 1) return false;
        const { machine, pid } = this.#sessions.pop()!;
        machine.processes.end(pid);
        return true;
      },
      run: (text, io, context = line.context) => this.#runScript(text, { ...line, io, context }),
      jobs: this.#jobs,
      kill: (pid) => this.#kill(pid, this.#sessionOf(line)),
      context: line.context,
      clock: this.#clock,
    };
  }

  async #runForInterpreter(
    name: string,
    args: readonly string[],
    io: CommandIo,
    place: CommandPlace,
  ): Promise<number> {
    if (place.context.cancelled) return CANCELLED;
    const builtin = BUILTINS.get(name);
    if (builtin !== undefined) {
      const { session, context, editor } = place;
      await place.started?.();
      return builtin.run(
        args,
        io,
        this.#control({ io, context, editor, ...(session !== this.#session && { session }) }),
      );
    }
    return this.#runProgram(name, args, io, place);
  }

  /** Ends a program of this shell, or any other process of the machine. */
  #kill(pid: number, { machine }: ShellSession): boolean {
    const context = this.#running.get(pid);
    if (context !== undefined) {
      context.cancel();
      return true;
    }
    if (!machine.processes.list().some((process) => process.pid === pid)) return false;
    machine.processes.end(pid);
    return true;
  }

  /** Runs a program as a process of the machine. */
  async #runProgram(
    name: string,
    args: readonly string[],
    io: CommandIo,
    place: CommandPlace,
  ): Promise<number> {
    const { session, cwd, variables, editor } = place;
    const { machine, user } = session;
    const program = this.#programs.get(programName(name));
    if (program === undefined) {
      const missing = name.includes('/') ? 'No such file or directory' : 'command not found';
      io.stderr(`bash: ${name}: ${missing}\n`);
      return 127;
    }
    const running = this.#asProcess(name, args, place, (context) =>
      program.run(args, io, {
        machine,
        clock: this.#clock,
        cwd,
        variables,
        user,
        context,
        execute: (line, inner, own = context) =>
          this.#runScript(line, {
            io: inner,
            context: own,
            editor,
            session: { ...forkSession(session), cwd, variables: new Map(Object.entries(variables)) },
          }),
        ...(editor !== undefined && { editor }),
      }),
    );
    return withinMemory(name, io, running);
  }

  /** Does `work` as a process of the machine. */
  async #asProcess(
    name: string,
    args: readonly string[],
    { session: { machine, user }, context: parent, pid: own, started }: CommandPlace,
    work: (context: Context) => Promise<number>,
  ): Promise<number> {
    const pid =
      own ??
      machine.processes.start({
        user,
        command: [name, ...args],
        tty: 'pts/0',
        state: programName(name) === 'ps' ? 'R+' : 'S+',
        started: this.#clock.now(),
        virtualSize: 7816,
        residentSize: 3412,
        cpuSeconds: 0,
      });
    const context = parent.child();
    this.#running.set(pid, context);
    try {
      await started?.();
      return await work(context);
    } finally {
      this.#running.delete(pid);
      machine.processes.end(pid);
    }
  }
}

/** What somebody types, until the line is cancelled. */
function untilCancelled(input: InputStream, context: Context): InputStream {
  const cancelled = new Promise<undefined>((resolve) => context.onCancel(() => resolve(undefined)));
  return {
    get isTerminal() {
      return input.isTerminal === true;
    },
    setRaw: (raw) => input.setRaw?.(raw),
    read: () => Promise.race([input.read(), cancelled]),
  };
}

/** The command with its alias expanded; undefined if that is more than one simple command. */
function expandAlias(
  command: SimpleCommand,
  aliases: ReadonlyMap<string, string>,
  seen: ReadonlySet<string>,
): SimpleCommand | undefined {
  const [part, ...others] = command.words[0] ?? [];
  if (part?.type !== 'text' || part.quoted || others.length > 0 || seen.has(part.text)) return command;
  const value = aliases.get(part.text);
  if (value === undefined) return command;
  const parsed = parseLine(value);
  if (parsed.kind !== 'plain' || parsed.commands.length !== 1) return undefined;
  const [alias] = parsed.commands;
  return expandAlias(
    {
      operator: command.operator,
      assignments: [...command.assignments, ...alias!.assignments],
      words: [...alias!.words, ...command.words.slice(1)],
    },
    aliases,
    new Set([...seen, part.text]),
  );
}

/** "kubectl" of "/usr/bin/kubectl" and the like; other paths stay. */
function programName(name: string): string {
  return /^\/(?:usr\/(?:local\/)?)?s?bin\/([^/]+)$/.exec(name)?.[1] ?? name;
}

/** The complete command lines of a script: most are one line, some span several. */
function splitScript(script: string): string[] {
  const chunks: string[] = [];
  let pending: string | undefined;
  for (const line of script.split('\n')) {
    pending = pending === undefined ? line : `${pending}\n${line}`;
    if (parseLine(pending).kind === 'incomplete') continue;
    if (pending.trim() !== '') chunks.push(pending);
    pending = undefined;
  }
  if (pending !== undefined && pending.trim() !== '') chunks.push(pending);
  return chunks;
}
