import { setTimeout as delay } from 'node:timers/promises';
import type { IDuplexStream, IWatchRequest, IWatchResponse, WatchClient } from 'etcd3';
import { rpcError } from '../../api/rpctypes.ts';
import { EtcdError } from '../client.ts';
import type { WatchOptions } from '../client.ts';
import { WatchChannel } from '../watch-channel.ts';
import { toEtcdError } from './errors.ts';
import { eventsOf, headerOf, watchRequest } from './messages.ts';

/** How long to wait before the watch is made again on a server that went away, in milliseconds. */
const RECONNECT_INTERVAL = 100;

/** The package's streams are Node's, which can be held back; its types do not say so. */
type WatchStream = IDuplexStream<IWatchRequest, IWatchResponse> & { pause(): void; resume(): void };

/**
 * One watch of a real etcd, on a stream of its own: a slow reader holds back its own watch and no
 * other. It survives lost connections: a new stream begins at the first revision that was not
 * delivered. Models client/v3/watch.go watchGrpcStream.
 */
export class GrpcWatch {
  readonly channel: WatchChannel;
  readonly #client: WatchClient;
  readonly #options: WatchOptions;
  readonly #release: () => void;
  readonly #ended: (watch: GrpcWatch) => void;
  #stream: WatchStream | undefined;
  #nextRevision: number;
  #created = false;
  #over = false;

  /** `ended` is called once, when nothing more will come. */
  constructor(client: WatchClient, options: WatchOptions, ended: (watch: GrpcWatch) => void) {
    this.#client = client;
    this.#options = options;
    this.#ended = ended;
    this.#nextRevision = options.startRevision ?? 0;
    this.channel = new WatchChannel(
      () => this.#stream?.resume(),
      () => this.finish(),
    );
    this.#release = options.context?.onCancel(() => this.finish()) ?? (() => {});
    if (!this.#over) void this.#begin();
  }

  /** True once nothing more will come. */
  get over(): boolean {
    return this.#over;
  }

  get key(): string {
    return this.#options.key;
  }

  /** Asks the server how far the watch has come; the answer comes as a response without events. */
  requestProgress(): void {
    this.#stream?.write({ progress_request: {} });
  }

  /** Ends the watch, with the error if there is one. */
  finish(error?: EtcdError): void {
    if (this.#over) return;
    this.#over = true;
    this.#release?.();
    this.#stream?.cancel();
    this.#stream = undefined;
    this.channel.close(error);
    this.#ended(this);
  }

  async #begin(): Promise<void> {
    let stream: WatchStream;
    try {
      stream = (await this.#client.watch()) as WatchStream;
    } catch (error) {
      return this.#lost(undefined, toEtcdError(error));
    }
    // The watch may have been cancelled meanwhile; lost streams speak after they were replaced.
    if (this.#over) return stream.cancel();
    this.#stream = stream;
    const lost = (error?: unknown) =>
      void this.#lost(stream, error === undefined ? undefined : toEtcdError(error));
    stream.on('data', (response) => this.#receive(response));
    stream.on('error', lost);
    stream.on('end', lost);
    stream.write({ create_request: watchRequest(this.#options, this.#nextRevision) });
  }

  #receive(response: IWatchResponse): void {
    if (this.#over) return;
    const header = headerOf(response.header);
    if (response.canceled) {
      const reason = response.cancel_reason;
      return this.finish(
        response.compact_revision !== '0'
          ? rpcError('compacted')
          : new EtcdError('FailedPrecondition', reason || 'etcdserver: watch canceled'),
      );
    }
    if (response.created) {
      if (this.#nextRevision === 0) this.#nextRevision = header.revision + 1;
      if (this.#options.createdNotify && !this.#created) {
        this.channel.push({ header, events: [], created: true });
      }
      this.#created = true;
      return;
    }
    const events = eventsOf(response);
    this.#nextRevision = (events.at(-1)?.kv.modRevision ?? header.revision) + 1;
    this.channel.push({ header, events });
    if (this.channel.full) this.#stream?.pause();
  }

  async #lost(stream: WatchStream | undefined, error: EtcdError | undefined): Promise<void> {
    if (this.#over || stream !== this.#stream) return;
    this.#stream = undefined;
    if (error !== undefined && !PASSING.has(error.code)) return this.finish(error);
    await delay(RECONNECT_INTERVAL);
    if (!this.#over) await this.#begin();
  }
}

/** What a server or a connection says that goes away; anything else ends the watch. Models watch.go isHaltErr. */
const PASSING: ReadonlySet<string> = new Set(['Unavailable', 'Internal', 'Unknown', 'Canceled']);
