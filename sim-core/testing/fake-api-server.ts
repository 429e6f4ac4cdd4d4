import { deepCopy } from '../apimachinery/copy.ts';
import type { HttpRequest, HttpResponse, HttpTransport } from '../apimachinery/http.ts';
import { bodyText, ConnectionError, headerOf, JsonResponse } from '../apimachinery/http.ts';
import type { Json, JsonObject, KubeObject } from '../apimachinery/object.ts';
import { formatTime } from '../apimachinery/object.ts';
import {
  alreadyExistsError,
  conflictError,
  expiredError,
  notFoundError,
  StatusError,
  OPTIMISTIC_LOCK,
} from '../apimachinery/status.ts';
import type { Clock } from '../clock/clock.ts';
import type { RestConfig } from '../client-go/rest/config.ts';

type FieldTerm = readonly [field: string, operator: string, value: string];

/** What a watch is told. */
interface FakeEvent {
  readonly type: string;
  readonly object: KubeObject;
}

interface Watcher {
  readonly collection: string;
  readonly namespace: string | undefined;
  readonly selectors: readonly FieldTerm[];
  push(event: FakeEvent): void;
  fail(error: Error): void;
}

/** What one request was, short: "POST /api/v1/namespaces/default/pods". */
export interface RecordedRequest {
  readonly user: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/**
 * Keeps objects and tells watchers of changes, and nothing more: no validation, no defaults, no
 * rights. For tests of clients. Models k8s.io/client-go/testing ObjectTracker, over HTTP.
 */
export class FakeApiServer {
  readonly requests: RecordedRequest[] = [];
  /** While true, connections are refused. */
  down = false;
  /** Answers a request in place of the tracker: throw a StatusError to refuse it. */
  intercept: ((request: RecordedRequest) => void) | undefined;
  /** What discovery answers, by path. */
  discovery: Readonly<Record<string, object>> = {};
  readonly #clock: Clock;
  readonly #objects = new Map<string, KubeObject>();
  readonly #watchers = new Set<Watcher>();
  /** What watches are shown of an object that they may not change. */
  readonly #shown: (object: KubeObject) => KubeObject;
  #history: { collection: string; revision: number; event: FakeEvent }[] = [];
  #compacted = 0;
  #revision = 1;

  /** `shown` gives what watches are shown of a frozen object; default itself. */
  constructor(clock: Clock, shown: (object: KubeObject) => KubeObject = (object) => object) {
    this.#clock = clock;
    this.#shown = shown;
  }

  /** A configuration for a client that calls itself `user`. Its objects are frozen. */
  config(user: string): RestConfig {
    return {
      host: 'https://fake',
      userAgent: user,
      transport: this.transport,
    };
  }

  readonly transport: HttpTransport = async (request) => {
    if (this.down) {
      throw new ConnectionError('refused', 'dial tcp 172.30.1.2:6443: connect: connection refused');
    }
    const recorded = {
      user: headerOf(request.headers, 'user-agent') ?? '',
      method: request.method,
      path: request.path,
      body: bodyText(request),
    };
    this.requests.push(recorded);
    try {
      this.intercept?.(recorded);
      return this.#answer(request);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return { status: error.code, headers: {}, body: JSON.stringify(error.status) };
    }
  };

  /** Breaks every watch and forgets the history: a client must list again. */
  compact(): void {
    this.#compacted = this.#revision;
    this.#history = [];
    this.breakWatches();
  }

  /** Ends every watch as a dying server does. */
  breakWatches(): void {
    for (const watcher of [...this.#watchers]) watcher.fail(new ConnectionError('reset', 'EOF'));
  }

  get openWatches(): number {
    return this.#watchers.size;
  }

  /** Stores an object without a request. */
  put(path: string, object: object): KubeObject {
    const { collection, namespace } = locate(path);
    const copy = deepCopy(object) as KubeObject;
    if (namespace !== undefined) copy.metadata.namespace = namespace;
    return this.#store(`${collection}|${namespace ?? ''}|${copy.metadata.name}`, collection, copy);
  }

  get(path: string): KubeObject | undefined {
    const { collection, namespace, name } = locate(path);
    return this.#objects.get(`${collection}|${namespace ?? ''}|${name}`);
  }

  list(path: string): KubeObject[] {
    const { collection, namespace } = locate(path);
    return [...this.#objects].flatMap(([key, object]) =>
      key.startsWith(namespace === undefined ? `${collection}|` : `${collection}|${namespace}|`)
        ? [object]
        : [],
    );
  }

  remove(path: string): void {
    const { collection, namespace, name } = locate(path);
    const key = `${collection}|${namespace ?? ''}|${name}`;
    const object = this.#objects.get(key);
    if (object === undefined) throw new Error(`nothing at ${path}`);
    this.#objects.delete(key);
    this.#notify(collection, 'DELETED', {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(++this.#revision) },
    });
  }

