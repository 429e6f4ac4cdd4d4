import { withinMemory } from '../memory.ts';
import type { Bash } from 'just-bash';
import type { Clock } from '../../clock/clock.ts';
import type { Context } from '../../clock/context.ts';
import type { CommandIo, Editor } from '../command.ts';
import type { JobTable } from '../jobs.ts';
import type { ShellSession } from '../session.ts';
import { INTERPRETER_COMMANDS } from './commands.ts';
import { descriptorsOf } from './descriptors.ts';
import { ForkLimit } from './fork-limit.ts';
import type { CommandPlace } from './place.ts';
import { ShellProcess } from './shell-process.ts';
import { type Parse, parser, type Script, SyntaxProblem } from './syntax.ts';
import { TextTools } from './text-tools.ts';

export interface InterpreterConfig {
  readonly clock: Clock;
  /** The commands that are ours; the interpreter brings the rest (grep, sed, jq, …). */
  readonly programs: readonly string[];
  isBuiltin(name: string): boolean;
  /** Runs a command of ours and gives its exit code. */
  run(name: string, args: readonly string[], io: CommandIo, place: CommandPlace): Promise<number>;
  /** Registers a process of the machine for `work`. */
  asProcess(
    name: string,
    args: readonly string[],
    place: CommandPlace,
    work: (context: Context) => Promise<number>,
  ): Promise<number>;
  readonly jobs: JobTable;
}

/** The full shell grammar on the machine's files: just-bash parses, and brings the text tools. */
export class Interpreter {
  readonly #config: InterpreterConfig;
  readonly #programs: ReadonlySet<string>;
  readonly #forks = new ForkLimit();
  #loaded: { readonly parse: Parse; readonly tools: TextTools } | undefined;

  constructor(config: InterpreterConfig) {
    this.#config = config;
    this.#programs = new Set(config.programs);
  }

  /** Runs `script` in `session`, whose working directory, variables and aliases it may change. */
  async run(
    script: string,
    session: ShellSession,
    io: CommandIo,
    context: Context,
    editor: Editor | undefined,
    kind: 'login' | 'subshell',
  ): Promise<number> {
    const { clock, jobs } = this.#config;
    const { parse } = (this.#loaded ??= this.#load((await clock.outside(import('just-bash'))).Bash));
    let parsed: Script;
    try {
      parsed = parse(script);
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      io.stderr(`bash: ${error.message}\n`);
      return 2;
    }
    const shell = new ShellProcess({
      host: {
        clock,
        jobs,
        parse,
        forks: this.#forks,
        isCommand: (name) => this.#isCommand(name),
        isBuiltin: (name) => this.#config.isBuiltin(name),
        run: (name, args, own, place) => this.#run(name, args, own, place),
      },
      session,
      context,
      descriptors: descriptorsOf(io),
      editor,
      name: 'bash',
      kind,
    });
    return shell.run(parsed);
  }

  #load(bash: typeof Bash): { readonly parse: Parse; readonly tools: TextTools } {
    const { clock, programs } = this.#config;
    const tools = new TextTools({
      ...{ clock, bash },
      programs: [...programs, 'bash', 'sh'],
      installed: new Set([...programs, ...INTERPRETER_COMMANDS]),
      run: (name, args, io, place) => this.#run(name, args, io, place),
    });
    return { parse: parser(new bash({ defenseInDepth: false })), tools };
  }

  #isCommand(name: string): boolean {
    const base = /^\/(?:usr\/(?:local\/)?)?s?bin\/([^/]+)$/.exec(name)?.[1] ?? name;
    return this.#programs.has(base) || TOOLS.has(base) || this.#config.isBuiltin(name);
  }

  async #run(name: string, args: readonly string[], io: CommandIo, place: CommandPlace): Promise<number> {
    const base = /^\/(?:usr\/(?:local\/)?)?s?bin\/([^/]+)$/.exec(name)?.[1] ?? name;
    if (this.#programs.has(base) || this.#config.isBuiltin(name))
      return this.#config.run(name, args, io, place);
    if (base === 'bash' || base === 'sh') return this.#runShell(base, args, io, place);
    const running = this.#config.asProcess(name, args, place, (context) =>
      this.#loaded!.tools.run(base, args, io, { ...place, context }),
    );
    return withinMemory(name, io, running);
  }

  /** A shell that a program starts, as `xargs sh -c` does. */
  #runShell(name: string, args: readonly string[], io: CommandIo, place: CommandPlace): Promise<number> {
    const { session, context, editor } = place;
    const words = [name, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    return this.run(words, { ...session, cwd: place.cwd }, io, context, editor, 'subshell');
  }
}

/** What just-bash runs; the other words are builtins. */
const TOOLS: ReadonlySet<string> = new Set(
  [...INTERPRETER_COMMANDS].filter(
    (name) =>
      !/^(?:bash|sh|declare|eval|let|local|printf|read|readonly|set|shift|shopt|source|test|trap|umask|wait|\.|\[)$/.test(
        name,
      ),
  ),
);
