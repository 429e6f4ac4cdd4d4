import type { Bash, Command as BashCommand, ResolvedCommandContext } from 'just-bash';
import type { Clock } from '../../clock/clock.ts';
import type { CommandIo } from '../command.ts';
import type { ShellSession } from '../session.ts';
import { changeDirectory } from '../session.ts';
import { INTERPRETER_COMMANDS } from './commands.ts';
import { AdaptedFileError, adaptFileSystem } from './file-system-adapter.ts';
import { OutsideGate } from './outside-gate.ts';
import { type PipelineWords, pipelinesOf } from './pipelines.ts';
import { fromByteString } from './utf8.ts';

/** Runs one of the lab's commands for the interpreter and gives its exit code. */
export type RunProgram = (
  name: string,
  args: readonly string[],
  io: CommandIo,
  place: { readonly cwd: string; readonly variables: Readonly<Record<string, string>> },
) => Promise<number>;

export interface InterpreterConfig {
  readonly clock: Clock;
  /** The commands that are ours; the interpreter brings the rest (grep, sed, jq, …). */
  readonly programs: readonly string[];
  readonly run: RunProgram;
}

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
  readonly #gate: OutsideGate;

  constructor(config: InterpreterConfig) {
    this.#config = config;
    this.#gate = new OutsideGate(config.clock);
  }

  /** Runs `script` in `session`, whose working directory, variables and aliases it may change. */
  async run(script: string, session: ShellSession, io: CommandIo): Promise<number> {
    this.#gate.close();
    try {
      const { Bash } = await import('just-bash');
      return await this.#run(Bash, script, session, io);
    } catch (error) {
      // A redirection to a place that cannot be written ends the whole script.
      if (!(error instanceof AdaptedFileError)) throw error;
      io.stderr(`bash: ${error.original.path}: ${error.original.message}\n`);
      return 1;
    } finally {
      this.#gate.open();
    }
  }

  async #run(
    constructor: typeof Bash,
    script: string,
    session: ShellSession,
    io: CommandIo,
  ): Promise<number> {
    const { machine } = session;
    const siblings = { pipelines: [] as PipelineWords[] };
    const bash = new constructor({
      fs: adaptFileSystem(machine.files, new Set([...this.#config.programs, ...INTERPRETER_COMMANDS])),
      cwd: session.cwd,
      customCommands: [
        ...this.#config.programs.map((name) => this.#adapt(name, session, siblings)),
        withoutColour('grep'),
        withoutColour('egrep'),
        withoutColour('fgrep'),
      ],
      sleep: (milliseconds) => this.#gate.inside(() => this.#config.clock.sleep(milliseconds)),
      processInfo: { pid: session.pid, ppid: 1, uid: 0, gid: 0 },
      defenseInDepth: false,
    });
    siblings.pipelines = pipelinesOf(bash, script, session.aliases);
    const prelude = `shopt -s expand_aliases; export ${[...session.exported].join(' ')}\n`;
    const result = await bash.exec(prelude + script, {
      env: { ...Object.fromEntries(session.variables), ...aliasVariables(session.aliases) },
      cwd: session.cwd,
      stdin: io.stdin,
      rawScript: true,
    });
    if (result.stdout !== '') io.stdout(result.stdout);
    if (result.stderr !== '') io.stderr(result.stderr.replaceAll(/^bash: line \d+: /gm, 'bash: '));
    adopt(session, result.env, script);
    return result.exitCode;
  }

  #adapt(name: string, session: ShellSession, siblings: { pipelines: PipelineWords[] }): BashCommand {
    return {
      name,
      execute: (args, context: ResolvedCommandContext) =>
        this.#gate.inside(async () => {
          let stdout = '';
          let stderr = '';
          const io: CommandIo = {
            stdin: fromByteString(context.stdin as unknown as string),
            stdout: (text) => (stdout += text),
            stderr: (text) => (stderr += text),
          };
          const others = startSiblings(
            [name, ...args],
            siblings.pipelines,
            session,
            this.#config.clock.now(),
          );
          try {
            const exitCode = await this.#config.run(name, args, io, {
              cwd: context.cwd,
              variables: context.exportedEnv ?? {},
            });
            return { stdout, stderr, exitCode, stdoutKind: 'text' };
          } finally {
            for (const pid of others) session.machine.processes.end(pid);
          }
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
