import type { KeyValue } from '../clientv3/client.ts';
import { formatModification, isAfter, isTombstone, revisionOf, tombstone } from './revision.ts';
import type { Modification } from './revision.ts';

/**
 * The history of one key. A generation is one life of the key: it begins with the put that makes
 * the key and ends with the tombstone that deletes it. The last generation is empty while the key
 * is deleted.
 *
 * For example put(1.0), put(2.0), tombstone(3.0), put(4.0), tombstone(5.0) on "foo" gives
 *
 *     key:          "foo"
 *     modified:     5.0
 *     generations:  {empty}
 *                   {4.0, 5.0(t)}
 *                   {1.0, 2.0, 3.0(t)}
 *
 * Compacting at r forgets every change before the last one that a read at r needs. A generation
 * whose tombstone is older than r goes as a whole; a tombstone at r itself stays, for watchers that
 * begin at r. On the history above:
 *
 *     compact(2):   {empty} {4.0, 5.0(t)} {2.0, 3.0(t)}
 *     compact(3):   {empty} {4.0, 5.0(t)} {3.0(t)}
 *     compact(4):   {empty} {4.0, 5.0(t)}
 *     compact(5):   {empty} {5.0(t)}
 *     compact(6):   {empty}                                the key leaves the index
 *
 * Changes are linked from the newest to the oldest and generations are the runs between tombstones,
 * so nothing but the changes themselves takes room.
 *
 * Models server/storage/mvcc/key_index.go.
 */
export class KeyIndex {
  readonly key: string;
  #newest: Modification | undefined;

  constructor(key: string) {
    this.key = key;
  }

  /** The last change, deletions included; undefined if there is none. */
  get modified(): Modification | undefined {
    return this.#newest;
  }

  /** True if nothing is known of the key any more. */
  get isEmpty(): boolean {
    return this.#newest === undefined;
  }

  /** Adds a put, which must be newer than all before, and returns it as stored. */
  put(kv: KeyValue, sub: number): Modification {
    const modification = { kv, sub, previous: this.#newest };
    if (this.#newest !== undefined && !isAfter(revisionOf(modification), revisionOf(this.#newest))) {
      throw new Error(
        `put of ${JSON.stringify(this.key)} at ${formatModification(modification)} ` +
          `is not after ${formatModification(this.#newest)}`,
      );
    }
    this.#newest = modification;
    return modification;
  }

  /** Ends the key's generation. Throws if the key is deleted already. */
  tombstone(main: number, sub: number): Modification {
    if (this.#newest === undefined || isTombstone(this.#newest)) {
      throw new Error(`tombstone at ${main}.${sub} for ${JSON.stringify(this.key)}, which does not exist`);
    }
    return this.put(tombstone(this.key, main), sub);
  }

  /** The change that a read as of main revision `atRevision` sees; undefined if the key was not there. */
  get(atRevision: number): Modification | undefined {
    const modification = this.#at(atRevision);
    return modification === undefined || isTombstone(modification) ? undefined : modification;
  }

  /**
   * Forgets what no read as of `atRevision` or later needs. Returns the one change at or before
   * `atRevision` that stays, if any.
   */
  compact(atRevision: number): Modification | undefined {
    let newer: Modification | undefined;
    let kept = this.#newest;
    while (kept !== undefined && kept.kv.modRevision > atRevision) {
      newer = kept;
      kept = kept.previous;
    }
    if (kept === undefined) return undefined;
    if (isTombstone(kept) && kept.kv.modRevision < atRevision) {
      if (newer === undefined) this.#newest = undefined;
      else newer.previous = undefined;
      return undefined;
    }
    kept.previous = undefined;
    return kept;
  }

  /**
   * The change at or before `atRevision` that a compaction there would keep; changes nothing.
   * Leaves out a tombstone at `atRevision`, which does not count for the hash of the store.
   */
  keep(atRevision: number): Modification | undefined {
    return this.get(atRevision);
  }

  /** All changes by generation, both from the oldest to the newest; the last is empty after a deletion. */
  generations(): readonly (readonly Modification[])[] {
    const changes: Modification[] = [];
    for (let change = this.#newest; change !== undefined; change = change.previous) changes.push(change);
    const generations: Modification[][] = [[]];
    for (const change of changes.reverse()) {
      generations.at(-1)!.push(change);
      if (isTombstone(change)) generations.push([]);
    }
    return generations;
  }

  #at(atRevision: number): Modification | undefined {
    let modification = this.#newest;
    while (modification !== undefined && modification.kv.modRevision > atRevision) {
      modification = modification.previous;
    }
    return modification;
  }
}
