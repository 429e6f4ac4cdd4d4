import type { Clock } from '../../clock/clock.ts';
import type { Rand } from '../../clock/rand.ts';
import { rpcError } from '../api/rpctypes.ts';
import { AuthStore } from '../auth/auth-store.ts';
import { Lessor } from '../lease/lessor.ts';
import { WatchableStore } from '../mvcc/watchable-store.ts';
import { AlarmStore } from './alarms.ts';
import { AuthServer } from './auth.ts';
import { Authorizer } from './authorizer.ts';
import type { Caller } from './authorizer.ts';
import { Header } from './header.ts';
import { KVServer } from './kv.ts';
import { LeaseServer } from './lease.ts';
import { MaintenanceServer } from './maintenance.ts';
import { bootstrapIdentity } from './member.ts';
import type { MemberIdentity, Membership } from './member.ts';
import { Proposer } from './proposer.ts';
import { Quota } from './quota.ts';
import { RaftStatus } from './raft-status.ts';
import { RequestIdGenerator } from './request-id.ts';
import { authorizedServices } from './services.ts';
import type { ServerServices, Services } from './services.ts';
import type { SnapshotData, SnapshotRows } from './snapshot.ts';
import { decodeSnapshot, encodeSnapshot, fromRows, toRows } from './snapshot.ts';
import { WatchServer } from './watch.ts';

/** The flags of etcd that matter here, with its defaults; durations in milliseconds. */
export interface EtcdServerConfig {
  /** --name */
  readonly name: string;
  /** --listen-client-urls */
  readonly listenClientUrls?: readonly string[];
  /** --advertise-client-urls */
  readonly advertiseClientUrls?: readonly string[];
  /** --initial-advertise-peer-urls; the ids of member and cluster follow from them and the token. */
  readonly initialAdvertisePeerUrls?: readonly string[];
  /** --initial-cluster-token */
  readonly initialClusterToken?: string;
  /** --heartbeat-interval */
  readonly heartbeatInterval?: number;
  /** --election-timeout */
  readonly electionTimeout?: number;
  /** --max-txn-ops */
  readonly maxTxnOps?: number;
  /** --max-request-bytes */
  readonly maxRequestBytes?: number;
  /** --quota-backend-bytes; 0: the default of 2 GiB */
  readonly quotaBackendBytes?: number;
  /** --watch-progress-notify-interval */
  readonly watchProgressNotifyInterval?: number;
}

const DEFAULT_QUOTA_BYTES = 2 * 1024 ** 3;

const DEFAULTS = {
  listenClientUrls: ['http://localhost:2379'],
  advertiseClientUrls: ['http://localhost:2379'],
  initialAdvertisePeerUrls: ['http://localhost:2380'],
  initialClusterToken: 'etcd-cluster',
  heartbeatInterval: 100,
  electionTimeout: 1000,
  maxTxnOps: 128,
  maxRequestBytes: 1.5 * 1024 * 1024,
  quotaBackendBytes: 0,
  watchProgressNotifyInterval: 10 * 60 * 1000,
} as const satisfies Omit<Required<EtcdServerConfig>, 'name'>;

export interface EtcdServerCollaborators {
  readonly clock: Clock;
  readonly rand: Rand;
}

/** A member as it can be put into another process: its flags and its data directory. */
export interface SavedEtcdServer {
  readonly config: EtcdServerConfig;
  readonly data: SnapshotRows;
  readonly raft: { readonly term: number; readonly index: number };
}

/** What `etcdutl snapshot restore` can do to revisions, for clients that know later ones than the snapshot has. */
export interface RestoreOptions {
  /** What the data directory says of its member. */
  readonly membership?: Membership;
  /** --bump-revision: by how much the revision is raised. */
  readonly bumpRevision?: number;
  /** --mark-compacted: everything before the raised revision counts as compacted, so that watches begin anew. */
  readonly markCompacted?: boolean;
}

/** What the data directory holds, and what stands on it. */
interface Data {
  readonly raft: RaftStatus;
  readonly lessor: Lessor;
  readonly store: WatchableStore;
  readonly alarms: AlarmStore;
  readonly auth: AuthStore;
  readonly header: Header;
}

/**
 * One etcd member, the only one of its cluster: store, lessor and identity, and the services on
 * them while it runs. What it holds outlives a stop, as a data directory does.
 * Models server/etcdserver/server.go EtcdServer.
 */
export class EtcdServer {
  readonly config: Required<EtcdServerConfig>;
  #identity: MemberIdentity;
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #startListeners = new Set<() => void>();
  #membership: Membership;
  #data: Data;
  #services: ServerServices | undefined;

  constructor({ clock, rand }: EtcdServerCollaborators, config: EtcdServerConfig) {
    this.config = { ...DEFAULTS, ...config };
    const { initialAdvertisePeerUrls, initialClusterToken } = this.config;
    this.#membership = { peerUrls: initialAdvertisePeerUrls, clusterToken: initialClusterToken };
    this.#identity = bootstrapIdentity(initialAdvertisePeerUrls, initialClusterToken);
    this.#clock = clock;
    this.#rand = rand;
    this.#data = this.#newData();
  }

  get identity(): MemberIdentity {
    return this.#identity;
  }

  /** What the member's data directory says of it. */
  get membership(): Membership {
    return this.#membership;
  }

