import type { Decoded } from '../../../apimachinery/json/decode.ts';
import type { ParsedText } from '../../../apimachinery/json/parse.ts';
import type { GroupVersion, GroupVersionKind, JsonObject, KubeObject } from '../../../apimachinery/object.ts';
import type { ObjectSchema } from '../../../apimachinery/schema/schema.ts';
import type { Strategy, UpdateStrategy } from './strategy.ts';
import type { StoreHooks, Subresource, VirtualResource } from './subresource.ts';

/** One column of a Table. Models metav1.TableColumnDefinition with the cell's function. */
export interface TableColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: string;
  /**
   * A field path whose schema description is the column's ("Pod.spec.nodeName" is
   * { of: 'io.k8s.api.core.v1.PodSpec', field: 'nodeName' }), or the text itself.
   */
  readonly description: string | { readonly of: string; readonly field: string };
  /** 0 is always shown, 1 with -o wide. */
  readonly priority: 0 | 1;
  /** The cell, or undefined for null. `now` is for ages. */
  cell(object: KubeObject, now: number): string | number | boolean | undefined;
}

/** Columns that are fetched before they are used. */
export interface LazyColumns {
  fetch(): Promise<unknown>;
  /** Throws before they were fetched. */
  readonly loaded: readonly TableColumn[];
}

export type ResourceVerb =
  'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** What differs for a kind of a CustomResourceDefinition: no built-in schema knows it. */
export interface CustomKind {
  /** "v1": the version in which etcd holds the objects. */
  readonly storageVersion: string;
  /** True while the definition is being deleted: nothing new is made. */
  isTerminating(): boolean;
  /** "WidgetList", unless the definition says otherwise. */
  readonly listKind: string;
  /** Reads a body. Throws a DecodeError. */
  decode(parsed: ParsedText): Decoded;
  /** Which lists are maps and sets, for server-side apply. */
  readonly type: ObjectSchema;
  /** The types of the kind and of its list as a version of OpenAPI publishes them, by name. */
  openAPI(version: 2 | 3): Readonly<Record<string, JsonObject>>;
}

/** A row of the resource table: everything that the generic parts need to serve one kind. */
export interface ResourceDefinition extends GroupVersionKind {
  /** Plural, as in the path: "pods". */
  readonly resource: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  /** Under /registry: "pods", "minions", "services/specs"; "" for a resource that is not stored. */
  readonly storagePrefix: string;
  /**
   * Set where etcd holds the objects as another kind or version: events of events.k8s.io are stored as
   * core events. Both functions return a new object, or the same one if nothing changes; what it shares with the
   * old one nobody changes, defaults included. `isLossy`: what was written reads as it is stored, with the defaults that `fromStored` fills.
   */
  readonly conversion?: {
    readonly isLossy?: boolean;
    toStored(object: KubeObject): KubeObject;
    fromStored(object: KubeObject): KubeObject;
  };
  /** The group of upstream's internal type, which a 422 names, where it is another one. */
  readonly internalGroup?: string;
  /** The version whose name discovery's storageVersionHash is made of, where it is not the row's own. */
  readonly hashedAs?: GroupVersion;
  /** The schema's name: "io.k8s.api.core.v1.Pod". */
  readonly schema: string;
  /** Verbs in discovery's order; all eight if missing. */
  readonly verbs?: readonly ResourceVerb[];
  readonly strategy: Strategy;
  /** Updates of the object's status subresource; missing: it has none. */
  readonly status?: UpdateStrategy;
  /** Endpoints below an object other than status. */
  readonly subresources?: readonly Subresource[];
  /** Set for a resource that is not stored; its strategy then only fills defaults and validates. */
  readonly virtual?: VirtualResource;
  readonly hooks?: StoreHooks;
  /** A DELETE answers with the object's last form; without it, with a Status. Models Store.ReturnDeletedObject. */
  readonly returnDeletedObject?: boolean;
  /**
   * A field by which so many watches select that changes go to those of the right value only: kubelets watch the
   * pods of their node. Models storage.IndexerFuncs.
   */
  readonly trigger?: { readonly field: string; valueOf(object: KubeObject): string };
  /** Objects vanish so long after their last write (events). */
  readonly ttlSeconds?: number;
  /** Annotations that stand for a field of the internal type: views of meta.k8s.io do not have them. */
  readonly versionedAnnotations?: readonly string[];
  /** Columns of a Table after NAME, or all if NAME is among them; missing: NAME and CREATED AT. */
  readonly columns?: readonly TableColumn[] | LazyColumns;
  /** Every answer carries it as a warning. */
  readonly deprecationWarning?: string;
  /** Set for a kind of a CustomResourceDefinition. */
  readonly custom?: CustomKind;
}

/** The kind that a 422 about an object of this resource names. */
export const internalKind = ({ group, internalGroup = group, kind }: ResourceDefinition) => ({
  group: internalGroup,
  kind,
});
