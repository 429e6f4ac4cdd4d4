import type { GroupResource, KubeList, KubeObject } from '../../../apimachinery/object.ts';
import type { ResourceDefinition } from './resource.ts';
import type { StrategyContext } from './strategy.ts';

/** A request as the registry sees it: who asks, in which namespace, under which trace id. */
export interface RequestContext extends StrategyContext {
  /** The request's id in the trace; undefined for the server's own reads. */
  readonly requestId: string | undefined;
  /** Everything happens but the write. */
  readonly dryRun: boolean;
}

/** Models metav1.DeleteOptions, as far as the store needs it. */
export interface DeleteOptions {
  gracePeriodSeconds?: number | undefined;
  preconditions?: { uid?: string; resourceVersion?: string } | undefined;
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | undefined;
  orphanDependents?: boolean | undefined;
}

/** What a delete came to: the object's last form, or its form with a deletionTimestamp. */
export interface DeleteResult {
  readonly object: KubeObject;
  /** False: it is only marked, something still holds it. */
  readonly deleted: boolean;
}

/** Checks an object just before it is stored. Models rest.ValidateObjectFunc (validating admission). */
export type ValidateObject = (object: KubeObject, old: KubeObject | undefined) => Promise<void>;

/**
 * The objects of one resource. The namespace is the context's ("" for cluster-scoped kinds).
 * Objects that come out are shared: copy before changing. All methods reject with StatusError.
 *
 * Models k8s.io/apiserver/pkg/registry/generic/registry Store.
 */
export interface ObjectStore {
  readonly definition: ResourceDefinition;
  /** Reads etcd itself; NotFound if there is none. */
  get(name: string, context: RequestContext): Promise<KubeObject>;
  /** All objects of a namespace (undefined: of all namespaces), as fresh as etcd. */
  list(namespace: string | undefined, context: RequestContext): Promise<KubeList>;
  /** Runs the strategy and writes; `object` is changed in place. `validate` is validating admission. */
  create(object: KubeObject, context: RequestContext, validate?: ValidateObject): Promise<KubeObject>;
  /**
   * Replaces the object by what `change` makes of a copy of it, retried while others write in between;
   * the strategy runs as on a PUT without a resourceVersion.
   */
  update(
    name: string,
    change: (current: KubeObject) => KubeObject | Promise<KubeObject>,
    context: RequestContext,
    validate?: ValidateObject,
  ): Promise<KubeObject>;
  /**
   * The same without strategy and validation: for subresources that set fields of the object
   * themselves (pods/binding). A result equal to what is stored writes nothing. Rejects with 409 an object that
   * has another `uid`, if one is given.
   */
  guaranteedUpdate(
    name: string,
    change: (current: KubeObject) => KubeObject | Promise<KubeObject>,
    context: RequestContext,
    uid?: string,
  ): Promise<KubeObject>;
  /** Deletes, gracefully or at once as strategy, finalizers and options say. */
  delete(
    name: string,
    options: DeleteOptions,
    context: RequestContext,
    validate?: ValidateObject,
  ): Promise<DeleteResult>;
}

/**
 * Objects as the watch caches hold them, for admission plugins, authorizers and the like.
 * It lags behind etcd as informers do, but never behind a write that this server has answered.
 * Of a resource that the server does not serve there are no objects. Objects are shared: never change them.
 */
export interface ObjectReader {
  get(resource: GroupResource, namespace: string, name: string): Promise<KubeObject | undefined>;
  /**
   * Of one namespace, or of all ("" or undefined), ordered by key; with `trigger` those alone whose trigger field
   * has this value, see {@link ResourceDefinition.trigger}.
   */
  list(resource: GroupResource, namespace?: string, trigger?: string): Promise<readonly KubeObject[]>;
  /** True if there is any object of the resource. */
  has(resource: GroupResource): Promise<boolean>;
}

/** A reader whose user can tell when it needs not read again. */
export interface RevisionedReader extends ObjectReader {
  /** Another number whenever what a list shows may have changed; -1 for what is not stored. */
  revisionOf(resource: GroupResource): number;
}

/** All resources of a server. */
export interface Registry {
  /** Throws for a resource that the server does not store. */
  storeFor(resource: GroupResource): ObjectStore;
  /** Every resource served now, also those of CustomResourceDefinitions. */
  definitions(): readonly ResourceDefinition[];
}
