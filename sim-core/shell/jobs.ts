import type { Context } from '../clock/context.ts';

/** Work that goes on in the background. */
export interface Job {
  /** What `%1` names. */
  readonly number: number;
  readonly pid: number;
  readonly line: string;
  readonly context: Context;
  /** Resolves to the exit code when it has ended. */
  readonly ended: Promise<number>;
}

/** The jobs that a shell has started with `&` and that have not ended. */
export class JobTable {
  readonly #jobs: Job[] = [];

  /** Oldest first. */
  list(): readonly Job[] {
    return this.#jobs;
  }

  add(job: Omit<Job, 'number'>): Job {
    const added = { ...job, number: (this.#jobs.at(-1)?.number ?? 0) + 1 };
    this.#jobs.push(added);
    const remove = () => void this.#jobs.splice(this.#jobs.indexOf(added), 1);
    void job.ended.then(remove, remove);
    return added;
  }

  /** The job that "%1", "%%" or a pid names. */
  find(name: string): Job | undefined {
    if (/^%?[%+]?$/.test(name)) return this.#jobs.at(-1);
    if (name === '%-') return this.#jobs.at(-2);
    if (name.startsWith('%')) return this.#jobs.find(({ number }) => String(number) === name.slice(1));
    return this.#jobs.find(({ pid }) => String(pid) === name);
  }
}
