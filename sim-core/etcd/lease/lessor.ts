import type { Clock, Timer } from '../../clock/clock.ts';
import { rpcError } from '../api/rpctypes.ts';
import { compareBytes } from '../clientv3/bytes.ts';
import { LeaseQueue } from './lease-queue.ts';

/** The longest time to live that can be asked for, in seconds. */
const MAX_LEASE_TTL = 9_000_000_000;
/** How long to leave an expired lease alone whose revocation failed, in milliseconds. */
const EXPIRED_LEASE_RETRY_INTERVAL = 3_000;

/** A lease: keys that are deleted together unless it is renewed in time. */
export class Lease {
  readonly id: string;
  /** Granted time to live in seconds. */
  readonly ttl: number;
  readonly keys = new Set<string>();
  /** When it runs out, in milliseconds since the Unix epoch. */
  expiry: number;

  constructor(id: string, ttl: number, expiry: number) {
    this.id = id;
    this.ttl = ttl;
    this.expiry = expiry;
  }
}

/** Deletes the keys of a revoked lease in one transaction. The store does. */
export type RangeDeleter = () => { deleteRange(key: string, end: string | undefined): number; end(): void };

export interface LessorConfig {
  /** Shorter times to live are raised to this, in seconds. */
  readonly minLeaseTtl: number;
}

/**
 * Grants leases, knows their keys and says when one has run out. While it is promoted (its member
 * leads the cluster) leases age; after a demotion they do not until the next promotion.
 * Models server/lease/lessor.go, which looks for expired leases every 500 ms; ours sets one timer
 * for the lease that is next.
 */
export class Lessor {
  readonly #clock: Clock;
  readonly #config: LessorConfig;
  readonly #leases = new Map<string, Lease>();
  readonly #queue = new LeaseQueue<Lease>();
  #deleter: RangeDeleter | undefined;
  #expired: ((id: string) => void) | undefined;
  #timer: Timer | undefined;
  #timerAt = Infinity;

  constructor(clock: Clock, config: LessorConfig) {
    this.#clock = clock;
    this.#config = config;
  }

  /** Who deletes the keys of revoked leases; set once, before the first revocation. */
  setRangeDeleter(deleter: RangeDeleter): void {
    this.#deleter = deleter;
  }

  /**
   * Begins to count time: every lease gets its whole time to live, plus `extend` milliseconds, anew.
   * Calls `expired` for each lease that runs out, which is to {@link revoke} it.
   */
  promote(extend: number, expired: (id: string) => void): void {
    this.#expired = expired;
    for (const lease of this.#leases.values()) this.#refresh(lease, extend);
    this.#schedule();
  }

  /** Stops counting time. */
  demote(): void {
    this.#expired = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAt = Infinity;
  }

  /** Makes a lease. `id` is a positive decimal text, `ttl` in seconds. Throws if the id is taken. */
  grant(id: string, ttl: number): Lease {
    if (ttl > MAX_LEASE_TTL) throw rpcError('leaseTtlTooLarge');
    if (this.#leases.has(id)) throw rpcError('leaseExists');
    const lease = new Lease(id, Math.max(Math.trunc(ttl), this.#config.minLeaseTtl), Infinity);
    this.#leases.set(id, lease);
    this.#refresh(lease, 0);
    this.#schedule();
    return lease;
  }

  /** Ends the lease and deletes its keys, in order, as one revision. Throws if there is none. */
  revoke(id: string): void {
    const lease = this.#get(id);
    if (this.#deleter === undefined) throw new Error(`lease ${id} is revoked before the lessor has a store`);
    const txn = this.#deleter();
    for (const key of [...lease.keys].sort(compareBytes)) txn.deleteRange(key, undefined);
    this.#leases.delete(id);
    this.#queue.remove(id);
    txn.end();
    this.#schedule();
  }

  /** Gives the lease its whole time to live again. Throws if there is none. */
  renew(id: string): Lease {
    const lease = this.#get(id);
    this.#refresh(lease, 0);
    return lease;
  }

  lookup(id: string): Lease | undefined {
    return this.#leases.get(id);
  }

  /** How many seconds the lease has left; 0 when it has run out. */
  remaining(lease: Lease): number {
    return Math.max(0, (lease.expiry - this.#clock.now()) / 1000);
  }

  /** All leases, the first to run out first. */
  leases(): Lease[] {
    return this.#queue.all();
  }

  attach(id: string, key: string): void {
    this.#get(id).keys.add(key);
  }

  /** Does nothing if the lease is gone: a revocation takes lease and keys together. */
  detach(id: string, key: string): void {
    this.#leases.get(id)?.keys.delete(key);
  }

  /** Puts leases back that a snapshot or a restart kept; their keys are attached by the store. */
  recover(leases: Iterable<{ readonly id: string; readonly ttl: number }>): void {
    for (const { id } of this.#queue.all()) this.#queue.remove(id);
    this.#leases.clear();
    for (const { id, ttl } of leases) this.grant(id, ttl);
  }

  #get(id: string): Lease {
    const lease = this.#leases.get(id);
    if (lease === undefined) throw rpcError('leaseNotFound');
    return lease;
  }

  #refresh(lease: Lease, extend: number): void {
    lease.expiry = this.#clock.now() + lease.ttl * 1000 + extend;
    this.#queue.update(lease);
  }

  /** Sets the timer for the next lease; one that is set too early looks again when it fires. */
  #schedule(): void {
    const next = this.#queue.first();
    if (this.#expired === undefined || next === undefined || next.expiry >= this.#timerAt) return;
    this.#timer?.cancel();
    this.#timerAt = next.expiry;
    const delay = Math.max(0, next.expiry - this.#clock.now());
    this.#timer = this.#clock.schedule(delay, () => this.#expire(), { periodic: true });
  }

  #expire(): void {
    this.#timer = undefined;
    this.#timerAt = Infinity;
    const now = this.#clock.now();
    for (
      let lease = this.#queue.first();
      lease !== undefined && lease.expiry <= now;
      lease = this.#queue.first()
    ) {
      this.#expired?.(lease.id);
      if (this.#leases.get(lease.id) !== lease) continue;
      lease.expiry = now + EXPIRED_LEASE_RETRY_INTERVAL;
      this.#queue.update(lease);
    }
    this.#schedule();
  }
}
