import type { Modification } from './revision.ts';

/** What a change takes in a real backend beside key and value: revision, protobuf tags, page entry. */
const ENTRY_OVERHEAD = 48;

/**
 * All changes of the store in the order of their revisions: etcd's backend, whose keys are
 * revisions. Watches that begin in the past, hashes and snapshots read it.
 */
export class RevisionLog {
  #changes: Modification[] = [];
  #size = 0;

  /** Bytes in use, counting a text's UTF-16 units as one byte each. */
  get size(): number {
    return this.#size;
  }

  /** All changes, the oldest first. Valid until the next compaction. */
  get changes(): readonly Modification[] {
    return this.#changes;
  }

  /** Adds a change, which must be newer than all before. */
  append(change: Modification): void {
    this.#changes.push(change);
    this.#size += sizeOf(change);
  }

  /** The position in {@link changes} of the first change at or after main revision `main`. */
  indexOf(main: number): number {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#changes[middle]!.kv.modRevision < main) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Drops the changes at or before `atRevision` that are not in `available`. */
  compact(atRevision: number, available: ReadonlySet<Modification>): void {
    const end = this.indexOf(atRevision + 1);
    this.#changes = this.#changes.filter((change, position) => {
      const stays = position >= end || available.has(change);
      if (!stays) this.#size -= sizeOf(change);
      return stays;
    });
  }
}

function sizeOf(change: Modification): number {
  return change.kv.key.length + change.kv.value.length + ENTRY_OVERHEAD;
}
