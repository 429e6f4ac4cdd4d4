import type { EtcdServer } from '../server/etcd-server.ts';
import type { ClientWatchStream } from '../server/services.ts';
import type { ServerWatch } from '../server/watch.ts';
import type { EtcdError, ResponseHeader, WatchOptions, WatchResponse } from './client.ts';
import { WatchChannel } from './watch-channel.ts';

/**
 * A watch that survives the server's restarts: it begins again at the first revision that it did
 * not deliver. A server that came back with the data of a backup may be far from there: the watch
 * then waits, and nobody is told that the past is another one. Models client/v3/watch.go watchGrpcStream.
 */
export class ClientWatch {
  readonly channel: WatchChannel;
  readonly #server: EtcdServer;
  readonly #options: WatchOptions;
  readonly #openStream: () => ClientWatchStream;
  readonly #release: () => void;
  #watch: ServerWatch | undefined;
  #nextRevision: number;
  #full = false;
  #wasCreated = false;
  #ended = false;
  #stopWaiting: (() => void) | undefined;

  constructor(server: EtcdServer, options: WatchOptions, openStream: () => ClientWatchStream) {
    this.#server = server;
    this.#options = options;
    this.#openStream = openStream;
    this.#nextRevision = options.startRevision ?? 0;
    this.channel = new WatchChannel(
      () => this.#drained(),
      () => this.#finish(),
    );
    this.#release = () => {};
    if (options.context?.cancelled) {
      this.#finish();
      return;
    }
    this.#release = options.context?.onCancel(() => this.#finish()) ?? this.#release;
    this.#begin();
  }

  #begin(): void {
    if (!this.#server.running) {
      this.#stopWaiting = this.#server.onStart(() => {
        this.#stopWaiting?.();
        this.#begin();
      });
      return;
    }
    const watch = this.#openStream().watch(
      {
        created: (header) => this.#created(header),
        receive: (response) => this.#receive(response),
        cancelled: (error) => this.#finish(error),
        disconnected: () => this.#begin(),
      },
      { ...this.#options, startRevision: this.#nextRevision },
    );
    this.#watch = watch;
    this.#nextRevision = Math.max(this.#nextRevision, watch.startRevision);
  }

  #created(header: ResponseHeader): void {
    if (!this.#options.createdNotify || this.#wasCreated) return;
    this.#wasCreated = true;
    this.channel.push({ header, events: [], created: true });
  }

  #receive(response: WatchResponse): boolean {
    if (this.channel.full) {
      this.#full = true;
      return false;
    }
    this.channel.push(response);
    const last = response.events.at(-1);
    this.#nextRevision = (last === undefined ? response.header.revision : last.kv.modRevision) + 1;
    return true;
  }

  #drained(): void {
    if (!this.#full) return;
    this.#full = false;
    this.#watch?.resume();
  }

  #finish(error?: EtcdError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#release();
    this.#stopWaiting?.();
    this.#watch?.cancel();
    this.channel.close(error);
  }
}
