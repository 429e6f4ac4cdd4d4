import { byteOrdered } from '../clientv3/bytes.ts';
import { IntervalMap } from './interval-map.ts';
import type { Watcher } from './watcher.ts';

/**
 * Watchers by what they watch, so that a change reaches only those it concerns: single keys in a
 * map, ranges by interval, watchers of the same range together.
 * Models server/storage/mvcc/watcher_group.go.
 */
export class WatcherGroup {
  readonly #watchers = new Set<Watcher>();
  readonly #byKey = new Map<string, Set<Watcher>>();
  readonly #byRange = new IntervalMap<Set<Watcher>>();

  get size(): number {
    return this.#watchers.size;
  }

  /** All watchers, in the order in which they came. */
  get watchers(): ReadonlySet<Watcher> {
    return this.#watchers;
  }

  has(watcher: Watcher): boolean {
    return this.#watchers.has(watcher);
  }

  add(watcher: Watcher): void {
    if (this.#watchers.has(watcher))
      throw new Error(`watcher of ${watcher.config.key} is in the group already`);
    this.#watchers.add(watcher);
    const { begin, end } = watcher;
    const same = end === undefined ? this.#byKey.get(begin) : this.#byRange.get(begin, end);
    if (same !== undefined) same.add(watcher);
    else if (end === undefined) this.#byKey.set(begin, new Set([watcher]));
    else this.#byRange.set(begin, end, new Set([watcher]));
  }

  /** Returns false if the watcher is not in the group. */
  delete(watcher: Watcher): boolean {
    if (!this.#watchers.delete(watcher)) return false;
    const { begin, end } = watcher;
    const same = end === undefined ? this.#byKey.get(begin) : this.#byRange.get(begin, end);
    same?.delete(watcher);
    if (same?.size === 0) {
      if (end === undefined) this.#byKey.delete(begin);
      else this.#byRange.delete(begin, end);
    }
    return true;
  }

  /** Calls `visitor` with every watcher of the key. It must not change the group. */
  visit(key: string, visitor: (watcher: Watcher) => void): void {
    const ordered = byteOrdered(key);
    const watchers = this.#byKey.get(ordered);
    if (watchers !== undefined) for (const watcher of watchers) visitor(watcher);
    this.#byRange.stab(ordered, (ranged) => {
      for (const watcher of ranged) visitor(watcher);
    });
  }
}
