import type { GroupVersionKind, GroupVersionResource, KubeObject } from '../../apimachinery/object.ts';
import type { UserInfo } from '../authentication/user.ts';
import type { ReinvocationContext } from './reinvocation.ts';

/** What a write asks for. Models k8s.io/apiserver/pkg/admission Attributes. */
export interface AdmissionAttributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly kind: GroupVersionKind;
  readonly resource: GroupVersionResource;
  /** "" for the object itself. */
  readonly subresource: string;
  readonly namespace: string;
  /** "" while a generated name is not yet made. */
  readonly name: string;
  /** The object as it would be stored; mutating plugins change it in place. Undefined for DELETE. */
  readonly object: KubeObject | undefined;
  /** The object as it is stored; undefined for CREATE. */
  readonly oldObject: KubeObject | undefined;
  /** The body's options: CreateOptions, UpdateOptions, DeleteOptions. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly dryRun: boolean;
  readonly user: UserInfo;
  /** Adds a Warning header to the response. */
  warn(text: string): void;
  /** Adds an annotation to the request's audit event. */
  readonly annotate?: ((key: string, value: string) => void) | undefined;
  /** Set while mutating plugins run. */
  readonly reinvocation?: ReinvocationContext | undefined;
}

/**
 * What an admission controller does. Both functions reject with a StatusError to refuse the request.
 * `admit` may change `attributes.object`; `validate` may not.
 *
 * Models k8s.io/apiserver/pkg/admission MutationInterface and ValidationInterface.
 */
export interface PluginWork {
  admit?(attributes: AdmissionAttributes): Promise<void>;
  validate?(attributes: AdmissionAttributes): Promise<void>;
}

/** One admission controller, and when it has something to do. */
export interface AdmissionPlugin extends PluginWork {
  /** As in --enable-admission-plugins: "NamespaceLifecycle". */
  readonly name: string;
  /**
   * What it looks at: "group/resource", "group/resource/subresource", or with "*" for the latter; missing: at
   * everything.
   */
  readonly resources?: readonly string[];
  /** False: `admit` refuses or lets through, but changes nothing. */
  readonly mutates?: false;
  handles(operation: AdmissionAttributes['operation']): boolean;
  /** Asked before both; false: this request is passed without it. */
  applies?(attributes: AdmissionAttributes): boolean | Promise<boolean>;
}