  /** The text of a snapshot file of what it holds; also while it is stopped. */
  snapshot(): string {
    return encodeSnapshot(this.#data);
  }

  /** Of its latest change. */
  get revision(): number {
    return this.#data.store.revision;
  }

  /** Bytes of its database; also while it is stopped. */
  get databaseSize(): number {
    return this.#data.store.log.allocatedSize;
  }

  /** True between {@link start} and {@link stop}. */
  get running(): boolean {
    return this.#services !== undefined;
  }

  /** The KV service. Throws "server stopped" unless the server runs, as the other services do. */
  get kv(): Services['kv'] {
    return this.#serving().kv;
  }

  get watch(): WatchServer {
    return this.#serving().watch;
  }

  get lease(): LeaseServer {
    return this.#serving().lease;
  }

  get maintenance(): Services['maintenance'] {
    return this.#serving().maintenance;
  }

  /** All services as this caller may use them. */
  services(caller: Caller): Services {
    const services = this.#serving();
    const { auth, lessor } = this.#data;
    return auth.enabled ? authorizedServices(services, new Authorizer(auth, lessor, caller)) : services;
  }

  /** True if callers must say who they are. */
  get authEnabled(): boolean {
    return this.#data.auth.enabled;
  }

  /** Starts to serve and lets leases age; does nothing if the server runs. */
  start(): void {
    if (this.#services !== undefined) return;
    const { raft, store, lessor, alarms, auth, header } = this.#data;
    const { name, maxTxnOps, maxRequestBytes, watchProgressNotifyInterval } = this.config;
    const { memberId } = this.#identity;
    const quotaBackendBytes = this.config.quotaBackendBytes || DEFAULT_QUOTA_BYTES;
    raft.elect();
    const proposer = new Proposer(raft, { maxRequestBytes });
    const quota = new Quota(alarms, store.log, quotaBackendBytes);
    const ids = new RequestIdGenerator(memberId, this.#clock.now());
    const lease = new LeaseServer(lessor, proposer, quota, header, ids);
    const member = {
      id: memberId,
      name,
      peerUrls: this.#membership.peerUrls,
      clientUrls: this.config.advertiseClientUrls,
      isLearner: false,
    };
    this.#services = {
      kv: new KVServer(store, lessor, proposer, quota, header, { maxTxnOps }),
      watch: new WatchServer(this.#clock, this.#rand, store, header, {
        progressNotifyInterval: watchProgressNotifyInterval,
      }),
      lease,
      maintenance: new MaintenanceServer(
        { store, lessor, proposer, raft, alarms, auth, header },
        { member, quotaBackendBytes },
      ),
      auth: new AuthServer(auth, proposer, raft, header),
    };
    lessor.promote(this.config.electionTimeout, (id) => lease.expire(id));
    for (const listener of [...this.#startListeners]) listener();
  }

  /** Stops to serve: clients lose their connection, leases stand still, the data stays. */
  stop(): void {
    const services = this.#services;
    if (services === undefined) return;
    this.#services = undefined;
    this.#data.lessor.demote();
    services.watch.stop();
  }

  /**
   * Gives the stopped server another data directory: that of a snapshot file's text, or an empty one.
   * Its ids follow from `membership`, which that directory says (missing: what the flags say), revisions
   * are those of the snapshot. Throws if the server runs, or if the text is no snapshot or was damaged.
   * Models etcdutl/snapshot v3Manager.Restore.
   */
  replaceData(
    snapshot?: string,
    { membership, bumpRevision = 0, markCompacted = false }: RestoreOptions = {},
  ): void {
    if (this.#services !== undefined) throw new Error('the data of a server that runs cannot be replaced');
    const { initialAdvertisePeerUrls, initialClusterToken } = this.config;
    this.#membership = membership ?? {
      peerUrls: initialAdvertisePeerUrls,
      clusterToken: initialClusterToken,
    };
    this.#identity = bootstrapIdentity(this.#membership.peerUrls, this.#membership.clusterToken);
    if (snapshot === undefined) {
      this.#data = this.#newData();
      return;
    }
    const restored = decodeSnapshot(snapshot);
    const revision = restored.revision + bumpRevision;
    this.#data = this.#newData({ ...restored, revision });
    if (markCompacted) this.#data.store.compact(revision);
  }

  save(): SavedEtcdServer {
    const { raft } = this.#data;
    return {
      config: this.config,
      data: toRows(this.#data),
      raft: { term: raft.term, index: raft.index },
    };
  }

  /** The member that {@link save} was asked of; it does not run yet. */
  static restore(
    collaborators: EtcdServerCollaborators,
    { config, data, raft }: SavedEtcdServer,
  ): EtcdServer {
    const server = new EtcdServer(collaborators, config);
    server.#data = server.#newData(fromRows(data), raft);
    return server;
  }

  /** Calls `listener` after each start; returns a function that takes it back. */
  onStart(listener: () => void): () => void {
    this.#startListeners.add(listener);
    return () => this.#startListeners.delete(listener);
  }

  /** A data directory: empty, or with what a snapshot holds; `log` is where its log was, if that is to go on. */
  #newData(snapshot?: SnapshotData, log?: SavedEtcdServer['raft']): Data {
    const raft = new RaftStatus(log);
    const minLeaseTtl = Math.ceil((1.5 * this.config.electionTimeout) / 1000);
    const lessor = new Lessor(this.#clock, { minLeaseTtl });
    const store = new WatchableStore(lessor);
    lessor.setRangeDeleter(() => store.write());
    const auth = new AuthStore(this.#clock, this.#rand);
    const alarms = new AlarmStore(this.#identity.memberId);
    if (snapshot !== undefined) {
      lessor.recover(snapshot.leases);
      store.restore(snapshot.changes, snapshot.revision, snapshot.compactRevision);
      auth.recover(snapshot.auth);
      for (const alarm of snapshot.alarms) alarms.raise(alarm);
    }
    return { raft, lessor, store, alarms, auth, header: new Header(this.#identity, raft, store) };
  }

  #serving(): ServerServices {
    if (this.#services === undefined) throw rpcError('stopped');
    return this.#services;
  }
}
