import type { ProcessNamespace, Signal } from '../../node/program.ts';
import type { ProcessTable } from '../../node/process-table.ts';

/** A process as those see it that share its namespace. */
export interface NamespaceMember {
  readonly user: string;
  readonly command: readonly string[];
  signal(name: Signal['name']): void;
}

/**
 * The processes that see each other: those of a container, of all containers of a pod, or of the whole machine.
 *
 *     own          1 nginx …      2 sh           (a command that exec brought in)
 *     of the pod   1 /pause       2 nginx …      3 sleep 3600      4 sh
 *     the host's   1 /sbin/init   … 31245 nginx …
 */
export class PidNamespace implements ProcessNamespace {
  readonly #members = new Map<number, NamespaceMember>();
  readonly #host: ProcessTable | undefined;
  #last = 0;

  /** With `host` it is the machine's own, and processes keep the numbers that they have there. */
  constructor(host?: ProcessTable) {
    this.#host = host;
  }

  /** Gives the number of the new process; `hostPid` is what it has on the machine, if it stands in its table. */
  enter(member: NamespaceMember, hostPid?: number): number {
    const pid = this.#host === undefined ? ++this.#last : (hostPid ?? this.#free(this.#host));
    this.#members.set(pid, member);
    return pid;
  }

  leave(pid: number): void {
    this.#members.delete(pid);
  }

  list(): { pid: number; user: string; command: readonly string[] }[] {
    const shown = new Map<number, { readonly user: string; readonly command: readonly string[] }>();
    for (const process of this.#host?.list() ?? []) shown.set(process.pid, process);
    for (const [pid, member] of this.#members) shown.set(pid, member);
    return [...shown]
      .map(([pid, { user, command }]) => ({ pid, user, command }))
      .sort((a, b) => a.pid - b.pid);
  }

  /** False if there is no such process. */
  signal(pid: number, name: Signal['name']): boolean {
    const member = this.#members.get(pid);
    member?.signal(name);
    return member !== undefined;
  }

  #free(host: ProcessTable): number {
    return Math.max(...host.list().map(({ pid }) => pid), ...this.#members.keys()) + 1;
  }
}
