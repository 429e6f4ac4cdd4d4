import type { KubeObject } from '../../../apimachinery/object.ts';
import { expiredError } from '../../../apimachinery/status.ts';
import type { Clock, Timer } from '../../../clock/clock.ts';
import type { Context } from '../../../clock/context.ts';
import type { Etcd3Store } from '../etcd3/store.ts';
import { tooLargeResourceVersionError } from '../errors.ts';
import type { WatchSink } from './cache-watcher.ts';
import { ChangeRecords } from './cache-watcher.ts';
import type { Selection } from './selection.ts';
import { selects } from './selection.ts';
import type { ValueOf } from './object-index.ts';
import { WatchCache } from './watch-cache.ts';
import { WatcherIndex } from './watcher-index.ts';

/** How many changes are remembered for watches that start in the past. */
const WINDOW = 4096;
/** How long a reader waits for a revision that has not come yet, in milliseconds. */
const FRESHNESS_TIMEOUT = 3_000;
/** How often etcd is asked how far the watch is, while somebody waits for it. Models progressRequestPeriod. */
const PROGRESS_REQUEST_PERIOD = 100;
const RETRY_INTERVAL = 1_000;
const NOTHING: readonly KubeObject[] = [];
// Asked of several resources on every write.
const YES = Promise.resolve(true);
const NO = Promise.resolve(false);

export interface CachedList {
  readonly objects: readonly KubeObject[];
  readonly revision: number;
  /** Set if the limit cut the list: the last key in it, and how many objects follow it. */
  readonly cut?: { readonly lastKey: string; readonly remaining: number };
}

export interface CacheWatchOptions {
  /**
   * Where to begin: after this revision; 0: with the objects as they are, however old;
   * undefined: with the objects as etcd has them now.
   */
  readonly revision: number | undefined;
  /** Begin with the objects at `revision` or later, then a bookmark that says so. */
  readonly sendInitialEvents: boolean;
  readonly bookmarks: boolean;
}

interface Watcher {
  readonly selection: Selection;
  readonly sink: WatchSink;
  readonly bookmarks: boolean;
  /** Changes up to this revision are none of its business. */
  readonly after: number;
}

/**
 * The watch cache of one resource: one list and one watch of etcd serve all lists and watches of clients.
 *
 * Models k8s.io/apiserver/pkg/storage/cacher/cacher.go.
 */
export class Cacher {
  readonly #clock: Clock;
  readonly #storage: Etcd3Store;
  readonly #context: Context;
  readonly #cache: WatchCache;
  readonly #watchers: WatcherIndex<Watcher>;
  #waiting: { readonly revision: number; readonly resolve: () => void }[] = [];
  #ready: Promise<void>;
  #isReady = false;
  #markReady = () => {};

  /**
   * Runs until `context` is cancelled, which ends all watches. `triggerOf` gives the value of an object that
   * {@link Selection.trigger} names.
   */
  constructor(clock: Clock, storage: Etcd3Store, context: Context, triggerOf?: ValueOf) {
    this.#cache = new WatchCache(WINDOW, triggerOf);
    this.#watchers = new WatcherIndex(triggerOf);
    this.#clock = clock;
    this.#storage = storage;
    this.#context = context.child();
    this.#ready = this.#newReady();
    this.#context.onCancel(() => this.#endWatchers());
    void this.#run();
  }

  /** Resolves when the first list is in. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  /** True while the cache follows etcd. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** How far the cache has come. */
  get revision(): number {
    return this.#cache.revision;
  }

