import SortedBTree from 'sorted-btree';
import type { KubeObject } from '../../../apimachinery/object.ts';

/** A CommonJS module: Node hands out its `exports` where bundlers hand out the class. */
const BTree = (SortedBTree as { readonly default?: typeof SortedBTree }).default ?? SortedBTree;

/** One change of one object. */
export interface CacheEvent {
  readonly key: string;
  readonly revision: number;
  /** Undefined for a deletion. */
  readonly object: KubeObject | undefined;
  /** The object before; undefined for a creation. */
  readonly previous: KubeObject | undefined;
}

/** The value of an object's field by which lists and watches of the resource are often narrowed down. */
export type TriggerOf = (object: KubeObject) => string;

/**
 * All objects of one resource in key order, with the changes of the recent past.
 *
 * For example, after a list at revision 5 with keys a, b; a changed at 6, c made at 9:
 *
 *     objects {a@6 b c@9}   window [a@6 c@9]   oldest 5   revision 9
 *
 * A watch may start at any revision from `oldest` on.
 *
 * Models k8s.io/apiserver/pkg/storage/cacher/watch_cache.go.
 */
export class WatchCache {
  readonly #capacity: number;
  readonly #triggerOf: TriggerOf | undefined;
  /** Keys of the objects, by the value of their trigger. */
  readonly #byTrigger = new Map<string, Set<string>>();
  readonly #objects = new BTree<string, KubeObject>(undefined, compareKeys);
  #window: CacheEvent[] = [];
  #oldest = 0;
  #revision = 0;

  /** `capacity`: how many changes to remember at least. With `triggerOf` objects are found by that value, too. */
  constructor(capacity: number, triggerOf?: TriggerOf) {
    this.#capacity = capacity;
    this.#triggerOf = triggerOf;
  }

  /** Up to which revision of etcd this knows everything. */
  get revision(): number {
    return this.#revision;
  }

  /** The revision after which every change is remembered. */
  get oldest(): number {
    return this.#oldest;
  }

  get size(): number {
    return this.#objects.size;
  }

  /** Starts over with what a list at `revision` showed. */
  replace(entries: readonly (readonly [key: string, object: KubeObject])[], revision: number): void {
    this.#objects.clear();
    this.#byTrigger.clear();
    for (const [key, object] of entries) {
      this.#objects.set(key, object);
      this.#move(key, undefined, object);
    }
    this.#window = [];
    this.#oldest = revision;
    this.#revision = revision;
  }

  /** Takes in one change; `object` is undefined for a deletion. Says what it was. */
  apply(key: string, object: KubeObject | undefined, revision: number): CacheEvent {
    const previous = this.#objects.get(key);
    if (object === undefined) this.#objects.delete(key);
    else this.#objects.set(key, object);
    this.#move(key, previous, object);
    const event: CacheEvent = { key, revision, object, previous };
    this.#window.push(event);
    if (this.#window.length >= 2 * this.#capacity) {
      const dropped = this.#window.splice(0, this.#window.length - this.#capacity);
      this.#oldest = dropped.at(-1)!.revision;
    }
    // After an advance a change may come that it already counted in.
    this.#revision = Math.max(this.#revision, revision);
    return event;
  }

  /** Nothing more happened up to `revision`. */
  advance(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
  }

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  /** Calls `visit` for each object whose key begins with `prefix`, in key order, until it returns false. */
  scan(prefix: string, visit: (object: KubeObject, key: string) => boolean | void): void {
    for (const [key, object] of this.#objects.entries(prefix)) {
      if (!key.startsWith(prefix) || visit(object, key) === false) return;
    }
  }

  /** The same for the objects whose trigger has this value. */
  scanTriggered(
    trigger: string,
    prefix: string,
    visit: (object: KubeObject, key: string) => boolean | void,
  ): void {
    const keys = [...(this.#byTrigger.get(trigger) ?? [])].filter((key) => key.startsWith(prefix));
    for (const key of keys.sort(compareKeys)) if (visit(this.#objects.get(key)!, key) === false) return;
  }

  /** Keeps the triggers of a changed object. */
  #move(key: string, previous: KubeObject | undefined, object: KubeObject | undefined): void {
    if (this.#triggerOf === undefined) return;
    const before = previous && this.#triggerOf(previous);
    const now = object && this.#triggerOf(object);
    if (before === now) return;
    if (before !== undefined) {
      const keys = this.#byTrigger.get(before);
      if (keys?.delete(key) === true && keys.size === 0) this.#byTrigger.delete(before);
    }
    if (now === undefined) return;
    const keys = this.#byTrigger.get(now);
    if (keys === undefined) this.#byTrigger.set(now, new Set([key]));
    else keys.add(key);
  }

  /** The changes after `revision`, which is `oldest` or later. */
  since(revision: number): readonly CacheEvent[] {
    let low = 0;
    let high = this.#window.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#window[middle]!.revision <= revision) low = middle + 1;
      else high = middle;
    }
    return this.#window.slice(low);
  }
}

function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
