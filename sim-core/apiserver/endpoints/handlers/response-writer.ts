import { flat } from '../../../apimachinery/flat-text.ts';
import { escapeHtml, goJson, goJsonAsIs } from '../../../apimachinery/json/go-json.ts';
import type { HttpHeaders, HttpResponse } from '../../../apimachinery/http.ts';
import { headerOf, JsonResponse } from '../../../apimachinery/http.ts';
import { textBelowKind } from '../../../apimachinery/managedfields/object-text.ts';
import type { Json, KubeList, KubeObject } from '../../../apimachinery/object.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import type { WatchRecord } from '../../storage/cacher/cache-watcher.ts';
import type { ServerRequest } from '../request.ts';
import type { MediaType } from './negotiation.ts';
import { negotiateError } from './negotiation.ts';
import type { Line } from './line-stream.ts';
import { yamlBodies } from './yaml.ts';

/**
 * Objects as JSON text. The objects of stores and caches never change, so each is written once,
 * however many lists and watches show it.
 */
export class ObjectEncoder {
  readonly #bodies = new WeakMap<object, string>();
  /** Of the record that was told last: all watchers hear of one before they hear of the next. */
  #told: { readonly record: WatchRecord; readonly line: Line } | undefined;

  /** The whole object, kind and apiVersion first. */
  text(object: KubeObject): string {
    return `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},${this.#rest(object)}`;
  }

  /** The object as an item of a list of its kind, without kind and apiVersion. */
  item(object: KubeObject): string {
    return `{${this.#rest(object)}`;
  }

  /** A list; its items leave out kind and apiVersion, as Go's typed lists do. */
  list({ kind, apiVersion, metadata, items }: KubeList): string {
    let text = `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":${JSON.stringify(metadata)},"items":[`;
    for (let index = 0; index < items.length; index++) {
      const item = this.item(items[index]!);
      text += index === 0 ? item : `,${item}`;
    }
    return `${text}]}`;
  }

  /** One line of a watch. Watchers that are told the same record share it, with its object and its text. */
  watchLine(record: WatchRecord): Line {
    if (this.#told?.record !== record) {
      const { type, object } = record;
      const write = () => `{"type":"${type}","object":${this.text(object)}}\n`;
      this.#told = { record, line: new LazyLine({ type, object }, write) };
    }
    return this.#told.line;
  }

  /** `"metadata":{…},…}`: all but kind and apiVersion. */
  #rest(object: KubeObject): string {
    const known = this.#bodies.get(object);
    if (known !== undefined) return known;
    const text = flat(escapeHtml(textBelowKind(object)));
    this.#bodies.set(object, text);
    return text;
  }
}

/** Objects of a CustomResourceDefinition of `group`: Go holds them as maps, whose keys it sorts, all the way down. */
export class CustomObjectEncoder extends ObjectEncoder {
  readonly #prefix: string;
  readonly #texts = new WeakMap<object, string>();

  constructor(group: string) {
    super();
    this.#prefix = `${group}/`;
  }

