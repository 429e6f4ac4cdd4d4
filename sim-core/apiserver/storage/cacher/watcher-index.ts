import type { ValueOf } from './object-index.ts';
import type { Selection } from './selection.ts';
import type { CacheEvent } from './watch-cache.ts';

/**
 * The watchers of one resource, so that a change finds those whom it may concern: a thousand kubelets watch pods,
 * each only those of its own node.
 *
 * Models the indexedWatchers of k8s.io/apiserver/pkg/storage/cacher.
 */
export class WatcherIndex<Watcher extends { readonly selection: Selection }> {
  readonly #triggerOf: ValueOf | undefined;
  readonly #all = new Set<Watcher>();
  readonly #others = new Set<Watcher>();
  readonly #byTrigger = new Map<string, Set<Watcher>>();
  readonly #byKey = new Map<string, Set<Watcher>>();
  /** By the label, and its value. */
  readonly #byLabel = new Map<string, Map<string, Set<Watcher>>>();

  /** `triggerOf` is the value of an object that {@link Selection.trigger} stands for. */
  constructor(triggerOf: ValueOf | undefined) {
    this.#triggerOf = triggerOf;
  }

  /** In the order in which they came. */
  get all(): Iterable<Watcher> {
    return this.#all;
  }

  add(watcher: Watcher): void {
    this.#all.add(watcher);
    const { key, trigger, label } = watcher.selection;
    if (key !== undefined) into(this.#byKey, key, watcher);
    else if (trigger !== undefined && this.#triggerOf !== undefined) into(this.#byTrigger, trigger, watcher);
    else if (label !== undefined) {
      let values = this.#byLabel.get(label.key);
      if (values === undefined) this.#byLabel.set(label.key, (values = new Map()));
      into(values, label.value, watcher);
    } else this.#others.add(watcher);
  }

  delete(watcher: Watcher): void {
    this.#all.delete(watcher);
    this.#others.delete(watcher);
    const { key, trigger, label } = watcher.selection;
    if (key !== undefined) outOf(this.#byKey, key, watcher);
    if (trigger !== undefined) outOf(this.#byTrigger, trigger, watcher);
    if (label === undefined) return;
    const values = this.#byLabel.get(label.key);
    if (values === undefined) return;
    outOf(values, label.value, watcher);
    if (values.size === 0) this.#byLabel.delete(label.key);
  }

  clear(): void {
    this.#all.clear();
    this.#others.clear();
    this.#byKey.clear();
    this.#byTrigger.clear();
    this.#byLabel.clear();
  }

  /** Visits those who may select the object as it is or as it was; nobody else does. */
  visit({ key, object, previous }: CacheEvent, visit: (watcher: Watcher) => void): void {
    for (const watcher of this.#others) visit(watcher);
    if (this.#byKey.size > 0) this.#byKey.get(key)?.forEach(visit);
    const visitBoth = (watchers: Map<string, Set<Watcher>>, valueOf: ValueOf) => {
      const now = object && valueOf(object);
      const before = previous && valueOf(previous);
      if (now !== undefined) watchers.get(now)?.forEach(visit);
      if (before !== undefined && before !== now) watchers.get(before)?.forEach(visit);
    };
    for (const [label, watchers] of this.#byLabel) {
      visitBoth(watchers, ({ metadata }) => metadata.labels?.[label]);
    }
    if (this.#triggerOf !== undefined) visitBoth(this.#byTrigger, this.#triggerOf);
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
