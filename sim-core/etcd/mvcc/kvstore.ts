import { rpcError } from '../api/rpctypes.ts';
import type { KeyValue } from '../clientv3/client.ts';
import { hashChanges } from './hash.ts';
import { compactHistory } from './kvstore-compaction.ts';
import { rangeKeys, WriteTxn } from './kvstore-txn.ts';
import type { KeyLeases, RangeQuery, RangeResult, ReadView, TxnStore } from './kvstore-txn.ts';
import { RevisionLog } from './revision-log.ts';
import { INITIAL_REVISION, NO_LEASE } from './revision.ts';
import type { Modification } from './revision.ts';
import { TreeIndex } from './tree-index.ts';

export interface KeyValueHash {
  readonly hash: number;
  /** -1 if the store was never compacted. */
  readonly compactRevision: number;
  readonly revision: number;
}

/**
 * The store of keys with all their revisions. Every transaction with a change makes one revision.
 * Models server/storage/mvcc/kvstore.go.
 */
export class KVStore implements ReadView, TxnStore {
  readonly index = new TreeIndex();
  readonly log = new RevisionLog();
  readonly leases: KeyLeases;
  #revision = INITIAL_REVISION;
  #compactRevision = -1;

  constructor(leases: KeyLeases) {
    this.leases = leases;
  }

  get revision(): number {
    return this.#revision;
  }

  /** The last compaction's revision, the oldest that can be read; -1 before the first. */
  get compactRevision(): number {
    return this.#compactRevision;
  }

  get firstRevision(): number {
    return this.#compactRevision;
  }

  range(key: string, end: string | undefined, query?: RangeQuery): RangeResult {
    return rangeKeys(this, this.#revision, key, end, query);
  }

  /** Begins a transaction. It must be ended before anything else is done with the store. */
  write(): WriteTxn {
    return new WriteTxn(this);
  }

  commit(changes: readonly Modification[]): void {
    this.#revision++;
    this.committed(changes);
  }

  /**
   * Forgets the history before `revision`. Throws "compacted" if that was done already and
   * "future revision" if the store has not come so far.
   */
  compact(revision: number): void {
    if (revision <= this.#compactRevision) throw rpcError('compacted');
    if (revision > this.#revision) throw rpcError('futureRevision');
    this.#compactRevision = revision;
    compactHistory(this.index, this.log, revision);
  }

  /** The hash of everything as of `revision` (0: now). Throws as {@link range} does. */
  hashByRevision(revision: number): KeyValueHash {
    if (revision > 0 && revision < this.#compactRevision) throw rpcError('compacted');
    if (revision > this.#revision) throw rpcError('futureRevision');
    const at = revision <= 0 ? this.#revision : revision;
    return {
      hash: hashChanges(this.log.changes, at, this.#compactRevision, this.index.keep(at)),
      compactRevision: this.#compactRevision,
      revision: at,
    };
  }

  /**
   * Fills an empty store with what another held, and attaches its keys to their leases.
   * Models kvstore.go restore.
   */
  restore(
    changes: Iterable<{ readonly kv: KeyValue; readonly sub: number }>,
    revision: number,
    compactRevision: number,
  ): void {
    if (this.index.size > 0) throw new Error(`restore into a store that is at revision ${this.#revision}`);
    for (const { kv, sub } of changes) this.log.append(this.index.insert(kv.key).put(kv, sub));
    this.#revision = revision;
    this.#compactRevision = compactRevision;
    this.index.visit('\0', '', revision, ({ kv }) => {
      if (kv.lease !== NO_LEASE) this.leases.attach(kv.lease, kv.key);
    });
  }

  /** Called after each transaction that changed something, with its changes in order. */
  protected committed(_changes: readonly Modification[]): void {}
}