  /** How far the cache has come, or must come before it knows this server's own writes. */
  get ownRevision(): number {
    return Math.max(this.#cache.revision, this.#storage.lastWritten);
  }

  /** How many objects there are. */
  get size(): number {
    return this.#cache.size;
  }

  /** The object at `key`, at least as new as this server's own writes. */
  async get(key: string): Promise<KubeObject | undefined> {
    if (!this.#knowsOwnWrites) await this.#ownWrites();
    return this.#cache.get(key);
  }

  /** All selected objects, at least as new as this server's own writes. */
  async list(selection: Selection): Promise<readonly KubeObject[]> {
    if (!this.#knowsOwnWrites) await this.#ownWrites();
    return this.#cache.size === 0 ? NOTHING : this.#select(selection, 0).objects;
  }

  /** True if there is any object; as new as {@link list}. */
  hasAny(): Promise<boolean> {
    if (this.#knowsOwnWrites) return this.#cache.size > 0 ? YES : NO;
    return this.#ownWrites().then(() => this.#cache.size > 0);
  }

  /**
   * All selected objects, as new as `revision` (0: as they are; undefined: as etcd has them now).
   * Rejects with 504 if the revision does not come in time.
   */
  async listAt(selection: Selection, revision: number | undefined, limit: number): Promise<CachedList> {
    await this.#ready;
    if (revision === undefined) await this.#consistent();
    else await this.#pursue(revision);
    return this.#select(selection, limit);
  }

  /** The object at `key` at `revision` or later. */
  async getAt(key: string, revision: number): Promise<KubeObject | undefined> {
    await this.#ready;
    await this.#pursue(revision);
    return this.#cache.get(key);
  }

  /**
   * Tells `sink` every change of the selected objects, in order, until the returned function is called.
   * Rejects with 410 where changes since `revision` are no longer known.
   */
  async watch(selection: Selection, options: CacheWatchOptions, sink: WatchSink): Promise<() => void> {
    await this.#ready;
    const { revision } = options;
    if (revision === undefined) await this.#consistent();
    else if (options.sendInitialEvents) await this.#pursue(revision);
    if (revision !== undefined && revision > 0 && !options.sendInitialEvents) {
      if (revision < this.#cache.oldest) {
        throw expiredError(`too old resource version: ${revision} (${this.#cache.oldest})`);
      }
      for (const change of this.#cache.since(revision)) {
        const record = new ChangeRecords(change).for(selection);
        if (record !== undefined) sink.record(record);
      }
    } else {
      this.#visit(selection, (object, key) => {
        sink.record({ type: 'ADDED', key, revision: Number(object.metadata.resourceVersion), object });
      });
      if (options.sendInitialEvents && options.bookmarks) sink.bookmark(this.#cache.revision, true);
    }
    const watcher: Watcher = { selection, sink, bookmarks: options.bookmarks, after: revision ?? 0 };
    this.#watchers.add(watcher);
    if (this.#context.cancelled) this.#endWatchers();
    return () => this.#watchers.delete(watcher);
  }

  /** Lists, then watches; starts over when etcd ends the watch. Models client-go Reflector. */
  async #run(): Promise<void> {
    while (!this.#context.cancelled) {
      try {
        const { objects, revision } = await this.#storage.list(this.#storage.prefix, {
          matches: () => true,
          matchesAll: true,
        });
        if (this.#context.cancelled) return;
        this.#cache.replace(
          objects.map((object) => [this.keyOf(object), object] as const),
          revision,
        );
        this.#becomeReady();
        await this.#storage.watch(revision, this.#context, ({ revision: upTo, events }) => {
          for (const event of events) {
            const object = event.type === 'put' ? event.object : undefined;
            this.#dispatch(event.key, object, event.revision);
          }
          this.#advance(upTo);
        });
      } catch {
        // etcd is away or has compacted: the next list says.
      }
      if (this.#context.cancelled) return;
      // Whoever watches anew waits for the next list.
      this.#isReady = false;
      this.#ready = this.#newReady();
      this.#endWatchers();
      await this.#clock.sleep(RETRY_INTERVAL, { periodic: true, context: this.#context });
    }
  }

  /** The key of an object of this resource. */
  keyOf({ metadata: { namespace, name } }: KubeObject): string {
    const { prefix } = this.#storage;
    return namespace === undefined ? prefix + name! : `${prefix}${namespace}/${name!}`;
  }

