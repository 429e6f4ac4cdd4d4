import type { CommandIo } from './command.ts';
import type { ShellSession } from './session.ts';

/** What a builtin may do to the shell beside its session. */
export interface ShellControl {
  readonly session: ShellSession;
  readonly history: readonly string[];
  /** Names of the programs and builtins that can be run. */
  isBuiltin(name: string): boolean;
  isProgram(name: string): boolean;
  /** Opens a session on another machine; undefined if there is no such machine. */
  login(host: string): ShellSession | undefined;
  /** Leaves the current session, if it was opened from another one. */
  logout(): boolean;
  /** Runs a line in the current session. */
  run(line: string, io: CommandIo): Promise<number>;
}

/** A command that the shell runs in itself, since it changes the shell's state. */
export interface Builtin {
  readonly name: string;
  run(args: readonly string[], io: CommandIo, shell: ShellControl): number | Promise<number>;
}
