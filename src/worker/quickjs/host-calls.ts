import type { ProgramCut } from '../protocol.ts';
import type { Context, EtcdClient, HttpResponse } from '../simulator.ts';
import { statusText } from '../simulator.ts';

/** What a program reaches of the lab. */
export interface ProgramHost {
  /** Names that as() takes. */
  readonly users: readonly string[];
  /** Whose credentials fetch uses. */
  readonly user: string;
  readonly etcd: EtcdClient;
  /** Cancelled when the reader stops the program or its simulated time is over. */
  readonly context: Context;
  write(stream: 'stdout' | 'stderr' | 'note', text: string): void;
  request(
    user: string,
    request: { method: string; path: string; headers: Readonly<Record<string, string>>; body: string },
  ): Promise<HttpResponse>;
  kubectl(line: string, context: Context): Promise<{ stdout: string; stderr: string; exit: number }>;
  /** Resolves after simulated milliseconds. */
  sleep(duration: number): Promise<void>;
  /**
   * Resolves with `work`, moving simulated time while it waits; after `limit` simulated milliseconds
   * cancels the context for `reason`.
   */
  until<T>(work: Promise<T>, limit: number, reason: 'limit' | 'time'): Promise<T>;
  /** Simulated milliseconds. */
  now(): number;
  /** Where the program's real time was over when it ran before: it ends there again, however fast it is. */
  readonly cut?: ProgramCut | undefined;
  /** Real milliseconds. */
  realTime(): number;
  onGuest(running: boolean): void;
}

interface OpenStream {
  readonly iterator: AsyncIterator<unknown>;
  cancel(): void;
}

/** The functions behind the prelude's `__call`. Arguments and results are JSON values. */
export class HostCalls {
  readonly #host: ProgramHost;
  readonly #streams = new Map<number, OpenStream>();
  #nextStream = 1;

  constructor(host: ProgramHost) {
    this.#host = host;
  }

  /** Runs the call `name`. Rejects with what the program shall see as an Error. */
  call(name: string, args: readonly unknown[]): Promise<unknown> {
    const handler = this.#handlers[name];
    if (handler === undefined) throw new Error(`the prelude calls ${name}, which the host does not have`);
    return handler(...(args as never[]));
  }

  /** Ends every stream that the program left open. */
  close(): void {
    for (const stream of this.#streams.values()) stream.cancel();
    this.#streams.clear();
  }

  readonly #handlers: Readonly<Record<string, (...args: never[]) => Promise<unknown>>> = {
    fetch: (user: string | null, request: Parameters<ProgramHost['request']>[1]) =>
      this.#fetch(user, request),
    'stream.next': async (id: number) => {
      const { done, value } = (await this.#streams.get(id)?.iterator.next()) ?? {
        done: true,
        value: undefined,
      };
      return done === true ? { done: true } : { done: false, value };
    },
    'stream.cancel': async (id: number) => {
      this.#streams.get(id)?.cancel();
      this.#streams.delete(id);
    },
    'etcd.get': (range: never, options: never) => this.#host.etcd.get(range, options),
    'etcd.put': (key: string, value: string, options: never) => this.#host.etcd.put(key, value, options),
    'etcd.delete': (range: never, options: never) => this.#host.etcd.delete(range, options),
    'etcd.txn': (transaction: never) => this.#host.etcd.txn(transaction),
    'etcd.watch': async (options: Parameters<EtcdClient['watch']>[0]) => {
      const context = this.#host.context.child();
      const iterator = this.#host.etcd.watch({ ...options, context })[Symbol.asyncIterator]();
      return this.#open({ iterator, cancel: () => context.cancel() });
    },
    'etcd.lease.grant': (ttl: number, id: string | null) => this.#host.etcd.leaseGrant(ttl, id ?? undefined),
    'etcd.lease.revoke': (id: string) => this.#host.etcd.leaseRevoke(id),
    'etcd.lease.keepAlive': (id: string) => this.#host.etcd.leaseKeepAlive(id),
    'etcd.lease.timeToLive': (id: string, options: { keys?: boolean } | null) =>
      this.#host.etcd.leaseTimeToLive(id, options ?? undefined),
    'etcd.lease.list': () => this.#host.etcd.leases(),
    kubectl: (line: string) => this.#host.kubectl(line, this.#host.context.child()),
    sleep: (duration: number) => this.#host.sleep(duration),
  };

  async #fetch(user: string | null, request: Parameters<ProgramHost['request']>[1]): Promise<unknown> {
    const who = user ?? this.#host.user;
    if (!this.#host.users.includes(who)) {
      throw new TypeError(`no user called ${JSON.stringify(who)}: ${this.#host.users.join(', ')}`);
    }
    const { status, headers, body } = await this.#host.request(who, request);
    const pairs = Object.entries(headers).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)]),
    );
    const head = { status, statusText: statusText(status), headers: pairs };
    if (typeof body === 'string') return { ...head, text: body };
    const iterator = body[Symbol.asyncIterator]();
    return { ...head, stream: this.#open({ iterator, cancel: () => body.cancel() }) };
  }

  #open(stream: OpenStream): number {
    const id = this.#nextStream++;
    this.#streams.set(id, stream);
    return id;
  }
}
