import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { Machine } from './machine.ts';

/** What a program sees: one that runs in a container, or one that systemd started. */
export interface ProgramEnvironment {
  readonly clock: Clock;
  readonly machine: Machine;
  /** argv, the program's name first. */
  readonly argv: readonly string[];
  readonly envs: Readonly<Record<string, string>>;
  /** Which run this is: a container's id, the invocation id of a unit. No two runs share one. */
  readonly id: string;
  /**
   * True if the process ran when its machine was saved and goes on in the restored one: it keeps its pid and
   * its id and must not do again what it did at its start, but has nothing in memory.
   */
  readonly resumed: boolean;
  /** Where a path that the program names lies on the machine; undefined if the program cannot see it. */
  hostPath(path: string): string | undefined;
  /** The pod's address; the machine's on its own network. */
  readonly address: string;
  /** Cancelled by SIGTERM; a program that looks away is killed when its time is up. */
  readonly terminated: Context;
  /** Cancelled when the process is gone, by SIGKILL or because it has ended: nothing may go on after it. */
  readonly killed: Context;
  stdout(text: string): void;
  stderr(text: string): void;
}

/** Runs until the process ends; resolves to the exit code. */
export type Program = (environment: ProgramEnvironment) => Promise<number>;

/** An image's or a machine's program by the name of its executable; undefined if there is no such file. */
export type ProgramLookup = (executable: string) => Program | undefined;
