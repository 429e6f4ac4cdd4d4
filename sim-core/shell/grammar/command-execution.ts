import { resolvePath } from '../../node/path.ts';
import { environmentOf } from '../session.ts';
import { GRAMMAR_BUILTINS } from './builtins/registry.ts';
import { ioOf, outputOf } from './descriptors.ts';
import { ExpansionProblem, Leave } from './leave.ts';
import type { ShellProcess } from './shell-process.ts';

/** How deep functions may call each other. */
const MAX_DEPTH = 1000;

export interface InvokeOptions {
  /** The assignments before the name. */
  readonly variables?: Readonly<Record<string, string>>;
  /** False: a function of that name is passed over. */
  readonly functions?: boolean;
}

/** Finds what a command's name means to one shell, and runs it: POSIX's command search and execution. */
export class CommandExecution {
  readonly #shell: ShellProcess;
  /** The process that the shell is, until the first program that it runs becomes it. */
  #pid: number | undefined;
  /** How many functions call each other. */
  depth = 0;

  constructor(shell: ShellProcess, pid: number | undefined) {
    this.#shell = shell;
    this.#pid = pid;
  }

  /** Runs a function, a builtin, a program or a file with commands. */
  async invoke(
    words: readonly string[],
    { variables: given = {}, functions = true }: InvokeOptions = {},
  ): Promise<number> {
    const [name = '', ...args] = words;
    const body = functions ? this.#shell.session.functions.get(name) : undefined;
    if (body !== undefined) {
      this.#shell.arrive();
      return this.#withVariables(given, () => this.#call(name, args));
    }
    const builtin = GRAMMAR_BUILTINS.get(name);
    if (builtin !== undefined) {
      this.#shell.arrive();
      const status = await this.#withVariables(given, async () => builtin(this.#shell, args));
      await outputOf(this.#shell.descriptors).drained?.();
      return status;
    }
    if (!this.#shell.host.isCommand(name)) {
      const file = this.#executable(name);
      if (typeof file === 'number') {
        this.#shell.arrive();
        this.#shell.say(`${name}: ${file === 126 ? this.#whyNot(name) : this.#missing(name)}`);
        return file;
      }
      this.#shell.arrive();
      const text = this.#shell.session.machine.files.read(file);
      return this.#shell.runScript(text, name, args, given);
    }
    return this.start(name, args, given);
  }

  #missing(name: string): string {
    return name.includes('/') ? 'No such file or directory' : 'command not found';
  }

  #whyNot(name: string): string {
    const { files } = this.#shell.session.machine;
    const path = resolvePath(this.#shell.session.cwd, name);
    return files.stat(files.realPath(path)).type === 'directory' ? 'Is a directory' : 'Permission denied';
  }

  /** The file that a name means, or the exit code if there is none that can be run. */
  #executable(name: string): string | 126 | 127 {
    const { machine, cwd } = this.#shell.session;
    const { files } = machine;
    const places = name.includes('/')
      ? [resolvePath(cwd, name)]
      : (this.#shell.variables.get('PATH') ?? '').split(':').map((directory) => `${directory}/${name}`);
    const path = places.find((place) => files.exists(place));
    if (path === undefined || name === '') return 127;
    const { type, mode } = files.stat(files.realPath(path));
    return type === 'directory' || (mode & 0o111) === 0 ? 126 : path;
  }

  /** Runs a program, or a builtin of the login shell. */
  async start(
    name: string,
    args: readonly string[],
    given: Readonly<Record<string, string>>,
  ): Promise<number> {
    const shell = this.#shell;
    const { session, host, editor } = shell;
    const pid = this.#pid;
    this.#pid = undefined;
    const io = ioOf(shell.descriptors);
    const status = await host.run(name, args, io, {
      session,
      cwd: session.cwd,
      variables: { ...environmentOf(session), ...given },
      context: shell.context,
      editor,
      shell,
      started: () => shell.started(),
      ...(pid !== undefined && { pid }),
    });
    shell.arrive();
    await io.drained?.();
    return shell.context.cancelled ? shell.cancelledStatus() : status;
  }

  async #withVariables(
    given: Readonly<Record<string, string>>,
    work: () => Promise<number>,
  ): Promise<number> {
    const names = Object.keys(given);
    if (names.length === 0) return work();
    const before = names.map(
      (name) =>
        [name, this.#shell.session.variables.get(name), this.#shell.session.exported.has(name)] as const,
    );
    for (const [name, value] of Object.entries(given)) {
      this.#shell.variables.set(name, value);
      this.#shell.session.exported.add(name);
    }
    try {
      return await work();
    } finally {
      for (const [name, value, exported] of before) {
        if (value === undefined) this.#shell.session.variables.delete(name);
        else this.#shell.session.variables.set(name, value);
        if (!exported) this.#shell.session.exported.delete(name);
      }
    }
  }

  async #call(name: string, args: readonly string[]): Promise<number> {
    const definition = this.#shell.session.functions.get(name)!;
    if (++this.depth > MAX_DEPTH) {
      this.depth = 0;
      throw new ExpansionProblem(`${name}: maximum function nesting level exceeded (${MAX_DEPTH})`);
    }
    const { positional } = this.#shell.session;
    this.#shell.session.positional = args;
    this.#shell.variables.enter();
    try {
      return await this.#shell.redirector.within(definition.redirections, () =>
        this.#shell.command(definition.body),
      );
    } catch (error) {
      if (error instanceof Leave && error.from === 'function') return error.status;
      throw error;
    } finally {
      this.#shell.variables.leave();
      this.#shell.session.positional = positional;
      this.depth--;
    }
  }
}
