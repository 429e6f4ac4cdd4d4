import type { HttpHeaders, HttpRequest, HttpResponse } from '../../apimachinery/http.ts';
import { ConnectionError, streamOf, UrlError } from '../../apimachinery/http.ts';
import type { GroupVersionResource, KubeList, KubeObject } from '../../apimachinery/object.ts';
import type { Status } from '../../apimachinery/status.ts';
import type { Context } from '../../clock/context.ts';
import type { RestConfig } from './config.ts';
import { errorOfResponse } from './response-error.ts';
import { sharedWatchOf, type Watch } from './watch.ts';

/** Query parameters; undefined ones are left out. */
type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** What any request may carry. */
export interface RequestOptions {
  /** Missing for cluster-scoped resources and for all namespaces. */
  readonly namespace?: string | undefined;
  /** "status", "binding", "scale", … */
  readonly subresource?: string | undefined;
  /** Further query parameters: fieldManager, dryRun, fieldValidation, force, … */
  readonly query?: Query | undefined;
  /** Accept; default "application/json". */
  readonly accept?: string | undefined;
}

/** Models metav1.ListOptions. */
export interface ListOptions extends RequestOptions {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: string | undefined;
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
}

export interface WatchOptions extends ListOptions {
  readonly allowWatchBookmarks?: boolean | undefined;
  readonly timeoutSeconds?: number | undefined;
  /** Cancels the watch; its iteration then ends. */
  readonly context?: Context | undefined;
}

/** Models metav1.DeleteOptions; sent as the body. */
export interface DeleteOptions extends RequestOptions {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | undefined;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string } | undefined;
}

/** The patch types, as kubectl's --type names them, by content type. */
export const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;
export type PatchType = keyof typeof PATCH_TYPES;

/** A request's body: see {@link HttpRequest}. */
interface RequestContent {
  readonly body?: string;
  readonly json?: object;
  readonly contentType?: string;
}

export interface RawRequest extends RequestContent {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly accept?: string;
  readonly headers?: HttpHeaders;
  /** What the client says after an upgrade; see remotecommand.ts. */
  readonly messages?: AsyncIterable<string>;
}

/**
 * A client of one apiserver with one identity.
 *
 *     const client = new RestClient(config);
 *     const pod = await client.get<Pod>(RESOURCES.pods, 'web', { namespace: 'default' });
 *     await client.create(RESOURCES.pods, manifest, { namespace: 'default' });
 *     await client.patch(RESOURCES.pods, 'web', 'merge', { metadata: { labels: { a: 'b' } } }, { namespace: 'default' });
 *     for await (const { type, object } of await client.watch<Pod>(RESOURCES.pods, { resourceVersion, context })) …
 *     const response = await client.raw({ method: 'GET', path: '/readyz' }); // any status, undecoded
 *
 * What they give may be the server's own object, and what they take goes to the server as it is: never change it.
 * Every method but {@link raw} rejects with a StatusError for a status of 400 or more; all of them
 * reject with a ConnectionError if no response comes: with an UrlError, where the transport does not word it itself.
 *
 * Models k8s.io/client-go/rest RESTClient and the typed clients on it.
 */
export class RestClient {
  readonly config: RestConfig;
  readonly #headers = new Map<string, HttpHeaders>();

  constructor(config: RestConfig) {
    this.config = config;
  }

