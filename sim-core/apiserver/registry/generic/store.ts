import { goQuote } from '../../../apimachinery/go-format.ts';
import type { Selector } from '../../../apimachinery/labels/selector.ts';
import type { KubeList, KubeObject, ListMeta } from '../../../apimachinery/object.ts';
import { apiVersionOf } from '../../../apimachinery/object.ts';
import { badRequestError, notFoundError, unknownError } from '../../../apimachinery/status.ts';
import { nameIsPathSegment } from '../../../apimachinery/validation/names.ts';
import type { WatchSink } from '../../storage/cacher/cache-watcher.ts';
import type { CacheWatchOptions, Cacher } from '../../storage/cacher/cacher.ts';
import type { Selection } from '../../storage/cacher/selection.ts';
import { decodeContinue, encodeContinue } from '../../storage/continue.ts';
import type { Etcd3Store } from '../../storage/etcd3/store.ts';
import { checks } from '../checks.ts';
import type {
  DeleteOptions,
  DeleteResult,
  ObjectStore,
  RequestContext,
  ValidateObject,
} from '../rest/object-store.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import type { ListOptions } from './list-options.ts';
import { matcherOf } from './list-options.ts';
import { parseListedVersion, parseResourceVersion } from './resource-version.ts';
import type { StoreParts } from './store-parts.ts';
import type { UpdateOptions } from './store-writer.ts';
import type { StoreWrites } from './store-writes.ts';

/**
 * The store of one resource: it knows no kind, the kind's strategy does.
 *
 * Models k8s.io/apiserver/pkg/registry/generic/registry/store.go.
 */
export class GenericStore implements ObjectStore {
  readonly definition: ResourceDefinition;
  readonly #parts: StoreParts;
  readonly #storage: Etcd3Store;
  readonly #cacher: Cacher;
  #madeWrites: StoreWrites | undefined;

  constructor(parts: StoreParts) {
    this.definition = parts.definition;
    this.#parts = parts;
    this.#storage = parts.storage;
    this.#cacher = parts.cacher;
  }

  get cacher(): Cacher {
    return this.#cacher;
  }

  /** The key of an object: "/registry/pods/default/web". Rejects with 400 or 500. Models NamespaceKeyFunc. */
  key(namespace: string, name: string): string {
    if (this.definition.namespaced && namespace === '') {
      throw badRequestError('Namespace parameter required.');
    }
    if (name === '') throw badRequestError('Name parameter required.');
    const complaints = nameIsPathSegment(name, false);
    if (complaints.length > 0) {
      throw badRequestError(`Name parameter invalid: ${goQuote(name)}: ${complaints.join(';')}`);
    }
    if (!this.definition.namespaced) return this.#storage.prefix + name;
    const key = `${this.#storage.prefix}${namespace}/${name}`;
    refuseDots(namespace, key);
    return key;
  }

  /** What the keys of a namespace's objects begin with; of all objects for "" or a cluster-scoped kind. */
  prefix(namespace: string | undefined): string {
    return this.definition.namespaced && namespace !== undefined && namespace !== ''
      ? `${this.#storage.prefix}${namespace}/`
      : this.#storage.prefix;
  }

  async get(name: string, context: RequestContext): Promise<KubeObject> {
    const key = this.key(context.namespace, name);
    const { object, revision } = await this.#storage.get(key);
    this.#traceRead('etcd', key, revision, object === undefined ? 0 : 1, context);
    if (object === undefined) throw notFoundError(this.definition, name);
    return object;
  }

  /** The object at `resourceVersion` or later, from the watch cache; "" reads etcd itself. */
  async getAt(name: string, resourceVersion: string, context: RequestContext): Promise<KubeObject> {
    if (resourceVersion === '') return this.get(name, context);
    const key = this.key(context.namespace, name);
    const object = await this.#cacher.getAt(key, parseResourceVersion(resourceVersion));
    this.#traceRead('cache', key, this.#cacher.revision, object === undefined ? 0 : 1, context);
    if (object === undefined) throw notFoundError(this.definition, name);
    return object;
  }

  async list(namespace: string | undefined, context: RequestContext): Promise<KubeList> {
    const prefix = this.prefix(namespace);
    const { objects, revision } = await this.#cacher.listAt({ prefix }, undefined, 0);
    this.#traceRead('cache', prefix, revision, objects.length, context);
    return this.#listOf(objects, { resourceVersion: String(revision) });
  }

