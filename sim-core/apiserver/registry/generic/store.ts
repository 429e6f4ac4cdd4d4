import { deepCopy } from '../../../apimachinery/copy.ts';
import { unsignedComplaint } from '../../../apimachinery/go-numbers.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import type { KubeList, KubeObject, ListMeta, ObjectMeta } from '../../../apimachinery/object.ts';
import { apiVersionOf } from '../../../apimachinery/object.ts';
import {
  alreadyExistsError,
  badRequestError,
  conflictError,
  invalidError,
  isReason,
  notFoundError,
  StatusError,
  unknownError,
  OPTIMISTIC_LOCK,
} from '../../../apimachinery/status.ts';
import type { Selector } from '../../../apimachinery/labels/selector.ts';
import type { Tracer } from '../../../apimachinery/trace.ts';
import { GoLiteral, invalid } from '../../../apimachinery/validation/field-error.ts';
import { nameIsPathSegment } from '../../../apimachinery/validation/names.ts';
import type { CacheWatchOptions, Cacher } from '../../storage/cacher/cacher.ts';
import type { WatchSink } from '../../storage/cacher/cache-watcher.ts';
import type { Selection } from '../../storage/cacher/selection.ts';
import { decodeContinue, encodeContinue } from '../../storage/continue.ts';
import { StorageError } from '../../storage/errors.ts';
import { inOrder } from '../../storage/etcd3/codec.ts';
import type { Etcd3Store } from '../../storage/etcd3/store.ts';
import { fillSystemFields, generateName } from '../rest/meta.ts';
import type {
  DeleteOptions,
  DeleteResult,
  ObjectStore,
  RequestContext,
  ValidateObject,
} from '../rest/object-store.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import type { ServerServices } from '../rest/server-services.ts';
import type { UpdateStrategy } from '../rest/strategy.ts';
import type { FinishWrite, SubresourceContext } from '../rest/subresource.ts';
import type { ListOptions } from './list-options.ts';
import { matcherOf } from './list-options.ts';
import { checks } from '../checks.ts';

/** How many objects are listed at once for deletion. Models deleteCollectionPageSize. */
const DELETED_PAGE = 10_000;

/** What an update may do beyond the strategy's default. */
export interface UpdateOptions {
  /** Which fields may change: the kind's own strategy, or a subresource's. */
  readonly strategy: UpdateStrategy;
  /** The uid that the client's object has. */
  readonly uid?: string | undefined;
  /** Makes the object if there is none (server-side apply). */
  readonly forceAllowCreate?: boolean;
  readonly validateUpdate?: ValidateObject | undefined;
  readonly validateCreate?: ValidateObject | undefined;
}

/** Thrown inside of an update to end in a deletion: the last finalizer of a marked object went. */
class EmptiedFinalizers extends Error {
  readonly object: KubeObject;
  constructor(object: KubeObject) {
    super('the last finalizer was removed');
    this.object = object;
  }
}

/** Thrown inside of the marking of a deletion. */
class DeletionOutcome extends Error {
  readonly outcome: 'delete now' | 'already deleting';
  readonly object: KubeObject;
  constructor(outcome: DeletionOutcome['outcome'], object: KubeObject) {
    super(outcome);
    this.outcome = outcome;
    this.object = object;
  }
}

/**
 * The store of one resource: it knows no kind, the kind's strategy does.
 *
 * Models k8s.io/apiserver/pkg/registry/generic/registry/store.go.
 */
export class GenericStore implements ObjectStore {
  readonly definition: ResourceDefinition;
  readonly #storage: Etcd3Store;
  readonly #cacher: Cacher;
  readonly #tracer: Tracer;
  readonly #services: () => ServerServices;

  /** `services` is called when the first request comes: the server is complete then. */
  constructor(
    definition: ResourceDefinition,
    storage: Etcd3Store,
    cacher: Cacher,
    tracer: Tracer,
    services: () => ServerServices,
  ) {
    this.definition = definition;
    this.#storage = storage;
    this.#cacher = cacher;
    this.#tracer = tracer;
    this.#services = services;
  }

  get cacher(): Cacher {
    return this.#cacher;
  }

