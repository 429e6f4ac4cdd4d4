import type { HttpResponse } from '../../../apimachinery/http.ts';
import { goJsonAsIs } from '../../../apimachinery/json/go-json.ts';
import { headerOf } from '../../../apimachinery/http.ts';
import { apiVersionOf } from '../../../apimachinery/object.ts';
import { isReason } from '../../../apimachinery/status.ts';
import type { ListOptions } from '../../registry/generic/list-options.ts';
import type { WatchRecord, WatchSink } from '../../storage/cacher/cache-watcher.ts';
import type { ServerRequest } from '../request.ts';
import type { Line } from './line-stream.ts';
import { LineStream } from './line-stream.ts';
import type { View } from './negotiation.ts';
import { warningHeaders } from './response-writer.ts';
import type { StoredScope } from './scope.ts';
import { contextOf } from './scope.ts';

/** A watch without a timeout of its own ends after 30 to 60 minutes, in milliseconds. */
const MIN_TIMEOUT = 1_800_000;
/** So long before its end a watch hears how far it has come, in milliseconds. Models cacheWatcher.nextBookmarkTime. */
const LAST_BOOKMARK = 2_000;

/**
 * Streams changes, one JSON line each: {"type":"ADDED","object":{…}}.
 * Models endpoints/handlers/watch.go.
 */
export async function watchResource(
  request: ServerRequest,
  scope: StoredScope,
  options: ListOptions & { readonly sendInitialEvents: boolean; readonly timeoutSeconds: number },
  view: View | undefined,
): Promise<HttpResponse> {
  const { clock, rand } = scope.services;
  const bookmarks = request.query.boolean('allowWatchBookmarks');
  let stop = () => {};
  const stream = new LineStream(() => stop());
  const sink = new LineSink(request, scope, stream, view);
  try {
    const detach = await scope.store.watch(
      options,
      { sendInitialEvents: options.sendInitialEvents, bookmarks },
      contextOf(request, scope),
      sink,
    );
    const timeout =
      options.timeoutSeconds > 0 ? options.timeoutSeconds * 1000 : MIN_TIMEOUT + rand.int(MIN_TIMEOUT);
    const timers = [clock.schedule(timeout, () => sink.end(), { periodic: true })];
    if (bookmarks && timeout > LAST_BOOKMARK) {
      const tell = () => sink.bookmark(scope.store.cacher.revision, false);
      timers.push(clock.schedule(timeout - LAST_BOOKMARK, tell, { periodic: true }));
    }
    stop = () => {
      for (const timer of timers) timer.cancel();
      detach();
    };
    sink.onEnd(stop);
  } catch (error) {
    // Too old a start is told inside of the stream, as every client of a watch expects it.
    if (!isReason(error, 'Expired')) throw error;
    stream.push(`{"type":"ERROR","object":${goJsonAsIs(error.status)}}\n`);
    stream.end();
  }
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...warningHeaders(request) },
    body: stream,
  };
}

/** Writes what a watch yields as lines. Text of a record is made once for all watchers that show it alike. */
class LineSink implements WatchSink {
  readonly #request: ServerRequest;
  readonly #scope: StoredScope;
  readonly #stream: LineStream;
  readonly #view: View | undefined;
  #headersSent = false;
  #bookmark: { readonly revision: number; readonly line: Line } | undefined;
  #stop = () => {};

  constructor(request: ServerRequest, scope: StoredScope, stream: LineStream, view: View | undefined) {
    this.#request = request;
    this.#scope = scope;
    this.#stream = stream;
    this.#view = view;
  }

  onEnd(stop: () => void): void {
    this.#stop = stop;
  }

  record(record: WatchRecord): void {
    this.#stream.push(this.#line(record));
    this.#scope.services.tracer.emit(
      {
        type: 'watch-event',
        event: record.type,
        user: this.#request.user.name,
        userAgent: headerOf(this.#request.http.headers, 'user-agent') ?? '',
        path: this.#request.http.path,
        key: record.key,
        revision: record.revision,
      },
      this.#request.id,
    );
  }

  bookmark(revision: number, initial: boolean): void {
    if (initial) return this.#stream.push(this.#bookmarkLine(revision, true));
    // Where nothing happens, every minute brings the same line.
    if (this.#bookmark?.revision !== revision) {
      this.#bookmark = { revision, line: this.#bookmarkLine(revision, false) };
    }
    this.#stream.push(this.#bookmark.line);
  }

  #bookmarkLine(revision: number, initial: boolean): Line {
    const { kind } = this.#scope.definition;
    const object = {
      kind,
      apiVersion: apiVersionOf(this.#scope.definition),
      metadata: {
        resourceVersion: String(revision),
        ...(initial && { annotations: { 'k8s.io/initial-events-end': 'true' } }),
      },
    };
    const value = { type: 'BOOKMARK', object };
    return { value, text: `${JSON.stringify(value)}\n` };
  }

  end(): void {
    this.#stop();
    this.#stream.end();
  }

  #line(record: WatchRecord): Line | string {
    if (this.#view === undefined) return this.#scope.encoder.watchLine(record);
    const text = this.#scope.tables.view(record.object, this.#view, this.#request, !this.#headersSent);
    this.#headersSent = true;
    return `{"type":"${record.type}","object":${text}}\n`;
  }
}
