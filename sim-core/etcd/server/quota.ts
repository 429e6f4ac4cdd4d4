import { rpcError } from '../api/rpctypes.ts';
import type { Operation } from '../clientv3/client.ts';
import type { AlarmStore } from './alarms.ts';

/** Estimates of what storing a lease and a key's metadata cost, in bytes. */
const LEASE_OVERHEAD = 64;
const KV_OVERHEAD = 256;

/** A request that may need room. */
export type Costly = Operation | { readonly type: 'leaseGrant' };

/**
 * Refuses what needs room when the database is as large as it may be, and raises NOSPACE then; while
 * that alarm stands, everything that needs room is refused.
 * Models server/storage/quota.go and server/etcdserver/apply applierV3Capped.
 */
export class Quota {
  readonly #alarms: AlarmStore;
  readonly #database: { readonly allocatedSize: number };
  readonly #bytes: number;

  constructor(alarms: AlarmStore, database: { readonly allocatedSize: number }, bytes: number) {
    this.#alarms = alarms;
    this.#database = database;
    this.#bytes = bytes;
  }

  /** Throws "database space exceeded" if there is no room for the request. */
  check(request: Costly): void {
    const cost = costOf(request);
    if (cost === 0) return;
    const available = this.#database.allocatedSize + cost < this.#bytes;
    if (!available) this.#alarms.raise('NOSPACE');
    if (!available || this.#alarms.has('NOSPACE')) throw rpcError('noSpace');
  }
}

/** A transaction costs as much as its dearer branch. */
function costOf(request: Costly): number {
  switch (request.type) {
    case 'put':
      return KV_OVERHEAD + request.key.length + request.value.length;
    case 'leaseGrant':
      return LEASE_OVERHEAD;
    case 'txn':
      return Math.max(sum(request.success), sum(request.failure));
    default:
      return 0;
  }
}

function sum(operations: readonly Operation[]): number {
  return operations.reduce((total, operation) => total + costOf(operation), 0);
}
