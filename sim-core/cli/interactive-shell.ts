import { createInterface, type Interface } from 'node:readline';
import { StringDecoder } from 'node:string_decoder';
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
/** What Ctrl-D at the prompt stands for. */
const FAREWELL = 'exit';

/**
 * A terminal for people: prompt, history, colours, Ctrl-C for the running command, Ctrl-D to leave. What is
 * typed while a command runs is what it reads; Ctrl-D ends that. A command that sets the terminal raw (`kubectl
 * exec -it`) gets every key as it is. Simulated time follows the machine's clock.
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
  #giveBack: () => void = () => {};
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
    terminal.on('close', this.#onClose);
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
      if (!this.#input.isTTY) {
        this.#output.write(`${FAREWELL}\n`);
        return this.#left();
      }
      this.#terminal = this.#open();
      void this.#runLine(FAREWELL);
    } else if (this.#input.isTTY) {
      this.#running.typed.type(undefined);
      this.#terminal = this.#open();
    } else this.#ended = true;
  }

  readonly #onClose = () => this.#close();

  /** Readline lets go of the terminal, and nobody takes that for the end of the input. */
  #release(): void {
    this.#terminal.off('close', this.#onClose);
    this.#terminal.close();
  }

  /** Hands every key to the command that runs, until that gives the terminal back. */
  #setRaw(raw: boolean, typed: TerminalInput): void {
    if (!raw) {
      this.#giveBack();
      this.#terminal = this.#open();
      return;
    }
    this.#release();
    const decoder = new StringDecoder('utf8');
    const take = (keys: Buffer) => typed.type(decoder.write(keys));
    this.#giveBack = () => void this.#input.off('data', take);
    this.#input.setRawMode(true);
    this.#input.on('data', take);
    this.#input.resume();
  }

  async #runLine(line: string): Promise<void> {
    const { shell } = this.#lab;
    const typed: TerminalInput = new TerminalInput((raw) => this.#setRaw(raw, typed));
    const running = { context: new Context(), typed };
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
      this.#release();
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
