import type { Clock } from '../clock/clock.ts';
import type { Process, ProcessTable } from './process-table.ts';

/** What a process table holds. */
export interface SavedProcesses {
  readonly nextPid: number;
  readonly processes: readonly (Process & { readonly load: number })[];
}

/** Processes of a machine, held in memory; pids count up from 1 and are not used again. */
export class MemoryProcessTable implements ProcessTable {
  readonly #clock: Clock;
  readonly #processes = new Map<number, Process & { readonly load: number }>();
  readonly #listeners = new Set<(process: Process) => void>();
  readonly #resized = new Set<() => void>();
  #nextPid = 1;

  /** Begins with the processes of a table that was saved, if there is one. */
  constructor(clock: Clock, saved?: SavedProcesses) {
    this.#clock = clock;
    if (saved === undefined) return;
    this.#nextPid = saved.nextPid;
    for (const process of saved.processes) this.#processes.set(process.pid, process);
  }

  save(): SavedProcesses {
    return { nextPid: this.#nextPid, processes: [...this.#processes.values()] };
  }

  list(): readonly Process[] {
    const now = this.#clock.now();
    return [...this.#processes.values()].map(({ load, ...process }) =>
      load === 0
        ? process
        : { ...process, cpuSeconds: process.cpuSeconds + (load * (now - process.started)) / 1000 },
    );
  }

  start(process: Omit<Process, 'pid'> & { readonly load?: number }): number {
    const pid = this.#nextPid++;
    this.#processes.set(pid, { ...process, pid, load: process.load ?? 0 });
    return pid;
  }

  /** The next process gets at least this pid. */
  skipTo(pid: number): void {
    this.#nextPid = Math.max(this.#nextPid, pid);
  }

  resize(pid: number, residentSize: number): void {
    const process = this.#processes.get(pid);
    if (process === undefined || process.residentSize === residentSize) return;
    this.#processes.set(pid, { ...process, residentSize });
    for (const listener of [...this.#resized]) listener();
  }

  onResize(listener: () => void): () => void {
    this.#resized.add(listener);
    return () => this.#resized.delete(listener);
  }

  end(pid: number): void {
    const process = this.#processes.get(pid);
    if (process === undefined) return;
    this.#processes.delete(pid);
    for (const listener of [...this.#listeners]) listener(process);
    for (const listener of [...this.#resized]) listener();
  }

  onEnd(listener: (process: Process) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
