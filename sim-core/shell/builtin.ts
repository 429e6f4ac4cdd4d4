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
  /** Whether there is a machine of that name or address. */
  hasHost(host: string): boolean;
  /** Goes over to a machine that is there. */
  login(host: string): void;
  /** Runs a line on a machine that is there, in a session of its own; gives its exit code. */
  runOn(host: string, line: string, io: CommandIo): Promise<number>;
  /** True in a pipe, a substitution and the like: what it changes is gone with it. */
  readonly isSubshell: boolean;
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
