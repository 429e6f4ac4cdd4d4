import type { ShellProcess } from './shell-process.ts';

/** How many subshells may run at the same time. */
const MAX_FORKS = 500;
/** How many more may be asked for before what is in the background is ended. */
const MAX_REFUSALS = 500;

/** Counts the subshells of all shells of a terminal, as a limit of processes does (`ulimit -u`). */
export class ForkLimit {
  #count = 0;
  #refused = 0;

  /** May `shell` have one more? It says so if not, and waits as a shell does that tries again; if so, {@link end} follows. */
  async begin(shell: ShellProcess): Promise<boolean> {
    const { clock, jobs } = shell.host;
    if (this.#count === 0) this.#refused = 0;
    if (++this.#count <= MAX_FORKS) return true;
    this.#count--;
    // A bomb takes each place that gets free: the kernel ends what is in the background.
    if (++this.#refused > MAX_REFUSALS) for (const job of jobs.list()) job.context.cancel();
    shell.say('fork: retry: Resource temporarily unavailable');
    // The shell tries again a few times, which takes seconds.
    await clock.sleep(1000, { context: shell.context, periodic: true });
    return false;
  }

  /** A subshell has ended. */
  end(): void {
    this.#count--;
  }
}
