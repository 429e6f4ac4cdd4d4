import type { EtcdServer } from '../server/etcd-server.ts';
import type { WatchStream } from '../server/watch.ts';
import { ClientWatch } from './client-watch.ts';
import { EtcdError, fromEmptyKey } from './client.ts';
import type {
  DeleteOptions,
  DeleteResponse,
  EtcdClient,
  KeyRange,
  LeaseGrantResponse,
  LeaseTimeToLiveResponse,
  PutOptions,
  PutResponse,
  RangeOptions,
  RangeResponse,
  ResponseHeader,
  Transaction,
  TransactionResponse,
  WatchOptions,
  WatchResponse,
} from './client.ts';
import type {
  AlarmMember,
  AlarmResponse,
  Cluster,
  HashKVResponse,
  Maintenance,
  Member,
  SnapshotResponse,
  StatusResponse,
} from './maintenance.ts';

/**
 * A client of an etcd server in the same memory. Requests take effect when they are made, in order;
 * only their answers come as promises. While the server is stopped requests fail with "Unavailable"
 * and watches wait, to go on where they were when it starts again.
 */
export class MemoryClient implements EtcdClient, Maintenance, Cluster {
  readonly #server: EtcdServer;
  #stream: WatchStream | undefined;

  constructor(server: EtcdServer) {
    this.#server = server;
  }

  get(range: KeyRange, options?: RangeOptions): Promise<RangeResponse> {
    return this.#call((server) => server.kv.range({ ...options, ...fromEmptyKey(range) }));
  }

  put(key: string, value: string, options?: PutOptions): Promise<PutResponse> {
    return this.#call((server) => server.kv.put({ ...options, key, value }));
  }

  delete(range: KeyRange, options?: DeleteOptions): Promise<DeleteResponse> {
    return this.#call((server) => server.kv.deleteRange({ ...options, ...fromEmptyKey(range) }));
  }

  txn(transaction: Transaction): Promise<TransactionResponse> {
    return this.#call((server) => server.kv.txn(transaction));
  }

  compact(revision: number): Promise<{ readonly header: ResponseHeader }> {
    return this.#call((server) => server.kv.compact(revision));
  }

  watch(options: WatchOptions): AsyncIterable<WatchResponse> {
    return new ClientWatch(this.#server, options, () => this.#openStream()).channel;
  }

  requestProgress(key?: string): Promise<boolean> {
    return this.#call(() => {
      this.#stream?.requestProgress(key);
      return true;
    });
  }

  leaseGrant(ttl: number, id?: string): Promise<LeaseGrantResponse> {
    return this.#call((server) => server.lease.grant(ttl, id));
  }

  leaseRevoke(id: string): Promise<{ header: ResponseHeader }> {
    return this.#call((server) => server.lease.revoke(id));
  }

  leaseKeepAlive(id: string): Promise<LeaseGrantResponse> {
    return this.#call((server) => server.lease.keepAlive(id));
  }

  leaseTimeToLive(id: string, options?: { readonly keys?: boolean }): Promise<LeaseTimeToLiveResponse> {
    return this.#call((server) => server.lease.timeToLive(id, options?.keys ?? false));
  }

  leases(): Promise<{ header: ResponseHeader; ids: readonly string[] }> {
    return this.#call((server) => server.lease.leases());
  }

  status(): Promise<StatusResponse> {
    return this.#call((server) => server.maintenance.status());
  }

  alarmList(): Promise<AlarmResponse> {
    return this.#call((server) => server.maintenance.alarmList());
  }

  alarmDisarm(alarm?: AlarmMember): Promise<AlarmResponse> {
    return this.#call((server) => server.maintenance.alarmDisarm(alarm));
  }

  defragment(): Promise<void> {
    return this.#call((server) => server.maintenance.defragment());
  }

  hashKV(revision?: number): Promise<HashKVResponse> {
    return this.#call((server) => server.maintenance.hashKV(revision));
  }

  snapshot(): Promise<SnapshotResponse> {
    return this.#call((server) => server.maintenance.snapshot());
  }

  memberList(): Promise<{ readonly header: ResponseHeader; readonly members: readonly Member[] }> {
    return this.#call((server) => server.maintenance.memberList());
  }

  /** All watches of a client share one stream, which lives as long as the server runs. */
  #openStream(): WatchStream {
    if (this.#stream === undefined || this.#stream.closed) this.#stream = this.#server.watch.openStream();
    return this.#stream;
  }

  #call<T>(request: (server: EtcdServer) => T): Promise<T> {
    if (!this.#server.running) return Promise.reject(connectionRefused(this.#server));
    try {
      return Promise.resolve(request(this.#server));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }
}

/** What gRPC says when nobody listens at the server's address. */
function connectionRefused(server: EtcdServer): EtcdError {
  const address = server.config.listenClientUrls[0]?.replace(/^https?:\/\//, '') ?? '';
  return new EtcdError(
    'Unavailable',
    `connection error: desc = "transport: Error while dialing: dial tcp ${address}: connect: connection refused"`,
  );
}
