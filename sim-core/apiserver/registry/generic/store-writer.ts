import { deepCopy } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { schemaOf } from '../../../apimachinery/schema/schema.ts';
import { inStructureOrder } from '../../../apimachinery/schema/structure-order.ts';
import {
  alreadyExistsError,
  conflictError,
  invalidError,
  isReason,
  notFoundError,
  OPTIMISTIC_LOCK,
  StatusError,
} from '../../../apimachinery/status.ts';
import { GoLiteral, invalid } from '../../../apimachinery/validation/field-error.ts';
import { StorageError } from '../../storage/errors.ts';
import { inOrder } from '../../storage/etcd3/codec.ts';
import type { Etcd3Store } from '../../storage/etcd3/store.ts';
import { beforeCreate, checkGeneratedName } from '../rest/create.ts';
import { fillSystemFields, generateName } from '../rest/meta.ts';
import type { RequestContext, ValidateObject } from '../rest/object-store.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import type { UpdateStrategy } from '../rest/strategy.ts';
import type { FinishWrite } from '../rest/subresource.ts';
import { beforeUpdate } from '../rest/update.ts';
import { guaranteedUpdate } from './guaranteed-update.ts';
import { parseObjectResourceVersion, refuseResourceVersion } from './resource-version.ts';
import type { GenericStore } from './store.ts';
import type { StoreDeleter } from './store-deleter.ts';
import type { StoreParts } from './store-parts.ts';
import { endpointContext } from './store-parts.ts';

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

/**
 * Creates and changes the objects of one store; see {@link ObjectStore} for what its methods promise.
 *
 * Models Create and Update of k8s.io/apiserver/pkg/registry/generic/registry/store.go.
 */
export class StoreWriter {
  readonly #store: GenericStore;
  readonly #parts: StoreParts;
  readonly #definition: ResourceDefinition;
  readonly #storage: Etcd3Store;
  readonly #deleter: StoreDeleter;

  constructor(store: GenericStore, parts: StoreParts, deleter: StoreDeleter) {
    this.#store = store;
    this.#parts = parts;
    this.#definition = parts.definition;
    this.#storage = parts.storage;
    this.#deleter = deleter;
  }

