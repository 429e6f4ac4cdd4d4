import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { Machine } from '../node/machine.ts';
import type { LineInput } from '../node/pipe.ts';
import type { InputStream } from '../node/program.ts';

/** Where a command reads and writes. */
export interface CommandIo {
  readonly stdin: LineInput;
  stdout(text: string): void;
  stderr(text: string): void;
  /** Resolves when the reader has caught up with what was written; missing: it always has. */
  drained?(): Promise<void>;
}

/** What a command may use beside its arguments. */
export interface CommandEnvironment {
  readonly machine: Machine;
  readonly clock: Clock;
  /** The working directory, absolute. */
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  /** "root". */
  readonly user: string;
  /** Cancelled by Ctrl-C; a command that waits ends with 130. */
  readonly context: Context;
  /**
   * Runs a command line as `sh -c` does, in this directory and with these variables, until `context` is cancelled
   * (default: this one); gives its exit code.
   */
  execute(line: string, io: CommandIo, context?: Context): Promise<number>;
  /** Missing: the terminal is none, nothing can be edited in it. */
  readonly editor?: Editor;
}

/** What the host of a terminal opens when somebody edits a file. */
export interface Editor {
  /**
   * Shows `text` under the name `path`; resolves to what the file shall hold, or undefined if it was
   * left without saving. Time of the simulation stands still meanwhile.
   */
  edit(path: string, text: string): Promise<string | undefined>;
}

/**
 * A program of the lab's shell: one command, one file, one entry in the registry.
 * Resolves to the exit code; never rejects for what the user did wrong.
 */
export interface Command {
  readonly name: string;
  run(args: readonly string[], io: CommandIo, environment: CommandEnvironment): Promise<number>;
  /**
   * What the last of the words after the name may become. Undefined: file names.
   * Never rejects; what cannot be found out is left out.
   */
  complete?(
    words: readonly string[],
    environment: CommandEnvironment,
  ): Promise<readonly string[] | undefined>;
}

/** What Tab offers: texts that may stand in place of the line from `from` to the cursor. */
export interface Completion {
  readonly from: number;
  readonly candidates: readonly string[];
}

/** The outcome of a line. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/**
 * A login shell on one machine. Keeps working directory, variables, aliases and history
 * between lines.
 */
export interface Shell {
  /** Runs one line (or several, as a script would). Never rejects. */
  run(line: string, options?: ShellRunOptions): Promise<CommandResult>;
  /** "root@controlplane:~#" and the like. */
  prompt(): string;
  /** What may stand at the cursor, which is a place in the line. Changes nothing. */
  complete(line: string, cursor: number): Promise<Completion>;
  /** True if the line needs the full shell grammar, which is loaded on first use. */
  needsGrammar(line: string): boolean;
}

export interface ShellRunOptions {
  /** A text, or what comes while the line runs: a terminal. */
  readonly stdin?: string | InputStream;
  /** Told of output as it comes, beside the result. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', text: string) => void;
  readonly context?: Context;
  readonly editor?: Editor;
}
