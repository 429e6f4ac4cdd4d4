import { rpcError } from '../api/rpctypes.ts';
import type { WatchEvent } from '../clientv3/client.ts';
import { KVStore } from './kvstore.ts';
import { isTombstone } from './revision.ts';
import type { Modification } from './revision.ts';
import { WatcherGroup } from './watcher-group.ts';
import { Watcher } from './watcher.ts';
import type { WatcherConfig, WatchSink } from './watcher.ts';

/** How many revisions a watcher that catches up gets in one response at most. */
const WATCH_BATCH_MAX_REVISIONS = 1000;

/** How many changes are looked through one by one for those that a watcher missed. */
const SHORT_LOG = 256;

/**
 * A store that tells watchers of its changes. A watcher is either synced, and then hears of each
 * transaction as it commits, or unsynced: it is behind and reads the log to catch up, at once when
 * it begins in the past and again whenever its sink has room after having been full.
 *
 * Models server/storage/mvcc/watchable_store.go, where a loop catches up every 100 ms and batches
 * that found no room wait as victims; ours are computed anew from the log.
 */
export class WatchableStore extends KVStore {
  readonly #synced = new WatcherGroup();
  readonly #unsynced = new WatcherGroup();

  /**
   * Starts a watch. From a past revision on, what has happened since is sent at once.
   * A watch that begins before the last compaction is cancelled with "compacted".
   */
  watch(sink: WatchSink, config: WatcherConfig): Watcher {
    const watcher = new Watcher(sink, config);
    if (config.startRevision === 0 || config.startRevision > this.revision) {
      watcher.nextRevision = Math.max(this.revision + 1, config.startRevision);
      this.#synced.add(watcher);
    } else {
      this.#unsynced.add(watcher);
      this.#sync(watcher);
    }
    return watcher;
  }

  /** Ends a watch from the client's side: its sink hears nothing more. */
  cancel(watcher: Watcher): void {
    if (!this.#synced.delete(watcher)) this.#unsynced.delete(watcher);
  }

  /** Tells the store that the watcher's sink has room again. */
  resume(watcher: Watcher): void {
    if (this.#unsynced.has(watcher)) this.#sync(watcher);
  }

  /** True if the watcher has been told of everything up to now. */
  isSynced(watcher: Watcher): boolean {
    return this.#synced.has(watcher);
  }

  /**
   * Sends a watcher that has caught up, and has begun, a response without events.
   * Models watchable_store.go progressIfSync.
   */
  progress(watcher: Watcher): void {
    if (!this.#synced.has(watcher) || this.revision < watcher.config.startRevision) return;
    watcher.sink.send([], this.revision);
  }

  protected override committed(changes: readonly Modification[]): void {
    if (this.#synced.size === 0) return;
    const revision = this.revision;
    const full: Watcher[] = [];
    const send = (watcher: Watcher, events: readonly WatchEvent[]) => {
      if (watcher.sink.send(events, revision)) watcher.nextRevision = revision + 1;
      else full.push(watcher);
    };
    if (changes.length === 1) this.#batch(changes[0]!, send);
    else for (const [watcher, events] of this.#batches(changes)) send(watcher, events);
    for (const watcher of full) {
      this.#synced.delete(watcher);
      watcher.nextRevision = revision;
      this.#unsynced.add(watcher);
    }
  }

  /** The one event of a revision for each of its watchers, who share it. */
  #batch(change: Modification, send: (watcher: Watcher, events: readonly WatchEvent[]) => void): void {
    let plain: readonly WatchEvent[] | undefined;
    let withPrevious: readonly WatchEvent[] | undefined;
    this.#visit(change, (watcher) =>
      send(
        watcher,
        watcher.config.previous
          ? (withPrevious ??= [eventOf(change, true)])
          : (plain ??= [eventOf(change, false)]),
      ),
    );
  }

  /** The events of one revision by watcher. Watchers of the same change share its event objects. */
  #batches(changes: readonly Modification[]): Map<Watcher, WatchEvent[]> {
    const batches = new Map<Watcher, WatchEvent[]>();
    for (const change of changes) {
      this.#batch(change, (watcher, [event]) => {
        const batch = batches.get(watcher);
        if (batch === undefined) batches.set(watcher, [event!]);
        else batch.push(event!);
      });
    }
    return batches;
  }

  /** Calls `visitor` with every synced watcher that the change concerns. */
  #visit(change: Modification, visitor: (watcher: Watcher) => void): void {
    const type = isTombstone(change) ? 'delete' : 'put';
    this.#synced.visit(change.kv.key, (watcher) => {
      if (change.kv.modRevision >= watcher.nextRevision && !watcher.filters(type)) visitor(watcher);
    });
  }

  /**
   * The changes of the watcher's keys that it was not told of, in order: out of the log if that is
   * short from there on, else out of the histories of the keys, whatever else happened.
   */
  #missed(watcher: Watcher): readonly Modification[] {
    const { nextRevision, config } = watcher;
    const { changes } = this.log;
    const begin = this.log.indexOf(nextRevision);
    if (changes.length - begin <= SHORT_LOG) {
      return changes.slice(begin).filter(({ kv }) => watcher.matches(kv.key));
    }
    const missed: Modification[] = [];
    this.index.visitHistories(config.key, config.end, ({ modified }) => {
      for (let change = modified; change !== undefined; change = change.previous) {
        if (change.kv.modRevision < nextRevision) break;
        missed.push(change);
      }
    });
    return missed.sort(inOrderOfTime);
  }

  /** Sends what the watcher has missed, in batches of whole revisions, while its sink has room. */
  #sync(watcher: Watcher): void {
    if (watcher.nextRevision < this.compactRevision) {
      this.#unsynced.delete(watcher);
      watcher.sink.cancelled(rpcError('compacted'));
      return;
    }
    const changes = this.#missed(watcher);
    let position = 0;
    while (position < changes.length) {
      const batch: WatchEvent[] = [];
      let revisions = 0;
      let last = 0;
      for (; position < changes.length; position++) {
        const change = changes[position]!;
        if (watcher.filters(isTombstone(change) ? 'delete' : 'put')) continue;
        if (change.kv.modRevision !== last) {
          if (revisions === WATCH_BATCH_MAX_REVISIONS) break;
          revisions++;
          last = change.kv.modRevision;
        }
        batch.push(eventOf(change, watcher.config.previous));
      }
      if (batch.length === 0) break;
      if (!watcher.sink.send(batch, this.revision)) {
        watcher.nextRevision = batch[0]!.kv.modRevision;
        return;
      }
    }
    watcher.nextRevision = this.revision + 1;
    this.#unsynced.delete(watcher);
    this.#synced.add(watcher);
  }
}

function inOrderOfTime(a: Modification, b: Modification): number {
  return a.kv.modRevision - b.kv.modRevision || a.sub - b.sub;
}

function eventOf(change: Modification, withPrevious: boolean): WatchEvent {
  const type = isTombstone(change) ? 'delete' : 'put';
  const previous = withPrevious ? previousOf(change) : undefined;
  return previous === undefined ? { type, kv: change.kv } : { type, kv: change.kv, previous: previous.kv };
}

/** What the key was before the change's revision; undefined if the change made it or that was compacted. */
function previousOf(change: Modification): Modification | undefined {
  if (change.kv.createRevision === change.kv.modRevision) return undefined;
  let previous = change.previous;
  while (previous !== undefined && previous.kv.modRevision === change.kv.modRevision)
    previous = previous.previous;
  return previous === undefined || isTombstone(previous) ? undefined : previous;
}
