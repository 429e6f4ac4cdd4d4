import type { Modification } from './revision.ts';

/** What a change takes in a real backend beside key and value: revision, protobuf tags, page entry. */
const ENTRY_OVERHEAD = 48;
const PAGE_SIZE = 4096;
/** Pages of a real backend beside those of keys: meta pages, free list, other buckets. */
const FIXED_PAGES = 4;
/** A new database file's pages. */
const INITIAL_PAGES = 5;

/**
 * All changes of the store in the order of their revisions: etcd's backend, whose keys are
 * revisions. Watches that begin in the past, hashes and snapshots read it.
 */
export class RevisionLog {
  #changes: Modification[] = [];
  #size = 0;
  #largestSize = 0;

  /** Bytes that the database uses, in whole pages; a text's UTF-16 unit counts as one byte. */
  get usedSize(): number {
    return pages(this.#size) * PAGE_SIZE;
  }

  /** Bytes of the database file: what a compaction frees stays in it until {@link defragment}. */
  get allocatedSize(): number {
    return Math.max(INITIAL_PAGES, pages(this.#largestSize)) * PAGE_SIZE;
  }

  /** All changes, the oldest first. Valid until the next compaction. */
  get changes(): readonly Modification[] {
    return this.#changes;
  }

  /** Adds a change, which must be newer than all before. */
  append(change: Modification): void {
    this.#changes.push(change);
    this.#size += sizeOf(change);
    if (this.#size > this.#largestSize) this.#largestSize = this.#size;
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

  /** Gives freed room back. */
  defragment(): void {
    this.#largestSize = this.#size;
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

function pages(size: number): number {
  return FIXED_PAGES + Math.ceil(size / PAGE_SIZE);
}

function sizeOf(change: Modification): number {
  return change.kv.key.length + change.kv.value.length + ENTRY_OVERHEAD;
}
