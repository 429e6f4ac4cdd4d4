import { readClusterEvent } from './cluster-event.ts';
import type { ClusterEvent, EtcdChange } from './protocol.ts';
import type { Context, EtcdClient } from './simulator.ts';

const EVENT_KEYS = '/registry/events/';
/** Every key there is. */
const EVERYTHING = { key: '\0', rangeEnd: '\0' };

/** What was written to etcd since the lab began, deletions too, as a watch over all keys tells it. */
export class EtcdHistory {
  readonly changes: EtcdChange[] = [];
  /** The revision at which the lab began. */
  readonly first: number;
  #revision: number;
  #events: ClusterEvent[] = [];

  private constructor(revision: number) {
    this.first = revision;
    this.#revision = revision;
  }

  /** Follows `etcd` until `context` is cancelled; `elapsed` is simulated time since the lab's start. */
  static async follow(
    etcd: EtcdClient,
    context: Context,
    { now, elapsed }: { readonly now: () => number; readonly elapsed: () => number },
  ): Promise<EtcdHistory> {
    const { header } = await etcd.get({ key: '/' }, { countOnly: true });
    const history = new EtcdHistory(header.revision);
    const watch = etcd.watch({ ...EVERYTHING, startRevision: header.revision + 1, context });
    void history.#read(watch, now, elapsed);
    return history;
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

  async #read(watch: ReturnType<EtcdClient['watch']>, now: () => number, elapsed: () => number) {
    try {
      for await (const { events } of watch) {
        for (const { type, kv } of events) {
          const { key, value, createRevision, modRevision, version, lease } = kv;
          this.#revision = modRevision;
          this.changes.push({ type, key, createRevision, modRevision, version, lease, time: elapsed() });
          if (type === 'put' && key.startsWith(EVENT_KEYS)) this.#events.push(readClusterEvent(value, now()));
        }
      }
    } catch {
      // An etcd whose data directory was replaced has another past: what was seen stays, nothing follows.
    }
  }
}
