import SortedBTree from 'sorted-btree';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { ValueOf } from './object-index.ts';
import { compareKeys, ObjectIndex } from './object-index.ts';
import type { Selection } from './selection.ts';

/** A CommonJS module: Node hands out its `exports` where bundlers hand out the class. */
const BTree = (SortedBTree as { readonly default?: typeof SortedBTree }).default ?? SortedBTree;

/** So few objects are looked through faster than found by a label. */
const MIN_INDEXED = 100;
/** So many labels are followed; whoever asks for others has the objects looked through. */
const MAX_LABEL_INDEXES = 8;

/** What is at a key now. */
interface Entry {
  object: KubeObject;
}

/** One change of one object. */
export interface CacheEvent {
  readonly key: string;
  readonly revision: number;
  /** Undefined for a deletion. */
  readonly object: KubeObject | undefined;
  /** The object before; undefined for a creation. */
  readonly previous: KubeObject | undefined;
}

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
  readonly #byTrigger: ObjectIndex | undefined;
  /** By the label that they are about; made when somebody asks for its values. */
  readonly #byLabel = new Map<string, ObjectIndex>();
  readonly #entries = new Map<string, Entry>();
  readonly #inOrder = new BTree<string, Entry>(undefined, compareKeys);
  #window: CacheEvent[] = [];
  #oldest = 0;
  #revision = 0;

  /** `capacity`: how many changes to remember at least. With `triggerOf` objects are found by that value, too. */
  constructor(capacity: number, triggerOf?: ValueOf) {
    this.#capacity = capacity;
    this.#byTrigger = triggerOf && new ObjectIndex(triggerOf);
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
    return this.#entries.size;
  }

  /** Starts over with what a list at `revision` showed. */
  replace(entries: readonly (readonly [key: string, object: KubeObject])[], revision: number): void {
    this.#entries.clear();
    this.#inOrder.clear();
    this.#byTrigger?.clear();
    this.#byLabel.clear();
    for (const [key, object] of entries) {
      this.#put(key, object);
      this.#byTrigger?.move(key, undefined, object);
    }
    this.#window = [];
    this.#oldest = revision;
    this.#revision = revision;
  }

  /** Takes in one change; `object` is undefined for a deletion. Says what it was. */
  apply(key: string, object: KubeObject | undefined, revision: number): CacheEvent {
    const previous = this.#put(key, object);
    this.#byTrigger?.move(key, previous, object);
    for (const index of this.#byLabel.values()) index.move(key, previous, object);
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

  /** What there was before. Only what comes or goes has its place in the order looked for. */
  #put(key: string, object: KubeObject | undefined): KubeObject | undefined {
    const entry = this.#entries.get(key);
    const previous = entry?.object;
    if (object === undefined) {
      if (this.#entries.delete(key)) this.#inOrder.delete(key);
    } else if (entry === undefined) {
      const made = { object };
      this.#entries.set(key, made);
      this.#inOrder.set(key, made);
    } else entry.object = object;
    return previous;
  }

  /** Nothing more happened up to `revision`. */
  advance(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
  }

  get(key: string): KubeObject | undefined {
    return this.#entries.get(key)?.object;
  }

  /** Calls `visit` for each object whose key begins with `prefix`, in key order, until it returns false. */
  scan(prefix: string, visit: (object: KubeObject, key: string) => boolean | void): void {
    for (const [key, { object }] of this.#inOrder.entries(prefix)) {
      if (!key.startsWith(prefix) || visit(object, key) === false) return;
    }
  }

  /**
   * Calls `visit`, as {@link scan} does, for the objects below the selection's prefix that can match it: looks up
   * those with its trigger or its label, where there is one.
   */
  visit(
    { prefix, trigger, label }: Pick<Selection, 'prefix' | 'trigger' | 'label'>,
    visit: (object: KubeObject, key: string) => boolean | void,
  ): void {
    const value = trigger ?? label?.value;
    const index =
      trigger !== undefined ? this.#byTrigger : label !== undefined ? this.#labelIndex(label.key) : undefined;
    if (index === undefined) this.scan(prefix, visit);
    else index.visit(value!, prefix, visit);
  }

  /** Undefined where there is nothing to gain. */
  #labelIndex(label: string): ObjectIndex | undefined {
    const known = this.#byLabel.get(label);
    if (known !== undefined) return known;
    if (this.size < MIN_INDEXED || this.#byLabel.size >= MAX_LABEL_INDEXES) return undefined;
    const index = new ObjectIndex(({ metadata: { labels } }) =>
      labels !== undefined && Object.hasOwn(labels, label) ? labels[label] : undefined,
    );
    for (const [key, { object }] of this.#inOrder.entries()) index.move(key, undefined, object);
    this.#byLabel.set(label, index);
    return index;
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
