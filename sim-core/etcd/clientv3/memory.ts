import type { EtcdServer } from '../server/etcd-server.ts';
import type { ClientWatchStream, Services } from '../server/services.ts';
import { ClientWatch } from './client-watch.ts';
import type { Auth, Permission } from './auth.ts';
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

/** Who the client is, for a server that asks. */
export interface MemoryClientConfig {
  readonly user?: { readonly name: string; readonly password: string } | undefined;
  /** Whom the client's certificate is for. */
  readonly commonName?: string | undefined;
}

const NOBODY = {};

/**
 * A client of an etcd server in the same memory. Requests take effect when they are made, in order;
 * only their answers come as promises. While the server is stopped requests fail with "Unavailable"
 * and watches wait, to go on where they were when it starts again.
 */
export class MemoryClient implements EtcdClient, Maintenance, Cluster, Auth {
  readonly #server: EtcdServer;
  readonly #config: MemoryClientConfig;
  #token: string | undefined;
  #stream: ClientWatchStream | undefined;
  #isStreamAuthorized = false;

  constructor(server: EtcdServer, config: MemoryClientConfig = {}) {
    this.#server = server;
    this.#config = config;
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

  authEnable(): ReturnType<Auth['authEnable']> {
    return this.#call(({ auth }) => auth.authEnable());
  }

  authDisable(): ReturnType<Auth['authDisable']> {
    return this.#call(({ auth }) => auth.authDisable());
  }

  authenticate(name: string, password: string): ReturnType<Auth['authenticate']> {
    return this.#call(({ auth }) => auth.authenticate(name, password));
  }

  authStatus(): ReturnType<Auth['authStatus']> {
    return this.#call(({ auth }) => auth.authStatus());
  }

  userAdd(
    name: string,
    password: string,
    options?: { readonly noPassword?: boolean },
  ): ReturnType<Auth['userAdd']> {
    return this.#call(({ auth }) => auth.userAdd(name, password, options));
  }

  userDelete(name: string): ReturnType<Auth['userDelete']> {
    return this.#call(({ auth }) => auth.userDelete(name));
  }

  userChangePassword(name: string, password: string): ReturnType<Auth['userChangePassword']> {
    return this.#call(({ auth }) => auth.userChangePassword(name, password));
  }

  userGrantRole(name: string, role: string): ReturnType<Auth['userGrantRole']> {
    return this.#call(({ auth }) => auth.userGrantRole(name, role));
  }

  userRevokeRole(name: string, role: string): ReturnType<Auth['userRevokeRole']> {
    return this.#call(({ auth }) => auth.userRevokeRole(name, role));
  }

  userGet(name: string): ReturnType<Auth['userGet']> {
    return this.#call(({ auth }) => auth.userGet(name));
  }

  userList(): ReturnType<Auth['userList']> {
    return this.#call(({ auth }) => auth.userList());
  }

  roleAdd(name: string): ReturnType<Auth['roleAdd']> {
    return this.#call(({ auth }) => auth.roleAdd(name));
  }

  roleDelete(name: string): ReturnType<Auth['roleDelete']> {
    return this.#call(({ auth }) => auth.roleDelete(name));
  }

  roleGrantPermission(name: string, permission: Permission): ReturnType<Auth['roleGrantPermission']> {
    return this.#call(({ auth }) => auth.roleGrantPermission(name, permission));
  }

  roleRevokePermission(name: string, range: KeyRange): ReturnType<Auth['roleRevokePermission']> {
    return this.#call(({ auth }) => auth.roleRevokePermission(name, range));
  }

  roleGet(name: string): ReturnType<Auth['roleGet']> {
    return this.#call(({ auth }) => auth.roleGet(name));
  }

  roleList(): ReturnType<Auth['roleList']> {
    return this.#call(({ auth }) => auth.roleList());
  }

  /** All watches of a client share one stream, which lives as long as the server runs. */
  #openStream(): ClientWatchStream {
    const { authEnabled } = this.#server;
    if (this.#stream === undefined || this.#stream.closed || this.#isStreamAuthorized !== authEnabled) {
      this.#stream = this.#services().watch.openStream();
      this.#isStreamAuthorized = authEnabled;
    }
    return this.#stream;
  }

  #call<T>(request: (services: Services) => T): Promise<T> {
    if (!this.#server.running) return Promise.reject(connectionRefused(this.#server));
    try {
      return Promise.resolve(this.#attempt(request));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** A token that is no longer good is replaced once. Models client/v3/retry_interceptor.go shouldRefreshToken. */
  #attempt<T>(request: (services: Services) => T): T {
    try {
      return request(this.#services());
    } catch (error) {
      if (this.#token === undefined || (error as EtcdError).code !== 'Unauthenticated') throw error;
      this.#token = undefined;
      return request(this.#services());
    }
  }

  /** Models client/v3/client.go getToken: a server that does not ask who we are is not told. */
  #services(): Services {
    const { user, commonName } = this.#config;
    if (!this.#server.authEnabled) {
      this.#token = undefined;
      return this.#server.services(NOBODY);
    }
    if (user !== undefined && this.#token === undefined) {
      this.#token = this.#server.services(NOBODY).auth.authenticate(user.name, user.password).token;
    }
    return this.#server.services({ token: this.#token, commonName });
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
