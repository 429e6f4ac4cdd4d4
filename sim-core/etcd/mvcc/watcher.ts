import { byteOrdered } from '../clientv3/bytes.ts';
import type { EtcdError, WatchEvent } from '../clientv3/client.ts';

/** Where a watcher's responses go. */
export interface WatchSink {
  /**
   * Takes the events of whole revisions, or none for a progress notification; `revision` is how far
   * the watch has come. Returns false if there is no room: the events were not taken, the watcher
   * falls behind and catches up from the store's history once WatchableStore.resume is called.
   * Must not call back into the store.
   */
  send(events: readonly WatchEvent[], revision: number): boolean;
  /** The server ended the watch; nothing follows. */
  cancelled(error: EtcdError): void;
}

export interface WatcherConfig {
  readonly key: string;
  /** Undefined: the key alone; "": from the key on. */
  readonly end: string | undefined;
  /** The first revision to report; 0: the next one. */
  readonly startRevision: number;
  readonly previous: boolean;
  readonly noPut: boolean;
  readonly noDelete: boolean;
}

/** One watch of a key or a range. Models server/storage/mvcc/watchable_store.go watcher. */
export class Watcher {
  readonly config: WatcherConfig;
  readonly sink: WatchSink;
  /** The range in the order of bytes; `end` as in the configuration. */
  readonly begin: string;
  readonly end: string | undefined;
  /** The first revision that it was not told of. */
  nextRevision: number;

  constructor(sink: WatchSink, config: WatcherConfig) {
    this.sink = sink;
    this.config = config;
    this.begin = byteOrdered(config.key);
    this.end = config.end === undefined ? undefined : byteOrdered(config.end);
    this.nextRevision = config.startRevision;
  }

  /** True if the watch is about this key. */
  matches(key: string): boolean {
    const { begin, end } = this;
    if (end === undefined) return key === this.config.key;
    const ordered = byteOrdered(key);
    return ordered >= begin && (end === '' || ordered < end);
  }

  /** True if the watch filters out changes of this kind. */
  filters(type: WatchEvent['type']): boolean {
    return type === 'put' ? this.config.noPut : this.config.noDelete;
  }
}
