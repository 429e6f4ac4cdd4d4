import type { GroupVersionResource } from '../../apimachinery/object.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Context } from '../../clock/context.ts';
import type { Rand } from '../../clock/rand.ts';
import type { RestClient } from '../rest/client.ts';
import { SharedInformer } from '../tools/cache/shared-informer.ts';
import type { Stored } from '../tools/cache/store.ts';

/**
 * One informer per resource for all parts of a process.
 *
 * Models k8s.io/client-go/informers SharedInformerFactory.
 */
export class SharedInformerFactory {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #resyncPeriod: number;
  readonly #informers = new Map<string, SharedInformer<Stored>>();
  readonly #running = new Set<SharedInformer<Stored>>();

  /** `resyncPeriod` is in milliseconds; 0 for none. */
  constructor(client: RestClient, clock: Clock, rand: Rand, resyncPeriod: number) {
    this.#client = client;
    this.#clock = clock;
    this.#rand = rand;
    this.#resyncPeriod = resyncPeriod;
  }

  /** The informer of a resource in all namespaces. `T` must be the resource's kind. */
  for<T extends Stored>(resource: GroupVersionResource): SharedInformer<T> {
    const key = `${resource.group}/${resource.version}/${resource.resource}`;
    let informer = this.#informers.get(key);
    if (informer === undefined) {
      const rand = this.#rand.fork(key);
      // What is asked for later belongs to something that is new to the process.
      const resumeFrom = this.#running.size === 0 ? this.#client.config.resumeFrom : undefined;
      informer = new SharedInformer<Stored>(
        this.#client,
        this.#clock,
        rand,
        { resource, resumeFrom },
        this.#resyncPeriod,
      );
      this.#informers.set(key, informer);
    }
    return informer as unknown as SharedInformer<T>;
  }

  /** Runs every informer that does not run yet, until `context` is cancelled; rejects as they do. */
  async run(context: Context): Promise<void> {
    const starting = [...this.#informers.values()].filter((informer) => !this.#running.has(informer));
    await Promise.all(
      starting.map((informer) => {
        this.#running.add(informer);
        return informer.run(context);
      }),
    );
  }

  /** A view for one part of the process: it waits only for the informers that it asked for. */
  scope(): InformerScope {
    return new InformerScope(this);
  }
}

/** The informers of one controller, shared with all others. */
export class InformerScope {
  readonly #factory: SharedInformerFactory;
  readonly #asked = new Set<{ synced(context: Context): Promise<void> }>();

  constructor(factory: SharedInformerFactory) {
    this.#factory = factory;
  }

  /** As {@link SharedInformerFactory.for}. */
  for<T extends Stored>(resource: GroupVersionResource): SharedInformer<T> {
    const informer = this.#factory.for<T>(resource);
    this.#asked.add(informer);
    return informer;
  }

  /** As {@link SharedInformerFactory.run}. */
  run(context: Context): Promise<void> {
    return this.#factory.run(context);
  }

  /** Resolves when every informer that was asked for has its first list, or `context` is cancelled. */
  async synced(context: Context): Promise<void> {
    for (const informer of this.#asked) await informer.synced(context);
  }
}
