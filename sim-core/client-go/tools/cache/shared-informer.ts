import type { Clock } from '../../../clock/clock.ts';
import type { Context } from '../../../clock/context.ts';
import type { Rand } from '../../../clock/rand.ts';
import type { RestClient } from '../../rest/client.ts';
import { type ListWatch, Reflector } from './reflector.ts';
import { type IndexFunction, Indexer, keyOf, type Lister, type Stored } from './store.ts';

/** Told of every change of a store, after it. Objects are shared: never change them. */
export interface ResourceEventHandler<T> {
  onAdd?(object: T): void;
  onUpdate?(old: T, object: T): void;
  /** `object` is the last state that was seen. */
  onDelete?(object: T): void;
}

/**
 * One list and watch for all who want to follow a collection: a store to read from and handlers
 * that are called in the order in which they were added.
 *
 *     const pods = new SharedInformer<Pod>(client, clock, rand, { resource: RESOURCES.pods });
 *     pods.addHandler({ onAdd: (pod) => queue.add(keyOf(pod)) });
 *     void pods.run(context);
 *     await pods.synced();
 *     pods.lister.get('default', 'web');
 *
 * Models k8s.io/client-go/tools/cache SharedIndexInformer.
 */
export class SharedInformer<T extends Stored> {
  readonly #clock: Clock;
  readonly #resyncPeriod: number;
  readonly #indexer = new Indexer<T>();
  readonly #handlers: ResourceEventHandler<T>[] = [];
  readonly #reflector: Reflector<T>;
  readonly #waiting: (() => void)[] = [];
  #hasSynced = false;

  /** `resyncPeriod` is in milliseconds; 0: handlers hear of changes only. */
  constructor(client: RestClient, clock: Clock, rand: Rand, what: ListWatch, resyncPeriod = 0) {
    this.#clock = clock;
    this.#resyncPeriod = resyncPeriod;
    this.#reflector = new Reflector<T>(client, clock, rand, what, {
      replace: (objects) => this.#replace(objects),
      set: (object) => this.#set(object),
      delete: (object) => this.#delete(keyOf(object), object),
    });
  }

  get lister(): Lister<T> {
    return this.#indexer;
  }

  /** True once the first list is in the store. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** Resolves when the first list is in the store, or when `context` is cancelled. */
  synced(context: Context): Promise<void> {
    if (this.#hasSynced) return Promise.resolve();
    return new Promise((resolve) => {
      const detach = context.onCancel(() => resolve());
      this.#waiting.push(() => {
        detach();
        resolve();
      });
    });
  }

  addIndex(name: string, valuesOf: IndexFunction<T>): void {
    this.#indexer.addIndex(name, valuesOf);
  }

  /** Adds a handler; it is told of what is in the store already. */
  addHandler(handler: ResourceEventHandler<T>): void {
    this.#handlers.push(handler);
    for (const object of this.#indexer.list()) handler.onAdd?.(object);
  }

  /** Follows the collection until `context` is cancelled. */
  async run(context: Context): Promise<void> {
    await Promise.all([this.#reflector.run(context), this.#resync(context)]);
  }

  /** Tells the handlers of everything again from time to time, in case they missed something. */
  async #resync(context: Context): Promise<void> {
    if (this.#resyncPeriod === 0) return;
    for (;;) {
      await this.#clock.sleep(this.#resyncPeriod, { periodic: true, context });
      if (context.cancelled) return;
      for (const object of this.#indexer.list()) {
        for (const handler of this.#handlers) handler.onUpdate?.(object, object);
      }
    }
  }

  #replace(objects: readonly T[]): void {
    const keys = new Set(objects.map(keyOf));
    for (const key of this.#indexer.keys()) if (!keys.has(key)) this.#delete(key);
    for (const object of objects) this.#set(object);
    if (this.#hasSynced) return;
    this.#hasSynced = true;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #set(object: T): void {
    const key = keyOf(object);
    const known = this.#indexer.getByKey(key);
    if (known !== undefined && known.metadata?.resourceVersion === object.metadata?.resourceVersion) return;
    this.#indexer.replace(key, known, object);
    if (known === undefined) for (const handler of this.#handlers) handler.onAdd?.(object);
    else for (const handler of this.#handlers) handler.onUpdate?.(known, object);
  }

  #delete(key: string, last?: T): void {
    const known = this.#indexer.delete(key);
    if (known === undefined) return;
    for (const handler of this.#handlers) handler.onDelete?.(last ?? known);
  }
}
