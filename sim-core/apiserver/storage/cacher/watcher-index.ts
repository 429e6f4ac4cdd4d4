import type { CacheEvent } from './watch-cache.ts';
import type { Selection } from './selection.ts';

/**
 * The watchers of one resource, so that a change finds those whom it may concern: a thousand kubelets watch pods,
 * each only those of its own node.
 *
 * Models the indexedWatchers of k8s.io/apiserver/pkg/storage/cacher.
 */
export class WatcherIndex<Watcher extends { readonly selection: Selection }> {
  readonly #triggerOf: ((object: NonNullable<CacheEvent['object']>) => string) | undefined;
  readonly #all = new Set<Watcher>();
  readonly #others = new Set<Watcher>();
  readonly #byTrigger = new Map<string, Set<Watcher>>();
  readonly #byKey = new Map<string, Set<Watcher>>();

  /** `triggerOf` is the value of an object that {@link Selection.trigger} stands for. */
  constructor(triggerOf: ((object: NonNullable<CacheEvent['object']>) => string) | undefined) {
    this.#triggerOf = triggerOf;
  }

  /** In the order in which they came. */
  get all(): Iterable<Watcher> {
    return this.#all;
  }

  add(watcher: Watcher): void {
    this.#all.add(watcher);
    const { key, trigger } = watcher.selection;
    if (key !== undefined) into(this.#byKey, key, watcher);
    else if (trigger !== undefined && this.#triggerOf !== undefined) into(this.#byTrigger, trigger, watcher);
    else this.#others.add(watcher);
  }

  delete(watcher: Watcher): void {
    this.#all.delete(watcher);
    this.#others.delete(watcher);
    const { key, trigger } = watcher.selection;
    if (key !== undefined) outOf(this.#byKey, key, watcher);
    if (trigger !== undefined) outOf(this.#byTrigger, trigger, watcher);
  }

  clear(): void {
    this.#all.clear();
    this.#others.clear();
    this.#byKey.clear();
    this.#byTrigger.clear();
  }

  /** Visits those who may select the object as it is or as it was; nobody else does. */
  visit({ key, object, previous }: CacheEvent, visit: (watcher: Watcher) => void): void {
    for (const watcher of this.#others) visit(watcher);
    if (this.#byKey.size > 0) this.#byKey.get(key)?.forEach(visit);
    if (this.#triggerOf === undefined) return;
    const now = object && this.#triggerOf(object);
    const before = previous && this.#triggerOf(previous);
    if (now !== undefined) this.#byTrigger.get(now)?.forEach(visit);
    if (before !== undefined && before !== now) this.#byTrigger.get(before)?.forEach(visit);
  }
}

function into<T>(sets: Map<string, Set<T>>, key: string, item: T): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([item]));
  else set.add(item);
}

function outOf<T>(sets: Map<string, Set<T>>, key: string, item: T): void {
  const set = sets.get(key);
  if (set?.delete(item) === true && set.size === 0) sets.delete(key);
}
