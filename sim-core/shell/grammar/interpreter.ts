import type { Bash, Command as BashCommand, ResolvedCommandContext } from 'just-bash';
import { Context } from '../../clock/context.ts';
import type { Clock } from '../../clock/clock.ts';
import type { CommandIo, Editor } from '../command.ts';
import type { JobTable } from '../jobs.ts';
import { parseLine } from '../parse.ts';
import type { ShellSession } from '../session.ts';
import { changeDirectory } from '../session.ts';
import { INTERPRETER_COMMANDS } from './commands.ts';
import { AdaptedFileError, adaptFileSystem } from './file-system-adapter.ts';
import { ContextSignal } from './abort-signal.ts';
import { LAST_JOB, rewriteScript, START_JOB, WAIT_FOR_JOBS } from './rewrite.ts';
import { OutsideGate } from './outside-gate.ts';
import { type PipelineWords, pipelinesOf } from './pipelines.ts';
import { fromByteString } from './utf8.ts';

/** Where a command of a script runs. */
export interface CommandPlace {
  readonly session: ShellSession;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly context: Context;
  readonly editor: Editor | undefined;
  /** The process that it is, if it was started already; missing: it gets one. */
  readonly pid?: number;
}

/** Runs one of the lab's commands for the interpreter and gives its exit code. */
type RunProgram = (
  name: string,
  args: readonly string[],
  io: CommandIo,
  place: CommandPlace,
) => Promise<number>;

export interface InterpreterConfig {
  readonly clock: Clock;
  /** The commands that are ours; the interpreter brings the rest (grep, sed, jq, …). */
  readonly programs: readonly string[];
  readonly run: RunProgram;
  readonly jobs: JobTable;
}

const CANCELLED = 130;
/** How many commands one line may run: a loop that never ends must not take the terminal with it. */
const MAX_COMMANDS = 20_000;
const ALIAS_PREFIX = 'BASH_ALIAS_';
/** What bash sets by itself; it is no state of the session. */
const OWN_VARIABLES = new Set([
  'IFS',
  'OSTYPE',
  'MACHTYPE',
  'HOSTTYPE',
  'OPTIND',
  'SHELLOPTS',
  'BASHOPTS',
  '?',
  '_',
  'PIPESTATUS',
]);

/** The full shell grammar, by just-bash, on the machine's files and with the lab's commands. */
export class Interpreter {
  readonly #config: InterpreterConfig;

  constructor(config: InterpreterConfig) {
    this.#config = config;
  }

  /** Runs `script` in `session`, whose working directory, variables and aliases it may change. */
  run(
    script: string,
    session: ShellSession,
    io: CommandIo,
    context: Context,
    editor: Editor | undefined,
  ): Promise<number> {
    return new ScriptRun(this.#config, { session, io, context, editor }).run(script);
  }
}

/** Where a script runs. */
interface ScriptPlace {
  readonly session: ShellSession;
  readonly io: CommandIo;
  readonly context: Context;
  readonly editor: Editor | undefined;
  /** A job of one simple command is that command's process. */
  readonly pid?: number;
}

/** One run of a script, with the jobs that it starts. */
class ScriptRun {
  readonly #config: InterpreterConfig;
  readonly #session: ShellSession;
  readonly #io: CommandIo;
  readonly #gate: OutsideGate;
  readonly #place: ScriptPlace;
  #pipelines: readonly PipelineWords[] = [];
  /** What jobs wrote and nobody has shown yet; undefined once the script is done. */
  #written: { stdout: string; stderr: string } | undefined = { stdout: '', stderr: '' };

  constructor(config: InterpreterConfig, place: ScriptPlace) {
    this.#config = config;
    this.#place = place;
    this.#session = place.session;
    this.#io = place.io;
    this.#gate = new OutsideGate(config.clock);
  }

