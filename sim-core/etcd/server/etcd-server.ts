import type { Clock } from '../../clock/clock.ts';
import type { Rand } from '../../clock/rand.ts';
import { rpcError } from '../api/rpctypes.ts';
import { Lessor } from '../lease/lessor.ts';
import { WatchableStore } from '../mvcc/watchable-store.ts';
import { Header } from './header.ts';
import { KVServer } from './kv.ts';
import { LeaseServer } from './lease.ts';
import { bootstrapIdentity } from './member.ts';
import type { MemberIdentity } from './member.ts';
import { Proposer } from './proposer.ts';
import { RaftStatus } from './raft-status.ts';
import { RequestIdGenerator } from './request-id.ts';
import { WatchServer } from './watch.ts';

/** The flags of etcd that matter here, with its defaults; durations in milliseconds. */
export interface EtcdServerConfig {
  /** --name */
  readonly name: string;
  /** --listen-client-urls */
  readonly listenClientUrls?: readonly string[];
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
  /** --watch-progress-notify-interval */
  readonly watchProgressNotifyInterval?: number;
}

const DEFAULTS = {
  listenClientUrls: ['http://localhost:2379'],
  initialAdvertisePeerUrls: ['http://localhost:2380'],
  initialClusterToken: 'etcd-cluster',
  heartbeatInterval: 100,
  electionTimeout: 1000,
  maxTxnOps: 128,
  maxRequestBytes: 1.5 * 1024 * 1024,
  watchProgressNotifyInterval: 10 * 60 * 1000,
} as const satisfies Omit<Required<EtcdServerConfig>, 'name'>;

export interface EtcdServerCollaborators {
  readonly clock: Clock;
  readonly rand: Rand;
}

/** The services of a server that runs. */
interface Services {
  readonly kv: KVServer;
  readonly watch: WatchServer;
  readonly lease: LeaseServer;
}

/**
 * One etcd member, the only one of its cluster: store, lessor and identity, and the services on
 * them while it runs. What it holds outlives a stop, as a data directory does.
 * Models server/etcdserver/server.go EtcdServer.
 */
export class EtcdServer {
  readonly config: Required<EtcdServerConfig>;
  readonly identity: MemberIdentity;
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #raft = new RaftStatus();
  readonly #lessor: Lessor;
  readonly #store: WatchableStore;
  readonly #header: Header;
  readonly #startListeners = new Set<() => void>();
  #services: Services | undefined;

  constructor({ clock, rand }: EtcdServerCollaborators, config: EtcdServerConfig) {
    this.config = { ...DEFAULTS, ...config };
    const { initialAdvertisePeerUrls, initialClusterToken } = this.config;
    this.identity = bootstrapIdentity(initialAdvertisePeerUrls, initialClusterToken);
    this.#clock = clock;
    this.#rand = rand;
    const minLeaseTtl = Math.ceil((1.5 * this.config.electionTimeout) / 1000);
    this.#lessor = new Lessor(clock, { minLeaseTtl });
    this.#store = new WatchableStore(this.#lessor);
    this.#lessor.setRangeDeleter(() => this.#store.write());
    this.#header = new Header(this.identity, this.#raft, this.#store);
  }

  /** True between {@link start} and {@link stop}. */
  get running(): boolean {
    return this.#services !== undefined;
  }

  /** The KV service. Throws "server stopped" unless the server runs, as the other services do. */
  get kv(): KVServer {
    return this.#serving().kv;
  }

  get watch(): WatchServer {
    return this.#serving().watch;
  }

  get lease(): LeaseServer {
    return this.#serving().lease;
  }

  /** Starts to serve and lets leases age; does nothing if the server runs. */
  start(): void {
    if (this.#services !== undefined) return;
    this.#raft.elect();
    const { maxTxnOps, maxRequestBytes, watchProgressNotifyInterval } = this.config;
    const [clock, store, lessor, header] = [this.#clock, this.#store, this.#lessor, this.#header];
    const proposer = new Proposer(this.#raft, { maxRequestBytes });
    const ids = new RequestIdGenerator(this.identity.memberId, clock.now());
    const lease = new LeaseServer(lessor, proposer, header, ids);
    this.#services = {
      kv: new KVServer(store, lessor, proposer, header, { maxTxnOps }),
      watch: new WatchServer(clock, this.#rand, store, header, {
        progressNotifyInterval: watchProgressNotifyInterval,
      }),
      lease,
    };
    lessor.promote(this.config.electionTimeout, (id) => lease.expire(id));
    for (const listener of [...this.#startListeners]) listener();
  }

  /** Stops to serve: clients lose their connection, leases stand still, the data stays. */
  stop(): void {
    const services = this.#services;
    if (services === undefined) return;
    this.#services = undefined;
    this.#lessor.demote();
    services.watch.stop();
  }

  /** Calls `listener` after each start; returns a function that takes it back. */
  onStart(listener: () => void): () => void {
    this.#startListeners.add(listener);
    return () => this.#startListeners.delete(listener);
  }

  #serving(): Services {
    if (this.#services === undefined) throw rpcError('stopped');
    return this.#services;
  }
}
