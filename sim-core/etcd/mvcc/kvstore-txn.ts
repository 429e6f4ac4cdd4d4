import { rpcError } from '../api/rpctypes.ts';
import type { KeyValue } from '../clientv3/client.ts';
import type { RevisionLog } from './revision-log.ts';
import { isTombstone, NO_LEASE } from './revision.ts';
import type { Modification } from './revision.ts';
import type { TreeIndex } from './tree-index.ts';

export interface RangeQuery {
  /** Read as of this revision; 0 or missing: now. */
  readonly revision?: number;
  /** How many keys to return at most; 0 or missing: all. They are counted all the same. */
  readonly limit?: number;
  readonly countOnly?: boolean;
}

export interface RangeResult {
  /** In the order of keys, by reference. The array is the caller's. */
  readonly kvs: KeyValue[];
  /** How many keys are in the range, whatever the limit. */
  readonly count: number;
  /** The revision that the store is at for this reader. */
  readonly revision: number;
}

/** What can be read at one moment: the store, or a write transaction with its own changes. */
export interface ReadView {
  readonly revision: number;
  /** The oldest revision that can be read. */
  readonly firstRevision: number;
  /** `end` undefined: the key alone; "": from the key on. Throws for a compacted or a future revision. */
  range(key: string, end: string | undefined, query?: RangeQuery): RangeResult;
}

/** Keeps track of which keys belong to which lease. The lessor does. */
export interface KeyLeases {
  attach(lease: string, key: string): void;
  detach(lease: string, key: string): void;
}

/** What a transaction needs of the store it belongs to. */
export interface TxnStore {
  readonly index: TreeIndex;
  readonly log: RevisionLog;
  readonly leases: KeyLeases;
  readonly revision: number;
  readonly compactRevision: number;
  /** Makes the changes of the ended transaction the store's next revision. */
  commit(changes: readonly Modification[]): void;
}

/** Models server/storage/mvcc/kvstore_txn.go rangeKeys. */
export function rangeKeys(
  store: TxnStore,
  currentRevision: number,
  key: string,
  end: string | undefined,
  query: RangeQuery = {},
): RangeResult {
  let revision = query.revision ?? 0;
  if (revision > currentRevision) throw rpcError('futureRevision');
  if (revision <= 0) revision = currentRevision;
  if (revision < store.compactRevision) throw rpcError('compacted');
  const kvs: KeyValue[] = [];
  if (query.countOnly) {
    return { kvs, count: store.index.count(key, end, revision), revision: currentRevision };
  }
  const limit = query.limit !== undefined && query.limit > 0 ? query.limit : Infinity;
  let count = 0;
  store.index.visit(key, end, revision, (modification) => {
    if (count++ < limit) kvs.push(modification.kv);
  });
  return { kvs, count, revision: currentRevision };
}

/**
 * Changes that become one revision together. They are in the index at once, so the transaction
 * reads what it wrote; nobody else can look before it ends, since nothing waits in between.
 * Models server/storage/mvcc/kvstore_txn.go storeTxnWrite.
 */
export class WriteTxn implements ReadView {
  readonly #store: TxnStore;
  readonly #begin: number;
  readonly #changes: Modification[] = [];

  constructor(store: TxnStore) {
    this.#store = store;
    this.#begin = store.revision;
  }

  /** The revision after this transaction, as far as it has come. */
  get revision(): number {
    return this.#changes.length > 0 ? this.#begin + 1 : this.#begin;
  }

  get firstRevision(): number {
    return this.#store.compactRevision;
  }

  range(key: string, end: string | undefined, query?: RangeQuery): RangeResult {
    return rangeKeys(this.#store, this.revision, key, end, query);
  }

  /** Writes the key and moves it to `lease` ("0": to none). Returns the transaction's revision. */
  put(key: string, value: string, lease: string): number {
    const main = this.#begin + 1;
    const index = this.#store.index.insert(key);
    const last = index.modified;
    const previous = last === undefined || isTombstone(last) ? undefined : last.kv;
    const kv: KeyValue = {
      key: index.key,
      value,
      createRevision: previous === undefined ? main : previous.createRevision,
      modRevision: main,
      version: previous === undefined ? 1 : previous.version + 1,
      lease,
    };
    this.#record(index.put(kv, this.#changes.length));
    const oldLease = previous === undefined ? NO_LEASE : previous.lease;
    if (oldLease !== lease) {
      if (oldLease !== NO_LEASE) this.#store.leases.detach(oldLease, index.key);
      if (lease !== NO_LEASE) this.#store.leases.attach(lease, index.key);
    }
    return main;
  }

  /** Deletes the keys of the range. Returns how many there were. */
  deleteRange(key: string, end: string | undefined): number {
    const doomed: KeyValue[] = [];
    this.#store.index.visit(key, end, this.revision, (modification) => doomed.push(modification.kv));
    for (const kv of doomed) {
      const index = this.#store.index.keyIndex(kv.key)!;
      this.#record(index.tombstone(this.#begin + 1, this.#changes.length));
      if (kv.lease !== NO_LEASE) this.#store.leases.detach(kv.lease, kv.key);
    }
    return doomed.length;
  }

  /** Ends the transaction; without a change the store's revision stays. */
  end(): void {
    if (this.#changes.length > 0) this.#store.commit(this.#changes);
  }

  #record(modification: Modification): void {
    this.#store.log.append(modification);
    this.#changes.push(modification);
  }
}
