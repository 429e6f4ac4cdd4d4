import { readClusterEvent } from './cluster-event.ts';
import type { ClusterEvent, EtcdChange } from './protocol.ts';
import type { Cluster, Context, EtcdClient } from './simulator.ts';

const EVENT_KEYS = '/registry/events/';
/** Every key there is. */
const EVERYTHING = { key: '\0', rangeEnd: '\0' };

/** What the history is told beside etcd's changes. */
interface Surroundings {
  readonly now: () => number;
  /** Simulated time since the lab's start. */
  readonly elapsed: () => number;
}

/**
 * What was written to etcd since the lab began, deletions too, as a watch over all keys tells it. Where etcd goes on
 * from a backup, that is another past, which begins then: its revisions have nothing to do with those before.
 */
export class EtcdHistory {
  readonly #etcd: EtcdClient;
  readonly #context: Context;
  readonly #surroundings: Surroundings;
  #changes: EtcdChange[] = [];
  #first = 0;
  #revision = 0;
  #past = -1;
  #following: Context | undefined;
  #events: ClusterEvent[] = [];

  private constructor(etcd: EtcdClient, context: Context, surroundings: Surroundings) {
    this.#etcd = etcd;
    this.#context = context;
    this.#surroundings = surroundings;
  }

  /** Follows the etcd of a cluster until `context` is cancelled. */
  static async follow(
    cluster: Pick<Cluster, 'etcd' | 'onTrace'>,
    context: Context,
    surroundings: Surroundings,
  ): Promise<EtcdHistory> {
    const history = new EtcdHistory(cluster.etcd, context, surroundings);
    await history.#begin();
    // A watch from a revision that has not come (again) is not told that it may wait for long.
    const stop = cluster.onTrace((event) => {
      if (event.type === 'component' && event.component === 'etcd' && event.state === 'started')
        history.#beginIf((revision) => revision < history.revision).catch(nobodyThere);
    });
    context.onCancel(stop);
    return history;
  }

  /** Of this past. */
  get changes(): readonly EtcdChange[] {
    return this.#changes;
  }

  /** The revision at which this past began: with the lab, or when etcd was restored. */
  get first(): number {
    return this.#first;
  }

  /** How often etcd was restored. */
  get past(): number {
    return this.#past;
  }

  /** The newest revision. */
  get revision(): number {
    return this.#revision;
  }

  /** Event objects that were written since this was last asked. */
  takeEvents(): readonly ClusterEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #begin(): Promise<void> {
    return this.#beginIf(() => true);
  }

  /** Begins another past at the revision of now, if that says so. */
  async #beginIf(isAnother: (revision: number) => boolean): Promise<void> {
    const { header } = await this.#etcd.get({ key: '/' }, { countOnly: true });
    const { revision } = header;
    if (this.#context.cancelled || !isAnother(revision)) return;
    this.#following?.cancel();
    const context = this.#context.child();
    this.#following = context;
    this.#changes = [];
    this.#first = revision;
    this.#revision = revision;
    this.#past++;
    void this.#read(this.#etcd.watch({ ...EVERYTHING, startRevision: revision + 1, context }), context);
  }

  async #read(watch: ReturnType<EtcdClient['watch']>, context: Context): Promise<void> {
    const { now, elapsed } = this.#surroundings;
    try {
      for await (const { events } of watch) {
        for (const { type, kv } of events) {
          const { key, value, createRevision, modRevision, version, lease } = kv;
          this.#revision = modRevision;
          this.#changes.push({ type, key, createRevision, modRevision, version, lease, time: elapsed() });
          if (type === 'put' && key.startsWith(EVENT_KEYS)) this.#events.push(readClusterEvent(value, now()));
        }
      }
    } catch {
      // It is compacted what was to come next: etcd was restored with its revisions moved on.
      if (!context.cancelled) await this.#begin().catch(nobodyThere);
    }
  }
}

/** It serves at an address that nobody asks, or is gone again: the next one that starts is asked anew. */
function nobodyThere(): void {}