  override text(object: KubeObject): string {
    // Their scale has a type.
    if (object.apiVersion?.startsWith(this.#prefix) !== true) return super.text(object);
    let text = this.#texts.get(object);
    if (text === undefined) this.#texts.set(object, (text = flat(goJson(object))));
    return text;
  }

  override list({ kind, apiVersion, metadata, items }: KubeList): string {
    const meta = goJson({ ...metadata, continue: metadata.continue ?? '' });
    const texts = items.map((item) => this.text(item)).join();
    return `{"apiVersion":"${apiVersion}","items":[${texts}],"kind":"${kind}","metadata":${meta}}`;
  }
}

class LazyLine implements Line {
  readonly value: unknown;
  readonly #write: () => string;
  #text: string | undefined;

  constructor(value: unknown, write: () => string) {
    this.value = value;
    this.#write = write;
  }

  get text(): string {
    return (this.#text ??= this.#write());
  }
}

/** Answers with an object that does not change: it is written, by `write`, for those who want its text. */
export function respondValue(
  request: ServerRequest,
  status: number,
  object: KubeObject,
  write: () => string,
  mediaType: MediaType,
): HttpResponse {
  if (mediaType === 'application/yaml' || wantsPretty(request)) {
    return respond(request, status, write(), mediaType);
  }
  return new JsonResponse(status, headersOf(request, mediaType), object, () => `${write()}\n`);
}

/** Writes JSON text as the client wants it: pretty, or YAML. Models responsewriters.SerializeObject. */
export function respond(
  request: ServerRequest,
  status: number,
  json: string,
  mediaType: MediaType,
): HttpResponse {
  const body =
    mediaType === 'application/yaml'
      ? yamlBodies.loaded.toYaml(JSON.parse(json) as Json)
      : wantsPretty(request)
        ? goJsonAsIs(JSON.parse(json), 2)
        : `${json}\n`;
  return { status, headers: headersOf(request, mediaType), body };
}

function headersOf(request: ServerRequest, mediaType: MediaType): HttpHeaders {
  const headers = { 'content-type': mediaType };
  return request.warnings.length === 0 ? headers : { ...headers, ...warningHeaders(request) };
}

/** Plain text, as health checks and unknown paths answer. */
export function respondText(status: number, body: string): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
    body,
  };
}

/** Its words are nothing for clients. Models server/filters/wrap.go WithPanicRecovery. */
const PANIC = 'This request caused apiserver to panic. Look in the logs for details.';

/**
 * An error as its Status; anything but a StatusError is a fault of the server itself, which a client hears of
 * without its words. Models responsewriters.ErrorNegotiated.
 */
export function respondError(request: ServerRequest, error: unknown): HttpResponse {
  if (!(error instanceof StatusError)) return respondText(500, `${PANIC}\n`);
  const mediaType = negotiateError(request);
  const response =
    mediaType === undefined
      ? plainError(request, error)
      : respond(request, error.code, goJsonAsIs(error.status), mediaType);
  const retryAfter = error.status.details?.retryAfterSeconds ?? 0;
  return retryAfter > 0
    ? { ...response, headers: { ...response.headers, 'retry-after': String(retryAfter) } }
    : response;
}

/** An error for a client that accepts nothing of what errors come in. Models responsewriters.WriteRawJSON. */
function plainError(request: ServerRequest, { code, status }: StatusError): HttpResponse {
  const headers = { 'content-type': 'application/json', ...warningHeaders(request) };
  return { status: code, headers, body: goJsonAsIs(status, 2) };
}

/** All warnings of an answer together, and each of them once they are cut. Models filters/warning.go. */
const MAX_WARNING_RUNES = 4096;
const CUT_WARNING_RUNES = 256;
/** Texts with control characters cannot be headers: nobody hears of them. */
const CONTROL = /\p{Cc}/u;

/**
 * `299 - "text"` for each warning, quotes and backslashes escaped; long ones are cut if all of them are too much.
 * Models apimachinery util/net NewWarningHeader.
 */
export function warningHeaders({ warnings }: Pick<ServerRequest, 'warnings'>): {
  warning?: string | readonly string[];
} {
  const texts = [...new Set(warnings)].filter((text) => !CONTROL.test(text));
  if (texts.length === 0) return {};
  const total = texts.reduce((sum, text) => sum + [...text].length, 0);
  const values = (total > MAX_WARNING_RUNES ? cut(texts) : texts).map(
    (text) => `299 - "${text.replace(/[\\"]/g, '\\$&')}"`,
  );
  return { warning: values.length === 1 ? values[0]! : values };
}

function cut(texts: readonly string[]): string[] {
  let written = 0;
  return texts.flatMap((text) => {
    if (written >= MAX_WARNING_RUNES) return [];
    const runes = [...text].slice(0, CUT_WARNING_RUNES);
    written += runes.length;
    return [runes.join('')];
  });
}

/** Models negotiation isPrettyPrint: the query decides, else curl, Wget and browsers get indentation. */
function wantsPretty({ query, http }: ServerRequest): boolean {
  const pretty = query.get('pretty');
  if (pretty !== '') return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(pretty);
  const agent = headerOf(http.headers, 'user-agent') ?? '';
  return ['curl', 'Wget', 'Mozilla/5.0'].some((prefix) => agent.startsWith(prefix));
}
