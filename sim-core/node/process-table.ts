/** One process of a simulated machine, as ps shows it. */
export interface Process {
  readonly pid: number;
  readonly user: string;
  /** argv; joined with spaces it is the COMMAND column. */
  readonly command: readonly string[];
  /** "?" for a daemon, "pts/0" for what the shell runs. */
  readonly tty: string;
  /** "Ssl", "S+", "R+". */
  readonly state: string;
  /** Simulated milliseconds since the Unix epoch. */
  readonly started: number;
  /** Virtual and resident size in KiB, and CPU seconds used. */
  readonly virtualSize: number;
  readonly residentSize: number;
  readonly cpuSeconds: number;
}

/** The processes of one machine. */
export interface ProcessTable {
  /** Sorted by pid. */
  list(): readonly Process[];
  /** Starts a process and gives its pid. `load` is the share of one CPU that it uses while it lives. */
  start(process: Omit<Process, 'pid'> & { readonly load?: number }): number;
  /** A process holds more or less memory now: KiB. Does nothing if it has ended. */
  resize(pid: number, residentSize: number): void;
  /** Ends a process; does nothing if it has ended. */
  end(pid: number): void;
  /** Calls `listener` after each {@link resize} and each end; returns a function that stops it. */
  onResize(listener: () => void): () => void;
  /** Calls `listener` after each process that ended; returns a function that stops it. */
  onEnd(listener: (process: Process) => void): () => void;
}

/** All shims run the same program and share its memory. */
const SHARED = '/usr/bin/containerd-shim-runc-v2';

/** How much memory processes hold together, in KiB; what many share counts once. */
export function usedMemoryKiB(processes: readonly Process[]): number {
  let shared = 0;
  let total = 0;
  for (const { command, residentSize } of processes) {
    if (command[0] === SHARED) shared = residentSize;
    else total += residentSize;
  }
  return total + shared;
}
