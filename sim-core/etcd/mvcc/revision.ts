import type { KeyValue } from '../clientv3/client.ts';

/**
 * A point in the store's history: `main` counts transactions, `sub` the changes within one, from 0.
 * Models server/storage/mvcc/revision.go.
 */
export interface Revision {
  readonly main: number;
  readonly sub: number;
}

/** The revision that a fresh, empty store is at. */
export const INITIAL_REVISION = 1;

/**
 * One change of one key, as the store keeps it. `kv` is made once and handed out by reference for
 * ever after; its `modRevision` is the change's main revision.
 *
 * The changes of a key are a list from the newest to the oldest, so that the newest, which is what
 * nearly every read asks for, is reached in one step and a key with one change needs no array.
 */
export interface Modification {
  readonly kv: KeyValue;
  readonly sub: number;
  /** The change before this one; cut off by compaction. */
  previous: Modification | undefined;
}

/** Lease id of a key without a lease. */
export const NO_LEASE = '0';

/** What a deletion stores: the key and when, nothing else. */
export function tombstone(key: string, modRevision: number): KeyValue {
  return { key, value: '', createRevision: 0, modRevision, version: 0, lease: NO_LEASE };
}

/** True if the change is a deletion. A written key has a version of at least 1. */
export function isTombstone(modification: Modification): boolean {
  return modification.kv.version === 0;
}

/** True if `a` came after `b`. */
export function isAfter(a: Revision, b: Revision): boolean {
  return a.main > b.main || (a.main === b.main && a.sub > b.sub);
}

export function revisionOf(modification: Modification): Revision {
  return { main: modification.kv.modRevision, sub: modification.sub };
}

/** For messages and tests: "4.0", for a deletion "5.0(t)". */
export function formatModification(modification: Modification): string {
  return `${modification.kv.modRevision}.${modification.sub}${isTombstone(modification) ? '(t)' : ''}`;
}