  async create(object: KubeObject, context: RequestContext, validate?: ValidateObject): Promise<KubeObject> {
    const { metadata } = object;
    const services = this.#parts.services();
    fillSystemFields(metadata, services.rand, context.now);
    if ((metadata.name ?? '') === '' && (metadata.generateName ?? '') !== '') {
      metadata.name = generateName(metadata.generateName!, services.rand);
    }
    const finish = await this.#definition.hooks?.beginCreate?.(
      object,
      endpointContext(this.#parts, metadata.name ?? '', context, validate),
    );
    return this.#finishing(finish, async () => {
      this.#validated(context, () => beforeCreate(this.#definition, object, context));
      await validate?.(object, undefined);
      // What is stored is read with its defaults, as those of a part that was made up meanwhile.
      this.#definition.strategy.fillDefaults?.(object);
      const name = metadata.name!;
      const key = this.#store.key(context.namespace, name);
      try {
        if (!context.dryRun) {
          refuseResourceVersion(metadata);
          return await this.#storage.create(key, this.#ordered(object), context.requestId);
        }
        const { object: existing } = await this.#storage.get(key);
        if (existing !== undefined) throw new StorageError('KeyExists', key);
        return inOrder(this.#ordered(object), metadata.resourceVersion);
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        const exists = alreadyExistsError(this.#definition, name);
        const { object: existing } = await this.#storage.get(key);
        throw existing?.metadata.deletionTimestamp === undefined
          ? checkGeneratedName(exists, object)
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
        if (current === undefined) throw notFoundError(this.#definition, name);
        const object = await change(deepCopy(current));
        delete object.metadata.resourceVersion;
        return object;
      },
      context,
      {
        strategy: { ...this.#definition.strategy, allowUnconditionalUpdate: true },
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
    const key = this.#store.key(context.namespace, name);
    let created = false;
    try {
      const object = await guaranteedUpdate(this.#storage, key, context, async (existing, finishers) => {
        this.#checkUid(shownKey(key, context), name, existing, options.uid);
        created = existing === undefined;
        if (
          existing === undefined &&
          !this.#definition.strategy.allowCreateOnUpdate &&
          !options.forceAllowCreate
        ) {
          throw notFoundError(this.#definition, name);
        }
        const object = await change(existing);
        return existing === undefined
          ? this.#createOnUpdate(name, object, context, options, finishers)
          : this.#changeStored(name, object, existing, context, options, finishers);
      });
      return { object, created };
    } catch (error) {
      if (!(error instanceof EmptiedFinalizers)) throw error;
      return {
        object: await this.#deleter.deleteWithoutFinalizers(name, error.object, context),
        created: false,
      };
    }
  }

  async #createOnUpdate(
    name: string,
    object: KubeObject,
    context: RequestContext,
    options: UpdateOptions,
    finishers: FinishWrite[],
  ): Promise<KubeObject> {
    fillSystemFields(object.metadata, this.#parts.services().rand, context.now);
    const finish = await this.#definition.hooks?.beginCreate?.(
      object,
      endpointContext(this.#parts, name, context, options.validateCreate),
    );
    if (finish !== undefined) finishers.push(finish);
    this.#validated(context, () => beforeCreate(this.#definition, object, context));
    await options.validateCreate?.(object, undefined);
    this.#definition.strategy.fillDefaults?.(object);
    return this.#ordered(object);
  }

  async #changeStored(
    name: string,
    object: KubeObject,
    existing: KubeObject,
    context: RequestContext,
    { strategy, validateUpdate }: UpdateOptions,
    finishers: FinishWrite[],
  ): Promise<KubeObject> {
    const definition = this.#definition;
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
    const hooks = strategy === definition.status ? undefined : definition.hooks;
    const finish = await hooks?.beginUpdate?.(
      object,
      existing,
      endpointContext(this.#parts, name, context, validateUpdate),
    );
    if (finish !== undefined) finishers.push(finish);
    this.#validated(context, () => beforeUpdate(definition, strategy, object, existing, context));
    await validateUpdate?.(object, existing);
    const ordered = this.#ordered(object, existing);
    if (this.#isToBeDeleted(ordered, existing)) throw new EmptiedFinalizers(ordered);
    return ordered;
  }

  async guaranteedUpdate(
    name: string,
    change: (current: KubeObject) => KubeObject | Promise<KubeObject>,
    context: RequestContext,
    uid?: string,
  ): Promise<KubeObject> {
    const key = this.#store.key(context.namespace, name);
    return guaranteedUpdate(this.#storage, key, context, async (existing) => {
      if (existing === undefined) throw notFoundError(this.#definition, name);
      this.#checkUid(shownKey(key, context), name, existing, uid);
      return this.#ordered(await change(deepCopy(existing)));
    });
  }

  /** As it is stored and shown; `existing` is what it was made of. What has no type is ordered when it is written. */
  #ordered(object: KubeObject, existing?: KubeObject): KubeObject {
    const schema = schemaOf(this.#definition.schema);
    return schema === undefined ? object : inStructureOrder(object, schema, existing);
  }

  /** Models ShouldDeleteDuringUpdate. */
  #isToBeDeleted(object: KubeObject, existing: KubeObject): boolean {
    const { finalizers = [], deletionTimestamp } = object.metadata;
    if (finalizers.length > 0 || deletionTimestamp === undefined) return false;
    if ((existing.metadata.deletionGracePeriodSeconds ?? 0) !== 0) return false;
    return this.#definition.strategy.keepDeleted?.(object) !== true;
  }

  #checkUid(key: string, name: string, existing: KubeObject | undefined, uid: string | undefined): void {
    const stored = existing?.metadata.uid ?? '';
    if (uid === undefined || uid === '' || uid === stored) return;
    const detail = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${stored}`;
    throw conflictError(this.#definition, name, new StorageError('InvalidObject', key, detail).message);
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
    const { kind } = this.#definition;
    try {
      check();
    } catch (error) {
      if (isReason(error, 'Invalid')) {
        const errors = (error.status.details?.causes ?? []).map((cause) => ({
          field: cause.field ?? '',
          message: cause.message ?? '',
        }));
        this.#parts.tracer.emit({ type: 'validation-failed', kind, errors }, requestId);
      }
      throw error;
    }
    this.#parts.tracer.emit({ type: 'validated', kind }, requestId);
  }
}

/** A dry run does not come to where the prefix of all keys is put before them. Models DryRunnableStorage. */
const shownKey = (key: string, { dryRun }: RequestContext) => (dryRun ? key.replace(/^\/registry/, '') : key);
