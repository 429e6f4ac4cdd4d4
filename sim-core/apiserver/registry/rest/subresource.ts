import type { HttpRequest, HttpResponse } from '../../../apimachinery/http.ts';
import type { GroupVersionKind, JsonObject, KubeList, KubeObject } from '../../../apimachinery/object.ts';
import type {
  DeleteOptions,
  DeleteResult,
  ObjectStore,
  RequestContext,
  ValidateObject,
} from './object-store.ts';
import type { TableColumn } from './resource.ts';
import type { ServerServices } from './server-services.ts';
import type { Needs, UpdateStrategy } from './strategy.ts';

/** What a hand-written endpoint gets beside the object. */
export interface EndpointContext extends RequestContext {
  /** Name of the object in the path; "" for a collection. */
  readonly name: string;
  /** Values of a query parameter, in order: `query('container')[0]`. */
  query(name: string): readonly string[];
  readonly services: ServerServices;
  /** Runs validating admission on what is about to be stored. Call it once, before writing. */
  readonly validate: ValidateObject;
}

/** The same with the object's own store, for endpoints below a stored resource. */
export interface SubresourceContext extends EndpointContext {
  readonly store: ObjectStore;
}

/** The body's and answer's kind of an endpoint, where it is not the parent's. */
export interface EndpointKind extends GroupVersionKind {
  /** "io.k8s.api.policy.v1.Eviction". */
  readonly schema: string;
  /** Versions of the group in which bodies may come as well; their fields are the same. */
  readonly otherVersions?: readonly string[];
}

/**
 * An endpoint below an object, "/api/v1/namespaces/x/pods/y/binding". `handler` says how:
 * - "update": the parent's own object under another update strategy (status, approval, finalize);
 *   get, update and patch are generic.
 * - "object": an object of its own kind (binding, eviction, scale, token). The body is decoded, defaulted
 *   and went through mutating admission before `create` and `update`. A patch is generic: `get`, apply, `update`.
 *   `create` answers 201 with what it returns (a Status object as it is).
 * - "connect": the answer is not an object (log, exec, proxy).
 *
 * Models k8s.io/apiserver/pkg/registry/rest Creater, Getter, Updater, Connecter.
 */
export type Subresource =
  | {
      readonly handler: 'update';
      readonly name: string;
      /** Missing: get, patch and update. */
      readonly verbs?: readonly ('get' | 'patch' | 'update')[];
      readonly strategy: UpdateStrategy;
    }
  | (Needs & {
      readonly handler: 'object';
      readonly name: string;
      readonly kind: EndpointKind;
      fillDefaults?(object: KubeObject): void;
      /** A POST keeps uid and creation time of what it carries. Models rest.SubresourceObjectMetaPreserver. */
      readonly keepsSystemFields?: boolean;
      /** Columns of its Table; missing: the parent's. */
      readonly columns?: readonly TableColumn[];
      create?(object: KubeObject, context: SubresourceContext): Promise<KubeObject>;
      get?(context: SubresourceContext): Promise<KubeObject>;
      /** What an update or a patch starts from, where that is not what a GET answers. */
      current?(context: SubresourceContext): Promise<KubeObject>;
      /** `object.metadata.resourceVersion` is the optimistic lock, if set. */
      update?(object: KubeObject, context: SubresourceContext): Promise<KubeObject>;
    })
  | (Needs & {
      readonly handler: 'connect';
      readonly name: string;
      /** What discovery names as its kind: "PodExecOptions"; the parent's if missing. */
      readonly kind?: GroupVersionKind;
      /** HTTP methods: ["GET", "POST"]. */
      readonly methods: readonly string[];
      /** Media types of the answer, where it is the server's own and not the other side's. */
      readonly produces?: readonly string[];
      /** True if a path may follow. */
      readonly takesPath?: boolean;
      /** What admission sees as the object, an object of `kind`; missing: it is not asked. */
      options?(context: SubresourceContext, path: string): JsonObject;
      /** `path` is what follows the subresource's name ("/metrics" of "…/proxy/metrics"), or "". */
      connect(request: HttpRequest, path: string, context: SubresourceContext): Promise<HttpResponse>;
    });

/** A connection with what admission sees of it; see {@link Subresource}. */
export type Connection = Required<Pick<Extract<Subresource, { handler: 'connect' }>, 'options' | 'connect'>>;

/** A resource that is computed, not stored: SubjectAccessReview (create), ComponentStatus (get, list). */
export interface VirtualResource extends Needs {
  create?(object: KubeObject, context: EndpointContext): Promise<KubeObject>;
  get?(context: EndpointContext): Promise<KubeObject>;
  list?(context: EndpointContext): Promise<KubeList>;
}

/**
 * What a kind does around the generic store that a strategy, which knows its object only, cannot:
 * allocate an address, look at other objects.
 *
 * Models registry.Store BeginCreate, BeginUpdate and AfterDelete.
 */
export interface StoreHooks {
  /**
   * Runs before prepareForCreate and validation, with the defaults filled. Returns what to do when the
   * write is done (`succeeded` says how), or nothing. On a dry run it allocates nothing for good.
   */
  beginCreate?(object: KubeObject, context: EndpointContext): Promise<FinishWrite | undefined>;
  beginUpdate?(
    object: KubeObject,
    old: KubeObject,
    context: EndpointContext,
  ): Promise<FinishWrite | undefined>;
  afterDelete?(object: KubeObject, context: EndpointContext): Promise<void>;
  /** Replaces the whole delete (namespaces); `proceed` is the generic one. */
  delete?(
    options: DeleteOptions,
    context: SubresourceContext,
    proceed: () => Promise<DeleteResult>,
  ): Promise<DeleteResult>;
}
export type FinishWrite = (succeeded: boolean) => void | Promise<void>;
