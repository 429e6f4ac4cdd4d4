import type { KubeObject } from '../../../apimachinery/object.ts';
import type { CacheEvent } from './watch-cache.ts';
import type { Selection } from './selection.ts';
import { selects } from './selection.ts';

/** What a watcher is told. One record is shared by all watchers of a change. */
export interface WatchRecord {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly key: string;
  readonly revision: number;
  /** For DELETED the last form that was selected, with the deletion's resource version. */
  readonly object: KubeObject;
}

/** Takes what a watch yields. */
export interface WatchSink {
  record(record: WatchRecord): void;
  /** Everything up to `revision` was told. `initial`: this ends the initial events. */
  bookmark(revision: number, initial: boolean): void;
  /** The watch is over: the server stops, or the cache had to start over. */
  end(): void;
}

/** Makes one change into at most three records, whoever asks, so that watchers share them. */
export class ChangeRecords {
  readonly #change: CacheEvent;
  readonly #records: { ADDED?: WatchRecord; MODIFIED?: WatchRecord; DELETED?: WatchRecord } = {};

  constructor(change: CacheEvent) {
    this.#change = change;
  }

  /**
   * What a watcher with this selection sees of the change: an object that leaves the selection is DELETED,
   * one that enters it is ADDED. Models cacheWatcher convertToWatchEvent.
   */
  for(selection: Selection): WatchRecord | undefined {
    const { key, object, previous } = this.#change;
    const isSelected = object !== undefined && selects(selection, key, object);
    const wasSelected = previous !== undefined && selects(selection, key, previous);
    if (isSelected) return this.#record(wasSelected ? 'MODIFIED' : 'ADDED', object);
    return wasSelected ? this.#record('DELETED', previous) : undefined;
  }

  #record(type: WatchRecord['type'], object: KubeObject): WatchRecord {
    const known = this.#records[type];
    if (known !== undefined) return known;
    const { key, revision } = this.#change;
    const record: WatchRecord = {
      type,
      key,
      revision,
      object:
        type === 'DELETED'
          ? { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
          : object,
    };
    this.#records[type] = record;
    return record;
  }
}
