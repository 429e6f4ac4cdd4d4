import type { Process, ProcessTable } from './process-table.ts';

/** Processes of a machine, held in memory; pids count up from 1 and are not used again. */
export class MemoryProcessTable implements ProcessTable {
  readonly #processes = new Map<number, Process>();
  readonly #listeners = new Set<(process: Process) => void>();
  #nextPid = 1;

  list(): readonly Process[] {
    return [...this.#processes.values()];
  }

  start(process: Omit<Process, 'pid'>): number {
    const pid = this.#nextPid++;
    this.#processes.set(pid, { ...process, pid });
    return pid;
  }

  /** The next process gets at least this pid. */
  skipTo(pid: number): void {
    this.#nextPid = Math.max(this.#nextPid, pid);
  }

  end(pid: number): void {
    const process = this.#processes.get(pid);
    if (process === undefined) return;
    this.#processes.delete(pid);
    for (const listener of [...this.#listeners]) listener(process);
  }

  onEnd(listener: (process: Process) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
