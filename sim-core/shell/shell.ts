import type { Clock } from '../clock/clock.ts';
import { Context } from '../clock/context.ts';
import type { Machine } from '../node/machine.ts';
import type { ShellControl } from './builtin.ts';
import { BUILTINS } from './builtins/registry.ts';
import type { Command, CommandIo, CommandResult, Shell, ShellRunOptions } from './command.ts';
import { COMMANDS } from './commands/registry.ts';
import { expandAssignment, expandWord, type ExpansionContext } from './expand.ts';
import type { CommandPlace, InterpreterConfig } from './grammar/interpreter.ts';
import { INTERPRETER_COMMANDS } from './grammar/commands.ts';
import { parseLine, type SimpleCommand } from './parse.ts';
import { environmentOf, openSession, type ShellSession } from './session.ts';

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
}

const CANCELLED = 130;

class LoginShell implements Shell {
  readonly #clock: Clock;
  readonly #machines: ReadonlyMap<string, Machine>;
  readonly #programs: ReadonlyMap<string, Command>;
  readonly #sessions: ShellSession[];
  readonly #history: string[] = [];
  readonly #grammar: InterpreterConfig;

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
    this.#grammar = {
      clock: config.clock,
      programs: [...this.#programs.keys(), 'history', 'ssh', 'timeout'],
      run: (name, args, io, place) => this.#runForInterpreter(name, args, io, place),
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

  needsGrammar(line: string): boolean {
    return splitScript(line).some((chunk) => this.#plainCommands(chunk) === undefined);
  }

  async run(line: string, options: ShellRunOptions = {}): Promise<CommandResult> {
    let stdout = '';
    let stderr = '';
    const io: CommandIo = {
      stdin: options.stdin ?? '',
      stdout: (text) => {
        stdout += text;
        options.onOutput?.('stdout', text);
      },
      stderr: (text) => {
        stderr += text;
        options.onOutput?.('stderr', text);
      },
    };
    const context = options.context ?? new Context();
    if (line.trim() !== '') this.#history.push(line);
    let exit: number;
    try {
      exit = await this.#runScript(line, { io, context });
    } catch (error) {
      // A broken invariant in a command must not take the shell with it.
      io.stderr(`bash: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      exit = 1;
    }
    return { stdout, stderr, exit };
  }

  async #runScript(script: string, line: RunningLine): Promise<number> {
    for (const chunk of splitScript(script)) {
      if (line.context.cancelled) return CANCELLED;
      const session = this.#session;
      const commands = this.#plainCommands(chunk);
      const exit =
        commands === undefined
          ? await this.#interpret(chunk, session, line)
          : await this.#runList(commands, line);
      session.lastExit = exit;
      this.#session.lastExit = exit;
    }
    return this.#session.lastExit;
  }

  /** The commands of a line that needs no grammar, aliases expanded; undefined if it does. */
  #plainCommands(line: string): readonly SimpleCommand[] | undefined {
    const parsed = parseLine(line);
    if (parsed.kind !== 'plain') return undefined;
    const commands: SimpleCommand[] = [];
    for (const command of parsed.commands) {
      const expanded = this.#expandAlias(command, new Set());
      if (expanded === undefined) return undefined;
      const [name] = expanded.words[0] ?? [];
      if (name?.type === 'text' && this.#needsInterpreter(name.text)) return undefined;
      commands.push(expanded);
    }
    return commands;
  }

  #needsInterpreter(name: string): boolean {
    return INTERPRETER_COMMANDS.has(name) && !BUILTINS.has(name) && !this.#programs.has(name);
  }

  #expandAlias(command: SimpleCommand, seen: ReadonlySet<string>): SimpleCommand | undefined {
    const [part, ...others] = command.words[0] ?? [];
    if (part?.type !== 'text' || part.quoted || others.length > 0 || seen.has(part.text)) return command;
    const value = this.#session.aliases.get(part.text);
    if (value === undefined) return command;
    const parsed = parseLine(value);
    if (parsed.kind !== 'plain' || parsed.commands.length !== 1) return undefined;
    const [alias] = parsed.commands;
    return this.#expandAlias(
      {
        operator: command.operator,
        assignments: [...command.assignments, ...alias!.assignments],
        words: [...alias!.words, ...command.words.slice(1)],
      },
      new Set([...seen, part.text]),
    );
  }

  /** Runs a line that needs the full grammar, which is fetched when there is the first one. */
  async #interpret(chunk: string, session: ShellSession, { io, context }: RunningLine): Promise<number> {
    const { Interpreter } = await this.#clock.outside(import('./grammar/interpreter.ts'));
    return new Interpreter(this.#grammar).run(chunk, session, io, context);
  }

  async #runList(commands: readonly SimpleCommand[], line: RunningLine): Promise<number> {
    for (const command of commands) {
      const last = this.#session.lastExit;
      if (command.operator === '&&' && last !== 0) continue;
      if (command.operator === '||' && last === 0) continue;
      if (line.context.cancelled) return CANCELLED;
      this.#session.lastExit = await this.#runSimple(command, line);
    }
    return this.#session.lastExit;
  }

  async #runSimple(command: SimpleCommand, line: RunningLine): Promise<number> {
    const session = this.#session;
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
    });
  }

  #control(line: RunningLine): ShellControl {
    return {
      session: this.#session,
      history: this.#history,
      isBuiltin: (name) => BUILTINS.has(name),
      isProgram: (name) => this.#programs.has(name) || INTERPRETER_COMMANDS.has(name),
      login: (host) => {
        const machine =
          this.#machines.get(host) ?? [...this.#machines.values()].find((m) => m.address === host);
        if (machine === undefined) return undefined;
        const session = openSession(machine, this.#clock.now());
        this.#sessions.push(session);
        return session;
      },
      logout: () => {
        if (this.#sessions.length === 1) return false;
        const { machine, pid } = this.#sessions.pop()!;
        machine.processes.end(pid);
        return true;
      },
      run: (text, io, context = line.context) => this.#runScript(text, { io, context }),
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
    if (builtin !== undefined) return builtin.run(args, io, this.#control({ io, context: place.context }));
    return this.#runProgram(name, args, io, place);
  }

  /** Runs a program as a process of the machine. */
  async #runProgram(
    name: string,
    args: readonly string[],
    io: CommandIo,
    { session, cwd, variables, context }: CommandPlace,
  ): Promise<number> {
    const { machine, user } = session;
    const program = this.#programs.get(programName(name));
    if (program === undefined) {
      const missing = name.includes('/') ? 'No such file or directory' : 'command not found';
      io.stderr(`bash: ${name}: ${missing}\n`);
      return 127;
    }
    const pid = machine.processes.start({
      user,
      command: [name, ...args],
      tty: 'pts/0',
      state: program.name === 'ps' ? 'R+' : 'S+',
      started: this.#clock.now(),
      virtualSize: 7816,
      residentSize: 3412,
      cpuSeconds: 0,
    });
    try {
      return await program.run(args, io, {
        machine,
        clock: this.#clock,
        cwd,
        variables,
        user,
        context,
      });
    } finally {
      machine.processes.end(pid);
    }
  }
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