  /** The key of an object: "/registry/pods/default/web". Rejects with 400 or 500. Models NamespaceKeyFunc. */
  key(namespace: string, name: string): string {
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

  async create(object: KubeObject, context: RequestContext, validate?: ValidateObject): Promise<KubeObject> {
    const { metadata } = object;
    const services = this.#services();
    fillSystemFields(metadata, services.rand, context.now);
    if ((metadata.name ?? '') === '' && (metadata.generateName ?? '') !== '') {
      metadata.name = generateName(metadata.generateName!, services.rand);
    }
    const finish = await this.definition.hooks?.beginCreate?.(
      object,
      this.#endpointContext(metadata.name ?? '', context, validate),
    );
    return this.#finishing(finish, async () => {
      this.#validated(context, () => checks.generic.loaded.beforeCreate(this.definition, object, context));
      await validate?.(object, undefined);
      // What is stored is read with its defaults, as those of a part that was made up meanwhile.
      this.definition.strategy.fillDefaults?.(object);
      const name = metadata.name!;
      const key = this.key(context.namespace, name);
      try {
        if (!context.dryRun) {
          refuseResourceVersion(metadata);
          return await this.#storage.create(key, object, context.requestId);
        }
        const { object: existing } = await this.#storage.get(key);
        if (existing !== undefined) throw new StorageError('KeyExists', key);
        return inOrder(object, metadata.resourceVersion);
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        const exists = alreadyExistsError(this.definition, name);
        const { object: existing } = await this.#storage.get(key);
        throw existing?.metadata.deletionTimestamp === undefined
          ? checks.generic.loaded.checkGeneratedName(exists, object)
          : new StatusError(
              409,
              'AlreadyExists',
              `object is being deleted: ${exists.message}`,
              exists.status.details,
            );
      }
    });
  }

  async update(
    name: string,
    change: (current: KubeObject) => KubeObject | Promise<KubeObject>,
    context: RequestContext,
    validate?: ValidateObject,
  ): Promise<KubeObject> {
    const { object } = await this.updateWith(
      name,
      async (current) => {
        if (current === undefined) throw notFoundError(this.definition, name);
        const object = await change(deepCopy(current));
        delete object.metadata.resourceVersion;
        return object;
      },
      context,
      {
        strategy: { ...this.definition.strategy, allowUnconditionalUpdate: true },
        validateUpdate: validate,
      },
    );
    return object;
  }

  /**
   * Runs an update with everything around it: `change` gets what is stored (undefined: nothing) and
   * returns a new object. Models Store.Update.
   */
  async updateWith(
    name: string,
    change: (existing: KubeObject | undefined) => Promise<KubeObject>,
    context: RequestContext,
    options: UpdateOptions,
  ): Promise<{ object: KubeObject; created: boolean }> {
    const key = this.key(context.namespace, name);
    let created = false;
    try {
      const object = await this.#guaranteedUpdate(key, context, async (existing, finishers) => {
        this.#checkUid(shownKey(key, context), name, existing, options.uid);
        created = existing === undefined;
        if (
          existing === undefined &&
          !this.definition.strategy.allowCreateOnUpdate &&
          !options.forceAllowCreate
        ) {
          throw notFoundError(this.definition, name);
        }
        const object = await change(existing);
        return existing === undefined
          ? this.#createOnUpdate(name, object, context, options, finishers)
          : this.#changeStored(name, object, existing, context, options, finishers);
      });
      return { object, created };
    } catch (error) {
      if (!(error instanceof EmptiedFinalizers)) throw error;
      return { object: await this.#deleteWithoutFinalizers(name, error.object, context), created: false };
    }
  }

  async #createOnUpdate(
    name: string,
    object: KubeObject,
    context: RequestContext,
    options: UpdateOptions,
    finishers: FinishWrite[],
  ): Promise<KubeObject> {
    fillSystemFields(object.metadata, this.#services().rand, context.now);
    const finish = await this.definition.hooks?.beginCreate?.(
      object,
      this.#endpointContext(name, context, options.validateCreate),
    );
    if (finish !== undefined) finishers.push(finish);
    this.#validated(context, () => checks.generic.loaded.beforeCreate(this.definition, object, context));
    await options.validateCreate?.(object, undefined);
    this.definition.strategy.fillDefaults?.(object);
    return object;
  }

  async #changeStored(
    name: string,
    object: KubeObject,
    existing: KubeObject,
    context: RequestContext,
    { strategy, validateUpdate }: UpdateOptions,
    finishers: FinishWrite[],
  ): Promise<KubeObject> {
    const { definition } = this;
    const { resourceVersion = '' } = object.metadata;
    if (resourceVersion === '' || resourceVersion === '0') {
      if (strategy.allowUnconditionalUpdate === false) {
        throw invalidError({ group: definition.group, kind: definition.resource }, name, [
          invalid('metadata.resourceVersion', new GoLiteral('0x0'), 'must be specified for an update'),
        ]);
      }
      object.metadata.resourceVersion = existing.metadata.resourceVersion!;
    } else if (resourceVersion !== existing.metadata.resourceVersion) {
      parseObjectResourceVersion(resourceVersion);
      throw conflictError(definition, name, OPTIMISTIC_LOCK);
    }
    const finish = await definition.hooks?.beginUpdate?.(
      object,
      existing,
      this.#endpointContext(name, context, validateUpdate),
    );
    if (finish !== undefined) finishers.push(finish);
    this.#validated(context, () =>
      checks.generic.loaded.beforeUpdate(definition, strategy, object, existing, context),
    );
    await validateUpdate?.(object, existing);
    if (this.#isToBeDeleted(object, existing)) throw new EmptiedFinalizers(object);
    return object;
  }

  async guaranteedUpdate(
    name: string,
    change: (current: KubeObject) => KubeObject | Promise<KubeObject>,
    context: RequestContext,
    uid?: string,
  ): Promise<KubeObject> {
    const key = this.key(context.namespace, name);
    return this.#guaranteedUpdate(key, context, async (existing) => {
      this.#checkUid(shownKey(key, context), name, existing, uid);
      if (existing === undefined) throw notFoundError(this.definition, name);
      return change(deepCopy(existing));
    });
  }

  /** The storage's loop, or one round of it without the write on a dry run. */
  async #guaranteedUpdate(
    key: string,
    context: RequestContext,
    change: (existing: KubeObject | undefined, finishers: FinishWrite[]) => Promise<KubeObject>,
  ): Promise<KubeObject> {
    let finishers: FinishWrite[] = [];
    const finish = async (succeeded: boolean) => {
      const running = finishers;
      finishers = [];
      for (const finisher of running) await finisher(succeeded);
    };
    try {
      const attempt = async (existing: KubeObject | undefined) => {
        if (finishers.length > 0) await finish(false);
        return change(existing, finishers);
      };
      let result: KubeObject;
      if (context.dryRun) {
        const { object: existing } = await this.#storage.get(key);
        result = inOrder(await attempt(existing), existing?.metadata.resourceVersion);
      } else {
        result = await this.#storage.guaranteedUpdate(key, attempt, context.requestId);
      }
      if (finishers.length > 0) await finish(true);
      return result;
    } catch (error) {
      if (finishers.length > 0) await finish(false);
      throw error;
    }
  }

  async delete(
    name: string,
    options: DeleteOptions,
    context: RequestContext,
    validate?: ValidateObject,
  ): Promise<DeleteResult> {
    const hook = this.definition.hooks?.delete;
    for (const text of this.definition.strategy.warningsOnDelete?.(options) ?? []) context.warn(text);
    const proceed = () => this.#delete(name, options, context, validate);
    if (hook === undefined) return proceed();
    const subresource: SubresourceContext = {
      ...this.#endpointContext(name, context, validate),
      store: this,
    };
    return hook(options, subresource, proceed);
  }

  /** Models Store.Delete. */
  async #delete(
    name: string,
    options: DeleteOptions,
    context: RequestContext,
    validate: ValidateObject | undefined,
  ): Promise<DeleteResult> {
    const { definition } = this;
    const key = this.key(context.namespace, name);
    const { object } = await this.#storage.get(key);
    if (object === undefined) throw notFoundError(definition, name);
    const plan = checks.generic.loaded.beforeDelete(definition, object, options);
    if (plan.pending) return { object, deleted: false };
    const finalizers = checks.generic.loaded.finalizersForDeletion(this.definition, object, options);
    let last = object;
    if (plan.graceful || finalizers.length > 0 || (object.metadata.finalizers ?? []).length > 0) {
      const marked = await this.#mark(key, name, options, context, validate);
      if (!marked.deleteNow) return { object: marked.object, deleted: false };
      last = marked.object;
    }
    if (context.dryRun) {
      await validate?.(last, last);
      return { object: last, deleted: true };
    }
    try {
      const deleted = await this.#storage.delete(
        key,
        async (existing) => {
          checks.generic.loaded.beforeDelete(definition, existing, {
            ...options,
            preconditions: this.#preconditions(options, last),
          });
          await validate?.(existing, existing);
        },
        context.requestId,
      );
      return { object: await this.#afterDelete(deleted, context), deleted: true };
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      // Marking it let its owner delete it first: that is what was asked for.
      if (plan.graceful) return { object: last, deleted: true };
      throw notFoundError(definition, name);
    }
  }

  /** Marking the object changed its resource version: that is the one to insist on now. */
  #preconditions(options: DeleteOptions, last: KubeObject): DeleteOptions['preconditions'] {
    const { preconditions } = options;
    return preconditions?.resourceVersion === undefined
      ? preconditions
      : { ...preconditions, resourceVersion: last.metadata.resourceVersion! };
  }

  /** Models Store.updateForGracefulDeletionAndFinalizers. */
  async #mark(
    key: string,
    name: string,
    options: DeleteOptions,
    context: RequestContext,
    validate: ValidateObject | undefined,
  ): Promise<{ object: KubeObject; deleteNow: boolean }> {
    try {
      let deleteNow = false;
      const object = await this.#guaranteedUpdate(key, context, async (existing) => {
        if (existing === undefined) throw notFoundError(this.definition, name);
        await validate?.(existing, existing);
        const plan = checks.generic.loaded.beforeDelete(this.definition, existing, options);
        if (plan.pending) throw new DeletionOutcome('already deleting', existing);
        const marked = deepCopy(existing);
        const finalizers = checks.generic.loaded.finalizersForDeletion(this.definition, existing, options);
        if (finalizers.length > 0) marked.metadata.finalizers = [...finalizers];
        else delete marked.metadata.finalizers;
        if (plan.graceful) {
          checks.generic.loaded.markGracefully(marked, plan.gracePeriodSeconds, context.now);
          deleteNow = finalizers.length === 0 && plan.gracePeriodSeconds === 0;
        } else {
          if (finalizers.length === 0) throw new DeletionOutcome('delete now', existing);
          checks.generic.loaded.markAsDeleting(marked, context.now);
        }
        return marked;
      });
      return { object, deleteNow };
    } catch (error) {
      if (!(error instanceof DeletionOutcome)) throw error;
      return { object: error.object, deleteNow: error.outcome === 'delete now' };
    }
  }

  /**
   * Deletes all that is selected, one after another and a page at a time, or one page of a limit's size; gives
   * the list as it was. Models Store.DeleteCollection.
   */
  async deleteCollection(
    options: ListOptions,
    deleteOptions: DeleteOptions,
    context: RequestContext,
    validate?: ValidateObject,
  ): Promise<KubeList> {
    const isOnePage = options.limit > 0;
    const list = await this.listWith({ ...options, limit: options.limit || DELETED_PAGE }, context);
    await this.#deleteAll(list.items, deleteOptions, context, validate);
    if (isOnePage) return list;
    let next = list.metadata.continue ?? '';
    const items = [...list.items];
    while (next !== '') {
      const rest = { resourceVersion: '', resourceVersionMatch: '' as const, limit: DELETED_PAGE };
      const page = await this.listWith({ ...options, ...rest, continue: next }, context);
      await this.#deleteAll(page.items, deleteOptions, context, validate);
      items.push(...page.items);
      next = page.metadata.continue ?? '';
    }
    return { ...list, items };
  }

  async #deleteAll(
    objects: readonly KubeObject[],
    options: DeleteOptions,
    context: RequestContext,
    validate: ValidateObject | undefined,
  ): Promise<void> {
    for (const { metadata } of objects) {
      try {
        const scoped = { ...context, namespace: metadata.namespace ?? '' };
        await this.delete(metadata.name!, { ...options }, scoped, validate);
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
    }
  }

  /** Models Store.deleteWithoutFinalizers: gives the object as the client left it. */
  async #deleteWithoutFinalizers(
    name: string,
    object: KubeObject,
    context: RequestContext,
  ): Promise<KubeObject> {
    const last = inOrder(object, object.metadata.resourceVersion);
    if (context.dryRun) return last;
    const { resourceVersion } = last.metadata;
    try {
      await this.#storage.delete(
        this.key(context.namespace, name),
        async (existing) => {
          if (existing.metadata.resourceVersion !== resourceVersion) {
            throw conflictError(this.definition, name, OPTIMISTIC_LOCK);
          }
        },
        context.requestId,
      );
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return last;
    }
    return this.#afterDelete(last, context);
  }

  async #afterDelete(object: KubeObject, context: RequestContext): Promise<KubeObject> {
    await this.definition.hooks?.afterDelete?.(
      object,
      this.#endpointContext(object.metadata.name!, context, undefined),
    );
    return object;
  }

  /** Models ShouldDeleteDuringUpdate. */
  #isToBeDeleted(object: KubeObject, existing: KubeObject): boolean {
    const { finalizers = [], deletionTimestamp } = object.metadata;
    if (finalizers.length > 0 || deletionTimestamp === undefined) return false;
    if ((existing.metadata.deletionGracePeriodSeconds ?? 0) !== 0) return false;
    return this.definition.strategy.keepDeleted?.(object) !== true;
  }

  #checkUid(key: string, name: string, existing: KubeObject | undefined, uid: string | undefined): void {
    const stored = existing?.metadata.uid ?? '';
    if (uid === undefined || uid === '' || uid === stored) return;
    const detail = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${stored}`;
    throw conflictError(this.definition, name, new StorageError('InvalidObject', key, detail).message);
  }

  async #finishing<T>(finish: FinishWrite | undefined, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      await finish?.(true);
      return result;
    } catch (error) {
      await finish?.(false);
      throw error;
    }
  }

  /** Runs preparation and validation and records the verdict. */
  #validated({ requestId }: RequestContext, check: () => void): void {
    const { kind } = this.definition;
    try {
      check();
    } catch (error) {
      if (isReason(error, 'Invalid')) {
        const errors = (error.status.details?.causes ?? []).map((cause) => ({
          field: cause.field ?? '',
          message: cause.message ?? '',
        }));
        this.#tracer.emit({ type: 'validation-failed', kind, errors }, requestId);
      }
      throw error;
    }
    this.#tracer.emit({ type: 'validated', kind }, requestId);
  }

  #traceRead(
    source: 'cache' | 'etcd',
    key: string,
    revision: number,
    count: number,
    { requestId }: RequestContext,
  ): void {
    if (requestId === undefined) return;
    this.#tracer.emit({ type: 'read', source, key, revision, count }, requestId);
  }

  #endpointContext(
    name: string,
    context: RequestContext,
    validate: ValidateObject | undefined,
  ): Omit<SubresourceContext, 'store'> {
    return {
      ...context,
      name,
      query: () => [],
      services: this.#services(),
      validate: validate ?? (() => Promise.resolve()),
    };
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

/** A dry run does not come to where the prefix of all keys is put before them. Models DryRunnableStorage. */
const shownKey = (key: string, { dryRun }: RequestContext) => (dryRun ? key.replace(/^\/registry/, '') : key);

/** "" is 0. Rejects with Go's complaint, as 500. Models Versioner.ParseResourceVersion. */
function parseResourceVersion(text: string): number {
  const complaint = versionComplaint(text);
  if (complaint !== undefined) throw unknownError(complaint);
  return Number(text);
}

/** The same as a 400, where the version goes to etcd. Models storage/etcd3 store.GetList. */
function parseListedVersion(text: string): number {
  const complaint = versionComplaint(text);
  if (complaint !== undefined) throw badRequestError(`invalid resource version: ${complaint}`);
  return Number(text);
}

function versionComplaint(text: string): string | undefined {
  const complaint = text === '' ? undefined : unsignedComplaint(text);
  return complaint && `resourceVersion: Invalid value: ${goQuote(text)}: ${complaint}`;
}

/** The same complaint without the field, for a resource version inside of an object. */
function parseObjectResourceVersion(text: string): void {
  const complaint = unsignedComplaint(text);
  if (complaint !== undefined) throw unknownError(complaint);
}

/** A new object has no version yet. Models storage.ErrResourceVersionSetOnCreate; other texts are not read. */
function refuseResourceVersion({ resourceVersion = '' }: ObjectMeta): void {
  if (/^\d+$/.test(resourceVersion) && Number(resourceVersion) !== 0) {
    throw unknownError('resourceVersion should not be set on objects to be created');
  }
}

/** A label that must have one value, if there is such. */
function labelOf(selector: Selector): Selection['label'] {
  for (const { key } of selector.requirements) {
    const value = selector.requiresExactMatch(key);
    if (value !== undefined) return { key, value };
  }
  return undefined;
}
