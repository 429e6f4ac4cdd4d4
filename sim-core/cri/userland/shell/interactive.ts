import type { Context } from '../../../clock/context.ts';
import type { ProgramEnvironment, TerminalSignal } from '../../../node/program.ts';
import type { ShellFlavour, ShellInterpreter } from './interpreter.ts';
import type { ShellIo } from './leave.ts';
import { Leave } from './leave.ts';
import { parseScript } from './parser.ts';
import type { Script } from './syntax.ts';
import { SyntaxProblem } from './syntax.ts';

const INTERRUPTED = 130;

/**
 * A shell that reads commands from its input until that ends; gives its exit status. At a terminal it shows a prompt,
 * and the terminal's keys are for the command that runs: Ctrl+C ends that, or gives up the line that was begun.
 *
 * Models cmdloop and the signals of shell/ash.c in busybox.
 */
export class CommandLoop {
  readonly #environment: ProgramEnvironment;
  readonly #shell: ShellInterpreter;
  readonly #io: ShellIo;
  readonly #prompt: () => string;
  readonly #flavour: ShellFlavour;
  /** Ends the command that runs; missing: the shell reads. */
  #job: Context | undefined;
  #giveUp: () => void = () => {};
  /** The lines of a command that is not whole yet. */
  #pending = '';

  constructor(environment: ProgramEnvironment, shell: ShellInterpreter, flavour: ShellFlavour, io: ShellIo) {
    this.#environment = environment;
    this.#shell = shell;
    this.#io = io;
    this.#flavour = flavour;
    this.#prompt = () => (this.#pending === '' ? promptOf(flavour, environment, shell) : '> ');
  }

  async run(): Promise<number> {
    const release = this.#environment.terminal?.takeForeground((signal) => this.#signalled(signal));
    try {
      for (let line = await this.#read(); line !== undefined; line = await this.#read()) {
        if (line === GIVEN_UP) this.#pending = '';
        else await this.#take(line);
      }
      // Bash says how one leaves it.
      if (this.#io.stdin.isTerminal && this.#flavour === 'bash') this.#io.stderr('exit\n');
      return await this.#shell.leave(this.#shell.status, this.#io);
    } catch (error) {
      if (!(error instanceof Leave)) throw error;
      return this.#shell.leave(error.status, this.#io);
    } finally {
      release?.();
    }
  }

  async #read(): Promise<string | typeof GIVEN_UP | undefined> {
    const { stdin, stdout } = this.#io;
    if (stdin.isTerminal) stdout(this.#prompt());
    const givenUp = new Promise<typeof GIVEN_UP>((resolve) => (this.#giveUp = () => resolve(GIVEN_UP)));
    return Promise.race([stdin.readLine(), givenUp]);
  }

  async #take(line: string): Promise<void> {
    this.#pending += `${line}\n`;
    let script: Script;
    try {
      script = parseScript(this.#pending);
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      // A command that goes over several lines.
      if (/end of file|unterminated/.test(error.message)) return;
      this.#io.stderr(`${this.#shell.name}: ${error.message}\n`);
      this.#shell.status = 2;
      this.#pending = '';
      return;
    }
    this.#pending = '';
    const job = this.#environment.killed.child();
    this.#job = job;
    await this.#shell.runJob(script, this.#io, job);
    this.#job = undefined;
    if (job.cancelled) this.#io.stdout(job.reason === 'SIGQUIT' ? 'Quit\n' : '\n');
  }

  #signalled(signal: TerminalSignal): void {
    if (signal === 'WINCH') {
      // The line is drawn anew.
      if (this.#job === undefined) this.#io.stdout(`\r${this.#prompt()}`);
    } else if (this.#job !== undefined) this.#job.cancel(`SIG${signal}`);
    else if (signal === 'INT') {
      this.#io.stdout('\n');
      this.#shell.status = INTERRUPTED;
      this.#giveUp();
    }
  }
}

/** Instead of a line: it was begun, and then came Ctrl+C. */
const GIVEN_UP = Symbol('given up');

/** What a shell at a terminal shows before it reads: "/ # ", "# ", "root@web:/# ". */
function promptOf(
  flavour: ShellFlavour,
  { user, hostname }: ProgramEnvironment,
  { cwd }: ShellInterpreter,
): string {
  const mark = user.uid === 0 ? '#' : '$';
  if (flavour === 'ash') return `${cwd} ${mark} `;
  return flavour === 'bash' ? `${user.name}@${hostname}:${cwd}${mark} ` : `${mark} `;
}
