import { deepCopy } from '../../../apimachinery/copy.ts';
import type { KubeList, KubeObject } from '../../../apimachinery/object.ts';
import { conflictError, isReason, notFoundError, OPTIMISTIC_LOCK } from '../../../apimachinery/status.ts';
import { StorageError } from '../../storage/errors.ts';
import { inOrder } from '../../storage/etcd3/codec.ts';
import type { Etcd3Store } from '../../storage/etcd3/store.ts';
import { beforeDelete, finalizersForDeletion, markAsDeleting, markGracefully } from '../rest/delete.ts';
import type { DeleteOptions, DeleteResult, RequestContext, ValidateObject } from '../rest/object-store.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import type { SubresourceContext } from '../rest/subresource.ts';
import { guaranteedUpdate } from './guaranteed-update.ts';
import type { ListOptions } from './list-options.ts';
import type { GenericStore } from './store.ts';
import type { StoreParts } from './store-parts.ts';
import { endpointContext } from './store-parts.ts';

/** How many objects are listed at once for deletion. Models deleteCollectionPageSize. */
const DELETED_PAGE = 10_000;

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
 * Deletes the objects of one store; see {@link ObjectStore} for what its methods promise.
 *
 * Models Delete and DeleteCollection of k8s.io/apiserver/pkg/registry/generic/registry/store.go.
 */
export class StoreDeleter {
  readonly #store: GenericStore;
  readonly #parts: StoreParts;
  readonly #definition: ResourceDefinition;
  readonly #storage: Etcd3Store;

  constructor(store: GenericStore, parts: StoreParts) {
    this.#store = store;
    this.#parts = parts;
    this.#definition = parts.definition;
    this.#storage = parts.storage;
  }

  async delete(
    name: string,
    options: DeleteOptions,
    context: RequestContext,
    validate?: ValidateObject,
  ): Promise<DeleteResult> {
    const hook = this.#definition.hooks?.delete;
    for (const text of this.#definition.strategy.warningsOnDelete?.(options) ?? []) context.warn(text);
    const proceed = () => this.#delete(name, options, context, validate);
    if (hook === undefined) return proceed();
    const subresource: SubresourceContext = {
      ...endpointContext(this.#parts, name, context, validate),
      store: this.#store,
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
    const definition = this.#definition;
    const key = this.#store.key(context.namespace, name);
    const { object } = await this.#storage.get(key);
    if (object === undefined) throw notFoundError(definition, name);
    const plan = beforeDelete(definition, object, options);
    if (plan.pending) return { object, deleted: false };
    const finalizers = finalizersForDeletion(this.#definition, object, options);
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
          beforeDelete(definition, existing, {
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
      const object = await guaranteedUpdate(this.#storage, key, context, async (existing) => {
        if (existing === undefined) throw notFoundError(this.#definition, name);
        await validate?.(existing, existing);
        const plan = beforeDelete(this.#definition, existing, options);
        if (plan.pending) throw new DeletionOutcome('already deleting', existing);
        const marked = deepCopy(existing);
        const finalizers = finalizersForDeletion(this.#definition, existing, options);
        if (finalizers.length > 0) marked.metadata.finalizers = [...finalizers];
        else delete marked.metadata.finalizers;
        if (plan.graceful) {
          markGracefully(marked, plan.gracePeriodSeconds, context.now);
          deleteNow = finalizers.length === 0 && plan.gracePeriodSeconds === 0;
        } else {
          if (finalizers.length === 0) throw new DeletionOutcome('delete now', existing);
          markAsDeleting(marked, context.now);
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
    // Also of none: the client is told of what it did not ask for.
    for (const text of this.#definition.strategy.warningsOnDelete?.(deleteOptions) ?? []) context.warn(text);
    const isOnePage = options.limit > 0;
    const list = await this.#store.listWith({ ...options, limit: options.limit || DELETED_PAGE }, context);
    await this.#deleteAll(list.items, deleteOptions, context, validate);
    if (isOnePage) return list;
    let next = list.metadata.continue ?? '';
    const items = [...list.items];
    while (next !== '') {
      const rest = { resourceVersion: '', resourceVersionMatch: '' as const, limit: DELETED_PAGE };
      const page = await this.#store.listWith({ ...options, ...rest, continue: next }, context);
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
  async deleteWithoutFinalizers(
    name: string,
    object: KubeObject,
    context: RequestContext,
  ): Promise<KubeObject> {
    const last = inOrder(object, object.metadata.resourceVersion);
    if (context.dryRun) return last;
    const { resourceVersion } = last.metadata;
    try {
      await this.#storage.delete(
        this.#store.key(context.namespace, name),
        async (existing) => {
          if (existing.metadata.resourceVersion !== resourceVersion) {
            throw conflictError(this.#definition, name, OPTIMISTIC_LOCK);
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
    await this.#definition.hooks?.afterDelete?.(
      object,
      endpointContext(this.#parts, object.metadata.name!, context, undefined),
    );
    return object;
  }
}
