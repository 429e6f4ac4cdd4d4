import type { Clock } from '../../../clock/clock.ts';
import type { EtcdClient } from '../../../etcd/clientv3/client.ts';

/** So long a lease is handed out again, in seconds, but for no more than this part of its life. */
const REUSE_SECONDS = 60;
const REUSE_PART = 0.05;
/** How many objects share a lease at most. */
const MAX_OBJECTS = 1000;

/**
 * Leases for objects that vanish: those that are written within a minute share one, which lives a minute longer
 * than they must.
 *
 * Models k8s.io/apiserver/pkg/storage/etcd3/lease_manager.go.
 */
export class LeaseManager {
  readonly #client: EtcdClient;
  readonly #clock: Clock;
  readonly #ttl: number;
  readonly #reuse: number;
  #current: { readonly id: Promise<string>; readonly until: number } | undefined;
  #attached = 0;

  /** `ttl` is how long the objects live at least, in seconds. */
  constructor(client: EtcdClient, clock: Clock, ttl: number) {
    this.#client = client;
    this.#clock = clock;
    this.#ttl = ttl;
    this.#reuse = Math.min(REUSE_SECONDS, Math.floor(REUSE_PART * ttl));
  }

  /** The id of a lease for one object; rejects as etcd does that cannot grant one. */
  lease(): Promise<string> {
    const now = this.#clock.now();
    this.#attached++;
    if (this.#current !== undefined && now < this.#current.until && this.#attached <= MAX_OBJECTS) {
      return this.#current.id;
    }
    const id = this.#client.leaseGrant(this.#ttl + this.#reuse).then((granted) => granted.id);
    const current = { id, until: now + this.#reuse * 1000 };
    this.#current = current;
    this.#attached = 1;
    id.catch(() => {
      if (this.#current === current) this.#current = undefined;
    });
    return id;
  }
}