  #dispatch(key: string, object: KubeObject | undefined, revision: number): void {
    const change = this.#cache.apply(key, object, revision);
    const records = new ChangeRecords(change);
    this.#watchers.visit(change, ({ selection, sink, after }) => {
      const record = revision > after ? records.for(selection) : undefined;
      if (record !== undefined) sink.record(record);
    });
  }

  #visit(selection: Selection, visit: (object: KubeObject, key: string) => boolean | void): void {
    if (selection.key !== undefined) {
      const object = this.#cache.get(selection.key);
      if (object !== undefined && selects(selection, selection.key, object)) visit(object, selection.key);
      return;
    }
    const { matches } = selection;
    this.#cache.visit(selection, (object, key) =>
      matches === undefined || matches(object) ? visit(object, key) : true,
    );
  }

  #select(selection: Selection, limit: number): CachedList {
    const objects: KubeObject[] = [];
    let lastKey = '';
    let remaining = 0;
    this.#visit(selection, (object, key) => {
      if (limit > 0 && objects.length >= limit) {
        remaining++;
        return;
      }
      objects.push(object);
      lastKey = key;
    });
    const { revision } = this.#cache;
    return { objects, revision, ...(remaining > 0 && { cut: { lastKey, remaining } }) };
  }

  get #knowsOwnWrites(): boolean {
    return this.#isReady && this.#cache.revision >= this.#storage.lastWritten;
  }

  async #ownWrites(): Promise<void> {
    if (!this.#isReady) await this.#ready;
    if (this.#cache.revision < this.#storage.lastWritten) await this.#until(this.#storage.lastWritten);
  }

  /** Resolves when the cache knows everything that etcd knew at the call. */
  async #consistent(): Promise<void> {
    await this.#pursue(await this.#storage.currentRevision());
  }

  /** {@link #until}, and asks etcd meanwhile how far its watch is: it may have nothing to tell. */
  async #pursue(revision: number): Promise<void> {
    if (this.#cache.revision >= revision) return;
    let timer: Timer | undefined;
    const ask = () => {
      void this.#requestProgress();
      timer = this.#clock.schedule(PROGRESS_REQUEST_PERIOD, ask, { periodic: true });
    };
    const reached = this.#until(revision);
    ask();
    try {
      await reached;
    } finally {
      timer?.cancel();
    }
  }

  /** Models k8s.io/apiserver/pkg/storage/cacher/progress/watch_progress.go. */
  async #requestProgress(): Promise<void> {
    const { revision, size } = this.#cache;
    try {
      if (await this.#storage.requestProgress()) return;
      const unchanged = await this.#storage.unchangedSince(revision, size);
      if (unchanged !== undefined && this.#cache.revision === revision) this.#advance(unchanged);
    } catch {
      // etcd is away: those who wait ask again, or run out of time.
    }
  }

  #advance(revision: number): void {
    this.#cache.advance(revision);
    this.#release();
  }

  /** Resolves when the cache has reached `revision`; rejects with 504 when that takes too long. */
  async #until(revision: number): Promise<void> {
    if (this.#cache.revision >= revision) return;
    await new Promise<void>((resolve, reject) => {
      const timer = this.#clock.schedule(FRESHNESS_TIMEOUT, () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(tooLargeResourceVersionError(revision, this.#cache.revision));
      });
      const waiter = {
        revision,
        resolve: () => {
          timer.cancel();
          resolve();
        },
      };
      this.#waiting.push(waiter);
    });
  }

  #release(): void {
    if (this.#waiting.length === 0) return;
    const { revision } = this.#cache;
    const released = this.#waiting.filter((waiter) => waiter.revision <= revision);
    this.#waiting = this.#waiting.filter((waiter) => waiter.revision > revision);
    for (const waiter of released) waiter.resolve();
  }

  #newReady(): Promise<void> {
    return new Promise((resolve) => (this.#markReady = resolve));
  }

  #becomeReady(): void {
    this.#isReady = true;
    this.#markReady();
    this.#release();
  }

  #endWatchers(): void {
    const watchers = [...this.#watchers.all];
    this.#watchers.clear();
    for (const { sink } of watchers) sink.end();
  }

  /** Tells those watchers who asked for it how far the cache has come. */
  sendBookmarks(): void {
    for (const { sink, bookmarks } of this.#watchers.all) {
      if (bookmarks) sink.bookmark(this.#cache.revision, false);
    }
  }
}
