import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import type { LazyModule } from '../../../clock/lazy-module.ts';
import type { UserInfo } from '../../authentication/user.ts';

/** What a strategy may know of the request that it serves. */
export interface StrategyContext {
  readonly user: UserInfo;
  readonly namespace: string;
  /** Simulated milliseconds since the Unix epoch. */
  readonly now: number;
  /** Adds a Warning header to the response. */
  warn(text: string): void;
}

/**
 * What one kind adds to the generic store: the store knows no kind.
 * Functions change `object` in place where they say "fill" or "prepare", and return errors else.
 *
 * Models k8s.io/apiserver/pkg/registry/rest RESTCreateStrategy, RESTUpdateStrategy and
 * RESTDeleteStrategy, with the kind's defaulting functions.
 */
/** What is fetched before a function of its owner writes for the first time. */
export interface Needs {
  readonly needs?: readonly LazyModule<unknown>[];
}

export interface Strategy extends Needs {
  /** Fills what the client left out, on every decode. Models pkg/apis/…/defaults.go. */
  fillDefaults?(object: KubeObject): void;
  /** Clears what a client may not set on create (status), sets generation, … */
  prepareForCreate?(object: KubeObject, context: StrategyContext): void;
  /** All that is wrong with a new object, metadata left out: the store checks that. */
  validate?(object: KubeObject, context: StrategyContext): FieldError[];
  warningsOnCreate?(object: KubeObject, context: StrategyContext): string[];
  prepareForUpdate?(object: KubeObject, old: KubeObject, context: StrategyContext): void;
  validateUpdate?(object: KubeObject, old: KubeObject, context: StrategyContext): FieldError[];
  warningsOnUpdate?(object: KubeObject, old: KubeObject, context: StrategyContext): string[];
  /** How names are checked; the default is a DNS-1123 subdomain. Returns upstream's complaints. */
  validateName?(name: string, prefix: boolean): string[];
  /** An update is also validated as a new object would be: both lists show in the causes. */
  readonly validatesUpdateAsNew?: boolean;
  /** A PUT to a name that does not exist makes it. */
  readonly allowCreateOnUpdate?: boolean;
  /** A PUT without a resourceVersion wins over whatever is there. Default true. */
  readonly allowUnconditionalUpdate?: boolean;
  /**
   * True: the object is first marked with a deletionTimestamp; its owner (kubelet) deletes it.
   * May set `options.gracePeriodSeconds`. Models RESTGracefulDeleteStrategy CheckGracefulDelete.
   */
  checkGracefulDelete?(object: KubeObject, options: { gracePeriodSeconds?: number | undefined }): boolean;
  /**
   * Paths that a write leaves as they are and nobody manages through this endpoint: "status", "metadata.labels".
   * The default is status for the object itself and spec for its status. Models ResetFieldsStrategy.
   */
  readonly resetFields?: readonly string[];
  /** Fields that a fieldSelector may name beyond metadata.name and metadata.namespace. */
  selectableFields?(object: KubeObject): Readonly<Record<string, string>>;
  /** Dependents outlive the object unless the client says otherwise. Models DefaultGarbageCollectionPolicy. */
  readonly orphansDependents?: boolean;
  /** Warnings of a deletion with these options. */
  warningsOnDelete?(options: {
    readonly propagationPolicy?: string | undefined;
    readonly orphanDependents?: boolean | undefined;
  }): string[];
  /** What is said of a field that the kind's selectors do not know, where it is not the common text. */
  unknownField?(field: string): string;
  /**
   * True while the object must be kept although nothing but its own fields holds it
   * (a Namespace with spec.finalizers). Models the store's ShouldDeleteDuringUpdate, reversed.
   */
  keepDeleted?(object: KubeObject): boolean;
}

/** Parts of a strategy that differ for a subresource such as status. */
export type UpdateStrategy = Pick<
  Strategy,
  | 'needs'
  | 'fillDefaults'
  | 'prepareForUpdate'
  | 'validateUpdate'
  | 'warningsOnUpdate'
  | 'validatesUpdateAsNew'
  | 'allowUnconditionalUpdate'
  | 'resetFields'
>;