  /** Lists what a client asked for. Models Store.ListPredicate and cacher.GetList. */
  async listWith(options: ListOptions, context: RequestContext): Promise<KubeList> {
    const selection = this.#selection(options, context.namespace);
    const { resourceVersion, resourceVersionMatch, limit } = options;
    if (resourceVersion === '') refuseDots(context.namespace, selection.prefix.slice(0, -1));
    const isPaged = limit > 0 && resourceVersion !== '' && resourceVersion !== '0';
    if (options.continue !== '' || resourceVersionMatch === 'Exact' || isPaged) {
      const wanted = parseListedVersion(resourceVersion);
      // A page of a certain version is a page of exactly that one, unless the client says otherwise.
      const isExact = resourceVersionMatch !== 'NotOlderThan';
      if (options.continue !== '' || isExact) return this.#listFromEtcd(selection, wanted, options, context);
    }
    const revision = resourceVersion === '' ? undefined : parseResourceVersion(resourceVersion);
    // "Any version" ignores the limit: the whole answer is in memory.
    const effective = revision === 0 ? 0 : limit;
    const result = await this.#cacher.listAt(selection, revision, effective);
    this.#traceRead(
      'cache',
      selection.key ?? selection.prefix,
      result.revision,
      result.objects.length,
      context,
    );
    const { cut } = result;
    return this.#listOf(result.objects, {
      resourceVersion: String(result.revision),
      ...(cut !== undefined && {
        continue: encodeContinue(`${cut.lastKey}\0`, selection.prefix, result.revision),
        ...(selection.matches === undefined && { remainingItemCount: cut.remaining }),
      }),
    });
  }

  async #listFromEtcd(
    selection: Selection,
    revision: number,
    options: ListOptions,
    context: RequestContext,
  ): Promise<KubeList> {
    const { matches, prefix } = selection;
    if (options.continue !== '') {
      decodeContinue(options.continue, prefix);
      if (revision > 0) {
        throw badRequestError('specifying resource version is not allowed when using continue');
      }
    }
    const result = await this.#storage.list(prefix, {
      matches: matches ?? (() => true),
      matchesAll: matches === undefined,
      limit: options.limit,
      ...(options.continue === '' ? { revision } : { continue: options.continue }),
    });
    this.#traceRead('etcd', prefix, result.revision, result.objects.length, context);
    return this.#listOf(result.objects, {
      resourceVersion: String(result.revision),
      ...(result.continue !== undefined && { continue: result.continue }),
      ...(result.remaining !== undefined && { remainingItemCount: result.remaining }),
    });
  }

  /** Tells `sink` the changes that a client asked for; see {@link Cacher.watch}. */
  watch(
    options: ListOptions,
    watchOptions: Omit<CacheWatchOptions, 'revision'>,
    context: RequestContext,
    sink: WatchSink,
  ): Promise<() => void> {
    const revision =
      options.resourceVersion === '' ? undefined : parseResourceVersion(options.resourceVersion);
    return this.#cacher.watch(
      this.#selection(options, context.namespace),
      { ...watchOptions, revision },
      sink,
    );
  }

  #selection(options: ListOptions, namespace: string): Selection {
    const prefix = this.prefix(namespace);
    const name = options.fields.requiresExactMatch('metadata.name');
    const trigger =
      this.definition.trigger && options.fields.requiresExactMatch(this.definition.trigger.field);
    const isOne =
      name !== undefined &&
      name !== '' &&
      nameIsPathSegment(name, false).length === 0 &&
      (!this.definition.namespaced || namespace !== '');
    return {
      prefix,
      matches: matcherOf(this.definition, options),
      ...(isOne && { key: this.key(namespace, name) }),
      ...(trigger !== undefined && { trigger }),
      label: labelOf(options.labels),
    };
  }

  create(object: KubeObject, context: RequestContext, validate?: ValidateObject): Promise<KubeObject> {
    return this.#writes.writer.create(object, context, validate);
  }

  update(
    name: string,
    change: (current: KubeObject) => KubeObject | Promise<KubeObject>,
    context: RequestContext,
    validate?: ValidateObject,
  ): Promise<KubeObject> {
    return this.#writes.writer.update(name, change, context, validate);
  }

  /** See {@link StoreWriter.updateWith}. */
  updateWith(
    name: string,
    change: (existing: KubeObject | undefined) => Promise<KubeObject>,
    context: RequestContext,
    options: UpdateOptions,
  ): Promise<{ object: KubeObject; created: boolean }> {
    return this.#writes.writer.updateWith(name, change, context, options);
  }

  guaranteedUpdate(
    name: string,
    change: (current: KubeObject) => KubeObject | Promise<KubeObject>,
    context: RequestContext,
    uid?: string,
  ): Promise<KubeObject> {
    return this.#writes.writer.guaranteedUpdate(name, change, context, uid);
  }

  delete(
    name: string,
    options: DeleteOptions,
    context: RequestContext,
    validate?: ValidateObject,
  ): Promise<DeleteResult> {
    return this.#writes.deleter.delete(name, options, context, validate);
  }

  /** See {@link StoreDeleter.deleteCollection}. */
  deleteCollection(
    options: ListOptions,
    deleteOptions: DeleteOptions,
    context: RequestContext,
    validate?: ValidateObject,
  ): Promise<KubeList> {
    return this.#writes.deleter.deleteCollection(options, deleteOptions, context, validate);
  }

  /** What writes: a page that only reads does not fetch it. */
  get #writes(): StoreWrites {
    return (this.#madeWrites ??= checks.generic.loaded.writesOf(this, this.#parts));
  }

  #traceRead(
    source: 'cache' | 'etcd',
    key: string,
    revision: number,
    count: number,
    { requestId }: RequestContext,
  ): void {
    if (requestId === undefined) return;
    this.#parts.tracer.emit({ type: 'read', source, key, revision, count }, requestId);
  }

  #listOf(objects: readonly KubeObject[], metadata: ListMeta): KubeList {
    return {
      kind: this.definition.custom?.listKind ?? `${this.definition.kind}List`,
      apiVersion: apiVersionOf(this.definition),
      metadata,
      items: objects as KubeObject[],
    };
  }
}

/** Models storage/etcd3 store.prepareKey: a namespace that would lead out of its place among the keys is a 500. */
function refuseDots(namespace: string, key: string): void {
  if (namespace !== '.' && namespace !== '..') return;
  throw unknownError(`invalid key: ${goQuote(key.replace(/^\/registry/, ''))}`);
}

/** A label that must have one value, if there is such. */
function labelOf(selector: Selector): Selection['label'] {
  for (const { key } of selector.requirements) {
    const value = selector.requiresExactMatch(key);
    if (value !== undefined) return { key, value };
  }
  return undefined;
}
