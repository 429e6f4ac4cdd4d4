import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { CommandIo } from './command.ts';
import type { JobTable } from './jobs.ts';
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
  /** Runs a line in the current session, until `context` (default: the line's own) is cancelled. */
  run(line: string, io: CommandIo, context?: Context): Promise<number>;
  readonly jobs: JobTable;
  /** Ends a process of the session's machine; false if there is none of that pid. */
  kill(pid: number): boolean;
  readonly context: Context;
  readonly clock: Clock;
}

/** A command that the shell runs in itself, since it changes the shell's state. */
export interface Builtin {
  readonly name: string;
  run(args: readonly string[], io: CommandIo, shell: ShellControl): number | Promise<number>;
}
