import type { Clock, Timer } from '../../clock/clock.ts';
import type { Rand } from '../../clock/rand.ts';
import { rpcError } from '../api/rpctypes.ts';
import { compareBytes } from '../clientv3/bytes.ts';
import type {
  EtcdError,
  ResponseHeader,
  WatchEvent,
  WatchOptions,
  WatchResponse,
} from '../clientv3/client.ts';
import type { WatchableStore } from '../mvcc/watchable-store.ts';
import type { Watcher, WatchSink } from '../mvcc/watcher.ts';
import type { Header } from './header.ts';
import { storeEnd } from './txn/range.ts';

export interface WatchServerConfig {
  /** How often a watch with progressNotify that saw no event is told how far it has come, in milliseconds. */
  readonly progressNotifyInterval: number;
}

/** The client's end of one watch. */
export interface WatchReceiver {
  /** The server has made the watch: it tells of everything from its start revision on. */
  created(header: ResponseHeader): void;
  /** Returns false if there is no room; the events come again after {@link ServerWatch.resume}. */
  receive(response: WatchResponse): boolean;
  /** The server ended the watch for this reason. */
  cancelled(error: EtcdError): void;
  /** The server stopped. */
  disconnected(): void;
}

/** The server's end of one watch. */
export interface ServerWatch {
  /** The first revision that the watch reports. */
  readonly startRevision: number;
  cancel(): void;
  /** Says that the receiver has room again. */
  resume(): void;
}

/** The Watch service. Models server/etcdserver/api/v3rpc/watch.go. */
export class WatchServer {
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #store: WatchableStore;
  readonly #header: Header;
  readonly #responses: ResponseCache;
  readonly #config: WatchServerConfig;
  readonly #streams = new Set<WatchStream>();

  constructor(clock: Clock, rand: Rand, store: WatchableStore, header: Header, config: WatchServerConfig) {
    this.#clock = clock;
    this.#rand = rand;
    this.#store = store;
    this.#header = header;
    this.#responses = new ResponseCache(header);
    this.#config = config;
  }

  /** Opens a client's stream of watches. */
  openStream(): WatchStream {
    const interval = this.#config.progressNotifyInterval;
    // Watches of clients that start together are not all notified at once.
    const jitter = this.#rand.int(Math.max(1, Math.floor(interval / 10)));
    const stream = new WatchStream(
      this.#clock,
      this.#store,
      this.#header,
      this.#responses,
      interval + jitter,
      () => this.#streams.delete(stream),
    );
    this.#streams.add(stream);
    return stream;
  }