  #answer(request: HttpRequest): HttpResponse {
    const [path, query] = request.path.split('?') as [string, string | undefined];
    const parameters = new Map(
      (query ?? '').split('&').map((part) => part.split('=').map(decodeURIComponent) as [string, string]),
    );
    const discovered = this.discovery[path];
    if (discovered !== undefined) return json(200, discovered);
    const at = locate(path);
    if (parameters.get('watch') === 'true') return this.#watch(at, parameters);
    const { collection, namespace, name, subresource, resource } = at;
    const key = `${collection}|${namespace ?? ''}|${name}`;
    const known = this.#objects.get(key);
    if (name === undefined && request.method === 'DELETE') {
      for (const object of this.list(path)) this.remove(`${path}/${object.metadata.name}`);
      return json(200, { kind: 'Status', status: 'Success' });
    }
    if (name !== undefined && known === undefined && request.method !== 'POST') {
      throw notFoundError(resource, name);
    }
    switch (request.method) {
      case 'GET':
        return name === undefined ? this.#listResponse(at, parameters) : json(200, known!);
      case 'POST': {
        const object = JSON.parse(bodyText(request)) as KubeObject;
        if (subresource === 'binding') {
          const bound = deepCopy(known!);
          bound.spec.nodeName = object.target.name;
          setCondition(bound, { type: 'PodScheduled', status: 'True' });
          this.#store(key, collection, bound);
          return json(201, { kind: 'Status', status: 'Success' });
        }
        object.metadata.name ??= `${object.metadata.generateName}${this.#revision}x`;
        delete (object.metadata as JsonObject).resourceVersion;
        if (namespace !== undefined) object.metadata.namespace = namespace;
        const own = `${collection}|${namespace ?? ''}|${object.metadata.name}`;
        if (this.#objects.has(own)) throw alreadyExistsError(resource, object.metadata.name);
        return json(201, this.#store(own, collection, object));
      }
      case 'PUT': {
        const object = JSON.parse(bodyText(request)) as KubeObject;
        const version = object.metadata.resourceVersion;
        if (version !== undefined && version !== known!.metadata.resourceVersion) {
          throw conflictError(resource, name!, OPTIMISTIC_LOCK);
        }
        const next =
          subresource === 'status' ? { ...object, spec: known!.spec } : { ...object, status: known!.status };
        return json(200, this.#update(key, collection, known!, next));
      }
      case 'PATCH': {
        const patched = merge(known as unknown as Json, JSON.parse(request.body) as Json);
        return json(200, this.#update(key, collection, known!, patched as unknown as KubeObject));
      }
      case 'DELETE': {
        const options = JSON.parse(request.body || '{}') as { propagationPolicy?: string };
        const finalizer = PROPAGATION_FINALIZERS[options.propagationPolicy ?? ''];
        if (finalizer !== undefined || (known!.metadata.finalizers ?? []).length > 0) {
          const marked = deepCopy(known!);
          if (finalizer !== undefined) {
            marked.metadata.finalizers = [...(marked.metadata.finalizers ?? []), finalizer];
          }
          marked.metadata.deletionTimestamp ??= formatTime(this.#clock.now());
          return json(200, this.#store(key, collection, marked));
        }
        this.remove(path);
        return json(200, { kind: 'Status', status: 'Success' });
      }
      default:
        throw new Error(`the fake server knows no ${request.method}`);
    }
  }

  #update(key: string, collection: string, known: KubeObject, next: KubeObject): KubeObject {
    const specChanged = JSON.stringify(known.spec) !== JSON.stringify(next.spec);
    const copy = deepCopy(next);
    if (known.metadata.generation !== undefined) {
      copy.metadata.generation = known.metadata.generation + (specChanged ? 1 : 0);
    }
    if (copy.metadata.deletionTimestamp !== undefined && (copy.metadata.finalizers ?? []).length === 0) {
      this.#objects.delete(key);
      this.#notify(collection, 'DELETED', copy);
      return copy;
    }
    return this.#store(key, collection, copy);
  }

  #store(key: string, collection: string, object: KubeObject): KubeObject {
    const isNew = !this.#objects.has(key);
    const metadata = object.metadata;
    metadata.uid ??= `uid-${this.#revision}`;
    metadata.creationTimestamp ??= formatTime(this.#clock.now());
    metadata.resourceVersion = String(++this.#revision);
    if (isNew && object.spec !== undefined) metadata.generation ??= 1;
    this.#objects.set(key, object);
    this.#notify(collection, isNew ? 'ADDED' : 'MODIFIED', object);
    return object;
  }

  #notify(collection: string, type: string, object: KubeObject): void {
    const event = { type, object: this.#shown(frozen(deepCopy(object))) };
    this.#history.push({ collection, revision: this.#revision, event });
    for (const watcher of [...this.#watchers]) {
      if (watcher.collection !== collection || !selects(watcher, object)) continue;
      watcher.push(event);
    }
  }

  #listResponse(at: Location, parameters: ReadonlyMap<string, string>): HttpResponse {
    const filter = { namespace: at.namespace, selectors: selectorsOf(parameters) };
    const items = [...this.#objects]
      .filter(([key]) => key.startsWith(`${at.collection}|`))
      .map(([, object]) => object)
      .filter((object) => selects(filter, object));
    return json(200, {
      kind: 'List',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(this.#revision) },
      items,
    });
  }

  #watch(at: Location, parameters: ReadonlyMap<string, string>): HttpResponse {
    const from = Number(parameters.get('resourceVersion') ?? 0);
    if (from < this.#compacted) {
      throw expiredError(`too old resource version: ${from} (${this.#compacted})`);
    }
    const queue: FakeEvent[] = [];
    let wake = () => {};
    let ended = false;
    let failure: Error | undefined;
    const end = () => {
      ended = true;
      this.#watchers.delete(watcher);
      wake();
    };
    const watcher: Watcher = {
      collection: at.collection,
      namespace: at.namespace,
      selectors: selectorsOf(parameters),
      push: (event) => {
        queue.push(event);
        wake();
      },
      fail: (error) => {
        failure = error;
        end();
      },
    };
    for (const { collection, revision, event } of this.#history) {
      if (collection === at.collection && revision > from && selects(watcher, event.object)) {
        watcher.push(event);
      }
    }
    this.#watchers.add(watcher);
    async function* values(): AsyncGenerator<FakeEvent, undefined> {
      for (;;) {
        while (queue.length > 0) yield queue.shift()!;
        if (failure !== undefined) throw failure;
        if (ended) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
    return {
      status: 200,
      headers: {},
      body: {
        cancel: end,
        values,
        async *[Symbol.asyncIterator]() {
          for await (const event of values()) yield `${JSON.stringify(event)}\n`;
        },
      },
    };
  }
}

interface Location {
  readonly collection: string;
  readonly resource: { readonly group: string; readonly resource: string };
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

function locate(path: string): Location {
  const parts = path.split('/').filter((part) => part !== '');
  const group = parts[0] === 'api' ? '' : parts[1]!;
  let rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  let namespace: string | undefined;
  if (rest[0] === 'namespaces' && rest.length > 2 && !['status', 'finalize'].includes(rest[2]!)) {
    namespace = rest[1];
    rest = rest.slice(2);
  }
  const [resource, name, subresource] = rest;
  return {
    collection: `${group}/${resource}`,
    resource: { group, resource: resource! },
    namespace,
    name,
    subresource,
  };
}

function selectorsOf(parameters: ReadonlyMap<string, string>): FieldTerm[] {
  return (parameters.get('fieldSelector') ?? '')
    .split(',')
    .filter((term) => term !== '')
    .map((term) => /^(.*?)(!?=)(.*)$/.exec(term)!.slice(1) as unknown as FieldTerm);
}

function selects(filter: Pick<Watcher, 'namespace' | 'selectors'>, object: KubeObject): boolean {
  if (filter.namespace !== undefined && object.metadata.namespace !== filter.namespace) return false;
  return filter.selectors.every(([field, operator, value]) => {
    let at: unknown = object;
    for (const part of field.split('.')) at = (at as JsonObject | undefined)?.[part];
    return ((at ?? '') === value) === (operator === '=');
  });
}

function setCondition(object: KubeObject, condition: { type: string; status: string }): void {
  object.status ??= {};
  const others = ((object.status.conditions ?? []) as { type: string }[]).filter(
    ({ type }) => type !== condition.type,
  );
  object.status.conditions = [...others, condition];
}

/** The fields by which lists are merged. */
const MERGE_KEYS: Readonly<Record<string, string>> = { conditions: 'type', ownerReferences: 'uid' };

/** A merge patch that also merges a few lists as a strategic one does. */
function merge(target: Json, patch: Json, field = ''): Json {
  if (Array.isArray(patch)) {
    const key = MERGE_KEYS[field];
    if (key === undefined || !Array.isArray(target)) return patch;
    const keyOf = (item: Json) => (item as JsonObject)[key];
    const patched = new Set(patch.map(keyOf));
    return [
      ...target.filter((item) => !patched.has(keyOf(item))),
      ...patch.filter((item) => (item as JsonObject).$patch !== 'delete'),
    ];
  }
  if (typeof patch !== 'object' || patch === null) return patch;
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const result: JsonObject = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete result[key];
    else result[key] = merge(result[key] ?? null, value, key);
  }
  return result;
}

const PROPAGATION_FINALIZERS: Readonly<Record<string, string>> = {
  Orphan: 'orphan',
  Foreground: 'foregroundDeletion',
};

/** The same object, which nobody can change from now on. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

function json(status: number, body: object): HttpResponse {
  const value = frozen(deepCopy(body));
  return new JsonResponse(status, { 'content-type': 'application/json' }, value, () => JSON.stringify(value));
}