  async run(script: string): Promise<number> {
    this.#gate.close();
    try {
      const { Bash } = await import('just-bash');
      return await this.#execute(Bash, script);
    } catch (error) {
      if (this.#place.context.cancelled) return CANCELLED;
      // A redirection to a place that cannot be written ends the whole script.
      if (!(error instanceof AdaptedFileError)) throw error;
      this.#io.stderr(`bash: ${error.original.path}: ${error.original.message}\n`);
      return 1;
    } finally {
      this.#gate.open();
    }
  }

  async #execute(constructor: typeof Bash, script: string): Promise<number> {
    const { machine, cwd, exported, variables, aliases, pid } = this.#session;
    const { programs } = this.#config;
    const bash = new constructor({
      fs: adaptFileSystem(
        machine.files,
        new Set([...programs, ...INTERPRETER_COMMANDS, START_JOB, WAIT_FOR_JOBS]),
      ),
      cwd,
      customCommands: [
        ...programs.map((name) => this.#adapt(name)),
        ...['grep', 'egrep', 'fgrep'].map(withoutColour),
        this.#startJob(),
        this.#waitForJobs(),
      ],
      sleep: (milliseconds) => this.#gate.inside(() => this.#config.clock.sleep(milliseconds)),
      processInfo: { pid, ppid: 1, uid: 0, gid: 0 },
      executionLimits: { maxCommandCount: MAX_COMMANDS, maxLoopIterations: MAX_COMMANDS },
      defenseInDepth: false,
    });
    this.#pipelines = pipelinesOf(bash, script, aliases);
    const prelude = `shopt -s expand_aliases; export ${[...exported].join(' ')}\n`;
    const result = await bash.exec(prelude + rewriteScript(bash, script), {
      env: { ...Object.fromEntries(variables), ...aliasVariables(aliases) },
      cwd,
      stdin: this.#io.stdin,
      rawScript: true,
      signal: new ContextSignal(this.#place.context) as unknown as AbortSignal,
    });
    const { stdout, stderr } = this.#takeWritten();
    this.#written = undefined;
    const cancelled = this.#place.context.cancelled;
    this.#show(result.stdout + stdout, (cancelled ? '' : shellErrors(result.stderr)) + stderr);
    adopt(this.#session, result.env, script);
    return cancelled ? CANCELLED : result.exitCode;
  }

  #show(stdout: string, stderr: string): void {
    if (stdout !== '') this.#io.stdout(stdout);
    if (stderr !== '') this.#io.stderr(stderr);
  }

  #takeWritten(): { stdout: string; stderr: string } {
    const written = this.#written ?? { stdout: '', stderr: '' };
    if (this.#written !== undefined) this.#written = { stdout: '', stderr: '' };
    return written;
  }

  /** Where jobs write: kept until the script shows it, directly once the script is done. */
  #jobIo(): CommandIo {
    const write = (stream: 'stdout' | 'stderr') => (text: string) => {
      if (this.#written === undefined) this.#io[stream](text);
      else this.#written[stream] += text;
    };
    return { stdin: '', stdout: write('stdout'), stderr: write('stderr') };
  }

  /** One of the lab's programs, as just-bash runs it. Time may pass while it does. */
  #adapt(name: string): BashCommand {
    return {
      name,
      execute: (args, { stdin, cwd, exportedEnv }: ResolvedCommandContext) =>
        this.#gate.inside(async () => {
          let stdout = '';
          let stderr = '';
          const io: CommandIo = {
            stdin: fromByteString(stdin as unknown as string),
            stdout: (text) => (stdout += text),
            stderr: (text) => (stderr += text),
          };
          const session = this.#session;
          const now = this.#config.clock.now();
          const others = startSiblings([name, ...args], this.#pipelines, session, now);
          try {
            const { context, editor, pid } = this.#place;
            const place = { session, cwd, variables: exportedEnv ?? {}, context, editor };
            const exitCode = await this.#config.run(name, args, io, {
              ...place,
              ...(pid !== undefined && { pid }),
            });
            return { stdout, stderr, exitCode, stdoutKind: 'text' };
          } finally {
            for (const pid of others) session.machine.processes.end(pid);
          }
        }),
    };
  }

  /** `… &`: a run of its own on a copy of the session, which nobody waits for but `wait`. */
  #startJob(): BashCommand {
    return {
      name: START_JOB,
      execute: async (args, { cwd, env }) => {
        const variables = new Map(
          [...env].filter(([name]) => !OWN_VARIABLES.has(name) && !name.startsWith(ALIAS_PREFIX)),
        );
        const session = { ...this.#session, cwd, variables };
        const line = args[0] ?? '';
        const context = new Context();
        const { pid, simple } = this.#startProcess(line);
        const ended = new ScriptRun(this.#config, {
          session,
          io: this.#jobIo(),
          context,
          editor: undefined,
          ...(simple && { pid }),
        }).run(line);
        void ended.finally(() => session.machine.processes.end(pid));
        this.#config.jobs.add({ pid, line, context, ended });
        this.#session.variables.set(LAST_JOB, String(pid));
        env.set(LAST_JOB, String(pid));
        return { stdout: '', stderr: '', exitCode: 0 };
      },
    };
  }

  /** The process of a job: that of its command, if it is a simple one. */
  #startProcess(line: string): { readonly pid: number; readonly simple: boolean } {
    const { machine, user } = this.#session;
    const parsed = parseLine(line);
    const words = parsed.kind === 'plain' && parsed.commands.length === 1 ? parsed.commands[0]!.words : [];
    const command = words.map((word) => word.map((part) => (part.type === 'text' ? part.text : '')).join(''));
    const simple = this.#config.programs.includes(command[0] ?? '');
    const pid = machine.processes.start({
      user,
      command: simple ? command : ['-bash'],
      tty: 'pts/0',
      state: 'S',
      started: this.#config.clock.now(),
      virtualSize: 7816,
      residentSize: 3412,
      cpuSeconds: 0,
    });
    return { pid, simple };
  }

  #waitForJobs(): BashCommand {
    return {
      name: WAIT_FOR_JOBS,
      execute: () =>
        this.#gate.inside(async () => {
          await Promise.all(this.#config.jobs.list().map(({ ended }) => ended));
          return { ...this.#takeWritten(), exitCode: 0 };
        }),
    };
  }
}

