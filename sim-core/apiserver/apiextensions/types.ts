import type { Json, KubeObject } from '../../apimachinery/object.ts';
import type { WebhookClientConfig } from '../util/webhook/validation.ts';

/** A rule in CEL. Models apiextensions ValidationRule. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/**
 * The schema of a custom resource, or of a part of it.
 * Models k8s.io/apiextensions-apiserver/pkg/apis/apiextensions JSONSchemaProps.
 */
export interface JSONSchemaProps {
  readonly type?: string;
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: Json;
  readonly nullable?: boolean;
  readonly enum?: readonly Json[];
  readonly maximum?: number;
  readonly exclusiveMaximum?: boolean;
  readonly minimum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly multipleOf?: number;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[];
  readonly items?: JSONSchemaProps;
  readonly properties?: Readonly<Record<string, JSONSchemaProps>>;
  /** False forbids other fields, true is the same as none. */
  readonly additionalProperties?: JSONSchemaProps | boolean;
  readonly allOf?: readonly JSONSchemaProps[];
  readonly anyOf?: readonly JSONSchemaProps[];
  readonly oneOf?: readonly JSONSchemaProps[];
  readonly not?: JSONSchemaProps;
  /** Kubernetes refuses both, and says what is wrong inside of them. */
  readonly definitions?: Readonly<Record<string, JSONSchemaProps>>;
  readonly dependencies?: Readonly<Record<string, JSONSchemaProps | readonly string[]>>;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

export interface ScaleSubresource {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

export interface CustomResourceVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: JSONSchemaProps };
  readonly subresources?: { readonly status?: object; readonly scale?: ScaleSubresource };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

export interface CustomResourceNames {
  plural: string;
  singular?: string;
  shortNames?: string[];
  kind: string;
  listKind?: string;
  categories?: string[];
}

export interface CustomResourceDefinitionSpec {
  readonly group: string;
  readonly names: CustomResourceNames;
  readonly scope: string;
  readonly versions: readonly CustomResourceVersion[];
  readonly preserveUnknownFields?: boolean;
  readonly conversion?: {
    readonly strategy: string;
    readonly webhook?: {
      readonly clientConfig?: WebhookClientConfig;
      readonly conversionReviewVersions: readonly string[];
    };
  };
}

export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastTransitionTime?: string;
}

interface CustomResourceDefinitionStatus {
  conditions: Condition[] | null;
  acceptedNames: CustomResourceNames;
  storedVersions: string[] | null;
}

/** Models apiextensions/v1 CustomResourceDefinition. */
export interface CustomResourceDefinition extends KubeObject {
  spec: CustomResourceDefinitionSpec;
  status: CustomResourceDefinitionStatus;
}

export const CRDS = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' };
export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

/** True if the definition has the condition, and it is true. */
export function isConditionTrue({ status }: CustomResourceDefinition, type: string): boolean {
  return (status.conditions ?? []).some(
    (condition) => condition.type === type && condition.status === 'True',
  );
}

/** True if there may be a rule in a schema of the definition. */
export function hasRules(object: KubeObject): boolean {
  return JSON.stringify(object['spec'] ?? {}).includes('"x-kubernetes-validations"');
}

/** The versions of a definition that names none: Go tells them from an empty list. Frozen, a copy is the same. */
export const NO_VERSIONS: readonly CustomResourceVersion[] = Object.freeze([]);
