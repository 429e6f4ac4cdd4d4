import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { FileSystem } from './file-system.ts';
import type { Machine } from './machine.ts';

/** What a program reads from: a pipe, a file, a terminal. */
export interface InputStream {
  /** Somebody types it. */
  readonly isTerminal?: boolean;
  /** Turns the terminal's own keys off or on: in raw mode Ctrl+C and the like are read as characters. */
  setRaw?(raw: boolean): void;
  /** The next piece of text; undefined at the end. */
  read(): Promise<string | undefined>;
}

/** /dev/null. */
export const NO_INPUT: InputStream = { read: () => Promise.resolve(undefined) };

export interface Signal {
  readonly name: 'HUP' | 'INT' | 'QUIT' | 'KILL' | 'USR1' | 'USR2' | 'TERM';
  readonly number: number;
}

/** What a terminal's keys and its size tell who is in the foreground. */
export type TerminalSignal = 'INT' | 'QUIT' | 'WINCH';

/** The terminal that a session of processes belongs to. */
export interface ControllingTerminal {
  /**
   * Its signals go to `listener`, until the function that it gives is called; then to who had them before.
   * Models tcsetpgrp.
   */
  takeForeground(listener: (signal: TerminalSignal) => void): () => void;
}

/** A process as ps shows it inside of its namespace. */
interface VisibleProcess {
  readonly pid: number;
  readonly user: string;
  readonly command: readonly string[];
}

/** The processes that share a namespace with a program. */
export interface ProcessNamespace {
  list(): readonly VisibleProcess[];
  /** False if there is no such process. */
  signal(pid: number, signal: Signal['name']): boolean;
}

/** What a program sees: one that runs in a container, or one that systemd started. */
export interface ProgramEnvironment {
  readonly clock: Clock;
  readonly machine: Machine;
  /** Its number among the processes of its namespace. */
  readonly pid: number;
  /** The number of its container's first process, or its own, among all of the machine. */
  readonly hostPid: number;
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
  /** The files that it sees: the machine's, or its container's. */
  readonly files: FileSystem;
  /** Where a path that the program names lies on the machine. */
  hostPath(path: string): string;
  readonly cwd: string;
  readonly hostname: string;
  readonly user: {
    readonly name: string;
    readonly uid: number;
    readonly gid: number;
    /** All of its groups, in order. */
    readonly groups: readonly number[];
  };
  /** The pod's address; the machine's on its own network. */
  readonly address: string;
  /** Cancelled by SIGTERM; a program that looks away is killed when its time is up. */
  readonly terminated: Context;
  /** Cancelled when the process is gone, by SIGKILL or because it has ended: nothing may go on after it. */
  readonly killed: Context;
  readonly processes: ProcessNamespace;
  /** Missing: it has none. */
  readonly terminal?: ControllingTerminal;
  readonly stdin: InputStream;
  stdout(text: string): void;
  stderr(text: string): void;
  /**
   * The process now holds so many bytes of memory. False if that is more than it may: then it is being
   * killed, and should do nothing more.
   */
  useMemory(bytes: number): boolean;
  /** The program looks after SIGTERM itself from now on: it does not end because of it. */
  catchTerminate(): void;
}

/** Runs until the process ends; resolves to the exit code. */
export type Program = (environment: ProgramEnvironment) => Promise<number>;

/** An image's or a machine's program by the name of its executable; undefined if there is no such file. */
export type ProgramLookup = (executable: string) => Program | undefined;

/** Resolves when `context` is cancelled. */
export function cancelled(context: Context): Promise<void> {
  return new Promise((resolve) => void context.onCancel(() => resolve()));
}
