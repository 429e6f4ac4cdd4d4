import { BTree, compareKeys } from '../btree.ts';
import { byteOrdered } from '../clientv3/bytes.ts';
import { KeyIndex } from './key-index.ts';
import type { Modification } from './revision.ts';

/**
 * All keys, in the order of their bytes, each with its history.
 *
 * A range is given as `key` and `end`: with `end` undefined the key alone, with "" everything from
 * the key on, else the half-open interval. Models server/storage/mvcc/index.go.
 */
export class TreeIndex {
  readonly #tree = new BTree<string, KeyIndex>(undefined, compareKeys, 32);
  /** The same by the key itself: nearly everybody asks for one that they know. */
  readonly #byKey = new Map<string, KeyIndex>();

  /** How many keys are known, deleted ones that were not compacted included. */
  get size(): number {
    return this.#byKey.size;
  }

  /** The key's history; undefined if none is known. */
  keyIndex(key: string): KeyIndex | undefined {
    return this.#byKey.get(key);
  }

  /** The key's history, made if there is none. The caller must put a change into a new one. */
  insert(key: string): KeyIndex {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const index = new KeyIndex(key);
    this.#byKey.set(key, index);
    this.#tree.set(byteOrdered(key), index);
    return index;
  }

  /** Calls `visitor` with the change of every key of the range that a read as of `atRevision` sees, in order. */
  visit(
    key: string,
    end: string | undefined,
    atRevision: number,
    visitor: (modification: Modification) => void,
  ): void {
    this.visitHistories(key, end, (index) => {
      const modification = index.get(atRevision);
      if (modification !== undefined) visitor(modification);
    });
  }

  /** Calls `visitor` with the history of every key of the range that is known, in order. */
  visitHistories(key: string, end: string | undefined, visitor: (index: KeyIndex) => void): void {
    if (end === undefined) {
      const index = this.keyIndex(key);
      if (index !== undefined) visitor(index);
      return;
    }
    const last = end === '' ? this.#tree.maxKey() : byteOrdered(end);
    if (last === undefined) return;
    this.#tree.forRange(byteOrdered(key), last, end === '', (_key, index) => visitor(index));
  }

  /** How many keys of the range a read as of `atRevision` sees. */
  count(key: string, end: string | undefined, atRevision: number): number {
    let count = 0;
    this.visit(key, end, atRevision, () => count++);
    return count;
  }

  /** Compacts every key and drops those of which nothing is left. Returns the changes at or before it that stay. */
  compact(atRevision: number): Set<Modification> {
    const available = new Set<Modification>();
    const gone: string[] = [];
    this.#tree.forEachPair((ordered, index) => {
      const kept = index.compact(atRevision);
      if (kept !== undefined) available.add(kept);
      else if (index.isEmpty) {
        gone.push(ordered);
        this.#byKey.delete(index.key);
      }
    });
    this.#tree.deleteKeys(gone);
    return available;
  }

  /** The changes at or before `atRevision` that a compaction there would keep, without tombstones. */
  keep(atRevision: number): Set<Modification> {
    const available = new Set<Modification>();
    this.#tree.forEachPair((_key, index) => {
      const kept = index.keep(atRevision);
      if (kept !== undefined) available.add(kept);
    });
    return available;
  }
}