  /** Ends all streams; their receivers hear that the server is gone. */
  stop(): void {
    for (const stream of [...this.#streams]) stream.disconnect();
  }
}

/** Makes responses; the last one is shared by all watches that get the same events. */
class ResponseCache {
  readonly #header: Header;
  #last: WatchResponse | undefined;

  constructor(header: Header) {
    this.#header = header;
  }

  of(events: readonly WatchEvent[], revision: number): WatchResponse {
    const last = this.#last;
    if (last?.events === events && last.header.revision === revision) return last;
    return (this.#last = { header: this.#header.at(revision), events });
  }
}

/** One watch of a stream, between the store and its receiver. */
class StreamWatch implements WatchSink {
  readonly receiver: WatchReceiver;
  readonly progressNotify: boolean;
  /** Whether the next tick sends a notification: not if an event told as much since the last. */
  progressDue = true;
  /** True once the server ended the watch. */
  ended = false;
  readonly #responses: ResponseCache;
  readonly #onEnd: (watch: StreamWatch) => void;

  constructor(
    receiver: WatchReceiver,
    responses: ResponseCache,
    progressNotify: boolean,
    onEnd: (watch: StreamWatch) => void,
  ) {
    this.receiver = receiver;
    this.progressNotify = progressNotify;
    this.#responses = responses;
    this.#onEnd = onEnd;
  }

  send(events: readonly WatchEvent[], revision: number): boolean {
    const taken = this.receiver.receive(this.#responses.of(events, revision));
    if (taken && events.length > 0) this.progressDue = false;
    return taken;
  }

  cancelled(error: EtcdError): void {
    this.ended = true;
    this.#onEnd(this);
    this.receiver.cancelled(error);
  }
}

/** The watches of one client. Models watch.go serverWatchStream. */
export class WatchStream {
  readonly #clock: Clock;
  readonly #store: WatchableStore;
  readonly #header: Header;
  readonly #responses: ResponseCache;
  readonly #progressInterval: number;
  readonly #closed: () => void;
  readonly #watches = new Map<StreamWatch, Watcher>();
  #notified = 0;
  #ticker: Timer | undefined;
  #open = true;

  constructor(
    clock: Clock,
    store: WatchableStore,
    header: Header,
    responses: ResponseCache,
    progressInterval: number,
    closed: () => void,
  ) {
    this.#clock = clock;
    this.#store = store;
    this.#header = header;
    this.#responses = responses;
    this.#progressInterval = progressInterval;
    this.#closed = closed;
  }

  /** True once the client closed the stream or the server stopped. */
  get closed(): boolean {
    return !this.#open;
  }

  /** Starts a watch. A refusal reaches the receiver as `cancelled`, maybe before this returns. */
  watch(receiver: WatchReceiver, options: WatchOptions): ServerWatch {
    const key = options.key === '' ? '\0' : options.key;
    const end = storeEnd(options.rangeEnd);
    const startRevision = options.startRevision ?? 0;
    const refusal =
      startRevision < 0
        ? rpcError('compacted')
        : end !== undefined && end !== '' && compareBytes(key, end) >= 0
          ? rpcError('emptyWatcherRange')
          : undefined;
    if (refusal !== undefined) {
      receiver.cancelled(refusal);
      return { startRevision, cancel: () => {}, resume: () => {} };
    }
    return this.#start(receiver, options, key, end, startRevision);
  }

  /** Tells every watch that has caught up, or those that begin at `key`, how far they have come. */
  requestProgress(key?: string): void {
    for (const watcher of this.#watches.values()) {
      if (key === undefined || watcher.config.key === key) this.#store.progress(watcher);
    }
  }

  /** Ends all watches from the client's side. */
  close(): void {
    for (const watcher of this.#watches.values()) this.#store.cancel(watcher);
    this.#watches.clear();
    this.#ticker?.cancel();
    this.#ticker = undefined;
    this.#notified = 0;
    this.#open = false;
    this.#closed();
  }

  /** Ends all watches because the server stops. */
  disconnect(): void {
    const receivers = Array.from(this.#watches.keys(), ({ receiver }) => receiver);
    this.close();
    for (const receiver of receivers) receiver.disconnected();
  }

  #start(
    receiver: WatchReceiver,
    options: WatchOptions,
    key: string,
    end: string | undefined,
    startRevision: number,
  ): ServerWatch {
    const store = this.#store;
    const watch = new StreamWatch(receiver, this.#responses, options.progressNotify ?? false, (ended) =>
      this.#drop(ended),
    );
    receiver.created(this.#header.at());
    const watcher = store.watch(watch, {
      key,
      end,
      startRevision,
      previous: options.previous ?? false,
      noPut: options.noPut ?? false,
      noDelete: options.noDelete ?? false,
    });
    if (!watch.ended) {
      this.#watches.set(watch, watcher);
      if (watch.progressNotify && this.#notified++ === 0) this.#tick();
    }
    return {
      startRevision: startRevision === 0 ? watcher.nextRevision : startRevision,
      cancel: () => {
        store.cancel(watcher);
        this.#drop(watch);
      },
      resume: () => store.resume(watcher),
    };
  }

  #drop(watch: StreamWatch): void {
    if (!this.#watches.delete(watch) || !watch.progressNotify || --this.#notified > 0) return;
    this.#ticker?.cancel();
    this.#ticker = undefined;
  }

  #tick(): void {
    this.#ticker = this.#clock.schedule(
      this.#progressInterval,
      () => {
        for (const [watch, watcher] of this.#watches) {
          if (!watch.progressNotify) continue;
          if (watch.progressDue) this.#store.progress(watcher);
          watch.progressDue = true;
        }
        this.#tick();
      },
      { periodic: true },
    );
  }
}
