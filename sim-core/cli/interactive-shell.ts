import { createInterface, type Interface } from 'node:readline';
import { Context } from '../clock/context.ts';
import { TerminalInput } from '../node/terminal-input.ts';
import { hostEditor } from './host-editor.ts';
import type { Lab } from './lab.ts';
import { RealTimeDriver } from './real-time-driver.ts';

const GREEN = '\x1b[1;32m';
const BLUE = '\x1b[1;34m';
const RED = '\x1b[31m';
const RESET = '\x1b[0m';
const LEAVING = /^\s*(exit|logout)\b/;
/** What a terminal shell exits with after Ctrl-D. */
const FAREWELL = 'exit\n';

/**
 * A terminal for people: prompt, history, colours, Ctrl-C for the running command, Ctrl-D to leave. What is
 * typed while a command runs is what it reads; Ctrl-D ends that. Simulated time follows the machine's clock.
 */
export async function runInteractiveShell(
  lab: Lab,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
): Promise<void> {
  const driver = new RealTimeDriver(lab.clock);
  driver.start();
  try {
    await new Terminal(lab, input, output).run();
  } finally {
    await driver.stop();
  }
}

/** A command that runs: what ends it, and where the lines go that are typed meanwhile. */
interface Running {
  readonly context: Context;
  readonly typed: TerminalInput;
}

class Terminal {
  readonly #lab: Lab;
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WriteStream;
  readonly #colours: boolean;
  #terminal: Interface;
  #running: Running | undefined;
  #history: string[] = [];
  /** Lines that were typed ahead. */
  readonly #waiting: string[] = [];
  #ended = false;
  #left: () => void = () => {};

  constructor(lab: Lab, input: NodeJS.ReadStream, output: NodeJS.WriteStream) {
    this.#lab = lab;
    this.#input = input;
    this.#output = output;
    this.#colours = output.isTTY && process.env.NO_COLOR === undefined;
    this.#terminal = this.#open();
  }

  run(): Promise<void> {
    this.#prompt();
    return new Promise((resolve) => (this.#left = resolve));
  }

  #open(): Interface {
    const { shell } = this.#lab;
    const terminal = createInterface({
      input: this.#input,
      output: this.#output,
      historySize: 1000,
      history: this.#history,
      removeHistoryDuplicates: true,
      completer: (line: string, done: (error: Error | null, result: [string[], string]) => void) => {
        if (this.#running !== undefined) return done(null, [[], line]);
        shell.complete(line, line.length).then(
          ({ from, candidates }) => done(null, [finished(candidates), line.slice(from)]),
          (error: Error) => done(error, [[], line]),
        );
      },
    });
    terminal.on('history', (history: string[]) => (this.#history = history));
    terminal.on('SIGINT', () => {
      this.#output.write('^C\n');
      if (this.#running !== undefined) return this.#running.context.cancel();
      terminal.write(null, { ctrl: true, name: 'u' });
      terminal.prompt();
    });
    terminal.on('line', (line) => this.#take(line));
    terminal.on('close', () => this.#close());
    return terminal;
  }

  #take(line: string): void {
    if (this.#running === undefined) void this.#runLine(line);
    else if (this.#input.isTTY) this.#running.typed.type(`${line}\n`);
    else this.#waiting.push(line);
  }

  /** Ctrl-D: the running command has read all; without one the terminal is left. */
  #close(): void {
    if (this.#running === undefined) {
      this.#output.write(FAREWELL);
      this.#left();
    } else if (this.#input.isTTY) {
      this.#running.typed.type(undefined);
      this.#terminal = this.#open();
    } else this.#ended = true;
  }

  async #runLine(line: string): Promise<void> {
    const { shell } = this.#lab;
    const running = { context: new Context(), typed: new TerminalInput() };
    this.#running = running;
    const before = shell.prompt();
    // A prompt that a command shows must not stand where readline thinks that the line begins.
    this.#terminal.setPrompt('');
    await shell.run(line, {
      context: running.context,
      ...(this.#input.isTTY && { editor: hostEditor(), stdin: running.typed }),
      onOutput: (stream, text) => {
        this.#output.write(stream === 'stdout' || !this.#colours ? text : RED + text + RESET);
      },
    });
    this.#running = undefined;
    // In a session that ssh opened, exit leads back to where it came from.
    if (LEAVING.test(line) && shell.prompt() === before) {
      this.#terminal.removeAllListeners('close');
      this.#terminal.close();
      return this.#left();
    }
    const next = this.#waiting.shift();
    if (next !== undefined) return this.#runLine(next);
    if (this.#ended) return this.#close();
    this.#prompt();
  }

  #prompt(): void {
    const prompt = this.#lab.shell.prompt();
    this.#terminal.setPrompt(this.#colours ? coloured(prompt) : prompt);
    this.#terminal.prompt();
  }
}

/** A single candidate is followed by a space, unless more of the word may come. */
function finished(candidates: readonly string[]): string[] {
  const [only, another] = candidates;
  return only !== undefined && another === undefined && !/[/=:]$/.test(only) ? [`${only} `] : [...candidates];
}

/** The prompt as Ubuntu colours it: who and where, then the directory. */
function coloured(prompt: string): string {
  const match = /^([^:]+):(.*)([#$]) $/.exec(prompt);
  return match === null ? prompt : `${GREEN}${match[1]}${RESET}:${BLUE}${match[2]}${RESET}${match[3]} `;
}