  get<T = KubeObject>(
    resource: GroupVersionResource,
    name: string,
    options: RequestOptions & { readonly resourceVersion?: string } = {},
  ): Promise<T> {
    return this.#json(
      'GET',
      pathOf(resource, name, options, { resourceVersion: options.resourceVersion }),
      options,
    );
  }

  list<T = KubeObject>(resource: GroupVersionResource, options: ListOptions = {}): Promise<KubeList<T>> {
    return this.#json('GET', pathOf(resource, undefined, options, listQuery(options)), options);
  }

  /** Creates `object`; `name` is that of the parent for a subresource (pods/binding). */
  create<T = KubeObject>(
    resource: GroupVersionResource,
    object: object,
    options: RequestOptions & { readonly name?: string } = {},
  ): Promise<T> {
    return this.#json('POST', pathOf(resource, options.name, options), options, { json: object });
  }

  /** Replaces the object that `object.metadata.name` names. */
  update<T = KubeObject>(
    resource: GroupVersionResource,
    object: { readonly metadata?: { readonly name?: string } },
    options: RequestOptions = {},
  ): Promise<T> {
    const name = object.metadata?.name;
    if (name === undefined)
      throw new Error(`update of ${resource.resource}: the object has no metadata.name`);
    return this.#json('PUT', pathOf(resource, name, options), options, { json: object });
  }

  patch<T = KubeObject>(
    resource: GroupVersionResource,
    name: string,
    type: PatchType,
    patch: object,
    options: RequestOptions = {},
  ): Promise<T> {
    return this.#json('PATCH', pathOf(resource, name, options), options, {
      body: JSON.stringify(patch),
      contentType: PATCH_TYPES[type],
    });
  }

  /** Resolves to the object, if it is only marked for deletion, or to a Status. */
  delete<T = KubeObject | Status>(
    resource: GroupVersionResource,
    name: string,
    options: DeleteOptions = {},
  ): Promise<T> {
    return this.#json('DELETE', pathOf(resource, name, options), options, { body: deleteBody(options) });
  }

  /** Deletes what a list with the same options would give. */
  deleteCollection<T = KubeList | Status>(
    resource: GroupVersionResource,
    options: DeleteOptions & ListOptions = {},
  ): Promise<T> {
    const path = pathOf(resource, undefined, options, listQuery(options));
    return this.#json('DELETE', path, options, { body: deleteBody(options) });
  }

  /** Opens a watch; rejects with a StatusError if the server refuses it. */
  async watch<T = KubeObject>(resource: GroupVersionResource, options: WatchOptions = {}): Promise<Watch<T>> {
    const path = pathOf(resource, undefined, options, {
      allowWatchBookmarks: options.allowWatchBookmarks,
      ...listQuery(options),
      timeoutSeconds: options.timeoutSeconds,
      watch: true,
    });
    const response = await this.#named({
      method: 'GET',
      path,
      ...(options.accept && { accept: options.accept }),
    });
    const stream = streamOf(response);
    if (stream === undefined) throw errorOfResponse(response);
    return sharedWatchOf<T>(stream, options.context);
  }

  /** Sends any request with this client's identity and gives the response as it comes, whatever its status. */
  raw(request: RawRequest): Promise<HttpResponse> {
    const { config } = this;
    const headers = this.#headersOf(request);
    const message: HttpRequest = {
      method: request.method,
      path: request.path,
      headers: request.headers === undefined ? headers : { ...headers, ...request.headers },
      body: request.body ?? '',
      ...(request.json !== undefined && { json: request.json }),
      ...(request.messages !== undefined && { messages: request.messages }),
    };
    return config.transport(message);
  }

  /** What every request of these types says; requests that come again share it. */
  #headersOf({ accept = 'application/json', contentType }: RawRequest): HttpHeaders {
    const types = `${accept} ${contentType}`;
    let headers = this.#headers.get(types);
    if (headers === undefined) {
      headers = {
        accept,
        ...(contentType !== undefined && { 'content-type': contentType }),
        ...identityHeaders(this.config),
      };
      this.#headers.set(types, headers);
    }
    return headers;
  }

  /** As {@link raw}; who hears that no response came hears to what. */
  async #named(request: RawRequest): Promise<HttpResponse> {
    try {
      return await this.raw(request);
    } catch (error) {
      if (!(error instanceof ConnectionError) || error instanceof UrlError) throw error;
      throw new UrlError(request.method, this.config.host + request.path, error);
    }
  }

  async #json<T>(
    method: string,
    path: string,
    { accept }: RequestOptions,
    content?: RequestContent,
  ): Promise<T> {
    const response = await this.#named({
      method,
      path,
      ...(content !== undefined && { contentType: 'application/json', ...content }),
      ...(accept !== undefined && { accept }),
    });
    if (response.status >= 400) throw errorOfResponse(response);
    const stream = streamOf(response);
    if (stream !== undefined) {
      stream.cancel();
      throw new Error(`${method} ${path}: the server answered with a stream`);
    }
    return (response.json ?? JSON.parse(response.body as string)) as T;
  }
}

/**
 * The path of an object or a collection, with its query:
 * "/apis/apps/v1/namespaces/default/deployments/web/status?fieldManager=me".
 */
function pathOf(
  { group, version, resource }: GroupVersionResource,
  name: string | undefined,
  { namespace, subresource, query }: RequestOptions,
  more?: Query,
): string {
  let path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  if (namespace !== undefined && namespace !== '') path += `/namespaces/${escaped(namespace)}`;
  path += `/${resource}`;
  if (name !== undefined) path += `/${escaped(name)}`;
  if (subresource !== undefined) path += `/${subresource}`;
  if (more === undefined && query === undefined) return path;
  const text = queryText({ ...more, ...query });
  return text === '' ? path : `${path}?${text}`;
}

/** Nearly all that stands in a path is a name, which stands for itself. */
const PLAIN = /^[\w.-]*$/;

function escaped(text: string): string {
  return PLAIN.test(text) ? text : encodeURIComponent(text);
}

function queryText(query: Query): string {
  let text = '';
  for (const key in query) {
    const value = query[key];
    if (value === undefined) continue;
    const values = Array.isArray(value) ? (value as readonly string[]) : [String(value)];
    for (const item of values) {
      text += `${text === '' ? '' : '&'}${key}=${escaped(item)}`;
    }
  }
  return text;
}

function listQuery(options: ListOptions): Query {
  return {
    continue: options.continue,
    fieldSelector: options.fieldSelector || undefined,
    labelSelector: options.labelSelector || undefined,
    limit: options.limit,
    resourceVersion: options.resourceVersion,
    resourceVersionMatch: options.resourceVersionMatch,
  };
}

function deleteBody({ gracePeriodSeconds, propagationPolicy, preconditions }: DeleteOptions): string {
  return JSON.stringify({
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    gracePeriodSeconds,
    preconditions,
    propagationPolicy,
  });
}

function identityHeaders({ userAgent, bearerToken, impersonate }: RestConfig): HttpHeaders {
  return {
    'user-agent': userAgent,
    ...(bearerToken !== undefined && { authorization: `Bearer ${bearerToken}` }),
    ...(impersonate !== undefined && {
      'impersonate-user': impersonate.user,
      ...(impersonate.uid && { 'impersonate-uid': impersonate.uid }),
      ...(impersonate.groups.length > 0 && { 'impersonate-group': impersonate.groups }),
      ...Object.fromEntries(
        Object.entries(impersonate.extra ?? {}).map(([key, values]) => [
          `impersonate-extra-${encodeURIComponent(key.toLowerCase())}`,
          values,
        ]),
      ),
    }),
  };
}