/** Starts the other commands of the pipeline that `command` is part of; gives their pids. */
function startSiblings(
  command: readonly string[],
  pipelines: readonly PipelineWords[],
  { machine, user }: ShellSession,
  now: number,
): number[] {
  const text = command.join(' ');
  const pipeline = pipelines.find((words) => words.some((other) => other.join(' ') === text));
  if (pipeline === undefined) return [];
  return pipeline
    .filter((other) => other.length > 0 && other.join(' ') !== text)
    .map((other) =>
      machine.processes.start({
        user,
        command: other,
        tty: 'pts/0',
        state: 'S+',
        started: now,
        virtualSize: 7076,
        residentSize: 2176,
        cpuSeconds: 0,
      }),
    );
}

/** just-bash's grep knows no --color; colours are off in a pipe anyway. */
function withoutColour(name: string): BashCommand {
  return {
    name,
    execute: (args, context) => context.origCommand!(args.filter((argument) => !/^--colou?r/.test(argument))),
  };
}

function aliasVariables(aliases: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...aliases].map(([name, value]) => [ALIAS_PREFIX + name, value]));
}

/** The interpreter's messages in bash's words. */
function shellErrors(stderr: string): string {
  return stderr
    .replaceAll(/^bash: line \d+: /gm, 'bash: ')
    .replaceAll(
      /^bash: .*too many (?:commands executed|iterations).*$/gm,
      `bash: stopped after ${MAX_COMMANDS} commands`,
    );
}

/** Takes over what the script left behind. */
function adopt(session: ShellSession, env: Readonly<Record<string, string>>, script: string): void {
  const aliases = new Map<string, string>();
  const variables = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith(ALIAS_PREFIX)) aliases.set(name.slice(ALIAS_PREFIX.length), value);
    else if (!OWN_VARIABLES.has(name)) variables.set(name, value);
  }
  if (variables.size === 0) return;
  for (const name of session.variables.keys()) if (!variables.has(name)) session.variables.delete(name);
  for (const [name, value] of variables) {
    const isNew = !session.variables.has(name);
    session.variables.set(name, value);
    if (isNew && new RegExp(`\\b(export|declare -x)\\b[^\\n;|&]*\\b${name}\\b`).test(script)) {
      session.exported.add(name);
    }
  }
  session.aliases.clear();
  for (const [name, value] of aliases) session.aliases.set(name, value);
  const cwd = variables.get('PWD');
  if (cwd !== undefined && cwd !== session.cwd) changeDirectory(session, cwd);
}
