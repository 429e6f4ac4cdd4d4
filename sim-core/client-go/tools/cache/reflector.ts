import { ConnectionError } from '../../../apimachinery/http.ts';
import type { GroupVersionResource, KubeList } from '../../../apimachinery/object.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { Context } from '../../../clock/context.ts';
import type { Rand } from '../../../clock/rand.ts';
import type { RestClient } from '../../rest/client.ts';
import { Backoff } from '../../util/backoff.ts';
import type { Stored } from './store.ts';

/** Which objects to follow. */
export interface ListWatch {
  readonly resource: GroupVersionResource;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Begin with the objects as they were at this revision; see RestConfig.resumeFrom. */
  readonly resumeFrom?: string | undefined;
}

/** Takes what a reflector learns. */
export interface ReflectorStore<T> {
  /** A fresh list: what is not in it is gone. */
  replace(objects: readonly T[]): void;
  set(object: T): void;
  delete(object: T): void;
}

/** First retry after 0.8 to 1.6 s, at most 30 to 60 s; starts again after 2 calm minutes. */
const BACKOFF = { initial: 800, max: 30_000, reset: 120_000, factor: 2, jitter: 1 };
/** A watch that ends sooner without a single event counts as failed. */
const SHORT_WATCH = 1000;

/**
 * Keeps a store equal to a collection of the apiserver: one list, then a watch from its revision;
 * lists again when the server says that the revision is too old.
 *
 * Models k8s.io/client-go/tools/cache Reflector.
 */
export class Reflector<T extends Stored> {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #what: ListWatch;
  readonly #store: ReflectorStore<T>;
  readonly #backoff: Backoff;
  /** The last revision seen: "0" (whatever the cache has) at first, "" (the newest) if it was too old. */
  #resourceVersion: string;
  /** The first list of a process that goes on is of the very revision at which it was saved. */
  #isResuming: boolean;

  constructor(client: RestClient, clock: Clock, rand: Rand, what: ListWatch, store: ReflectorStore<T>) {
    this.#client = client;
    this.#clock = clock;
    this.#what = what;
    this.#store = store;
    this.#resourceVersion = what.resumeFrom ?? '0';
    this.#isResuming = what.resumeFrom !== undefined;
    this.#backoff = new Backoff(clock, rand, BACKOFF);
  }

  /** Runs until `context` is cancelled. Rejects only for a fault in a handler. */
  async run(context: Context): Promise<void> {
    while (!context.cancelled) {
      try {
        await this.#listAndWatch(context);
      } catch (error) {
        // Of a revision that is too old to watch from a list can still be had: it need not be newer.
        if (!isServerTrouble(error)) throw error;
      }
      if (!context.cancelled) await this.#backoff.wait(context);
    }
  }

  async #listAndWatch(context: Context): Promise<void> {
    const list = await this.#list().catch((error: unknown) => {
      if (!isExpired(error)) throw error;
      // Whatever is the newest now; at once, since the server has said all there is to say of the other.
      this.#resourceVersion = '';
      this.#isResuming = false;
      return this.#list();
    });
    this.#isResuming = false;
    if (context.cancelled) return;
    this.#resourceVersion = list.metadata.resourceVersion ?? '';
    this.#store.replace(list.items);
    while (!context.cancelled) {
      try {
        if (!(await this.#watch(context))) return;
      } catch (error) {
        if (!mayWatchAgain(error)) throw error;
        await this.#backoff.wait(context);
      }
    }
  }

  #list(): Promise<KubeList<T>> {
    const { resource, resumeFrom: _, ...selection } = this.#what;
    return this.#client.list<T>(resource, {
      ...selection,
      resourceVersion: this.#resourceVersion,
      ...(this.#isResuming && { resourceVersionMatch: 'Exact' }),
    });
  }

  /** False if the watch ended so soon that it must have failed. */
  async #watch(context: Context): Promise<boolean> {
    const { resource, resumeFrom: _, ...selection } = this.#what;
    const started = this.#clock.now();
    const watch = await this.#client.watch<T>(resource, {
      ...selection,
      resourceVersion: this.#resourceVersion,
      allowWatchBookmarks: true,
      context,
    });
    let events = 0;
    for await (const { type, object } of watch) {
      events++;
      this.#resourceVersion = object.metadata?.resourceVersion ?? this.#resourceVersion;
      if (type === 'ADDED' || type === 'MODIFIED') this.#store.set(object);
      else if (type === 'DELETED') this.#store.delete(object);
    }
    return events > 0 || this.#clock.now() - started >= SHORT_WATCH;
  }
}

/** Nobody answers, or too many ask: the revision is still good, so watch from it again. */
function mayWatchAgain(error: unknown): boolean {
  return (
    (error instanceof ConnectionError && error.reason === 'refused') ||
    (error instanceof StatusError && error.reason === 'TooManyRequests')
  );
}

function isServerTrouble(error: unknown): boolean {
  return error instanceof StatusError || error instanceof ConnectionError;
}

/** The revision is no longer known, or not yet: etcd may have been restored from a backup. */
function isExpired(error: unknown): boolean {
  return (
    error instanceof StatusError &&
    (error.reason === 'Expired' ||
      error.reason === 'Gone' ||
      (error.reason === 'Timeout' && error.message.includes('Too large resource version')))
  );
}
