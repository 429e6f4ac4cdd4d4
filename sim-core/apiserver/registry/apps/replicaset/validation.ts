import type { ReplicaSetSpec } from 'kubernetes-types/apps/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { validateNonnegative } from '../../core/validation/common.ts';
import { validateTemplateFor, validateWorkloadSelector } from '../validation.ts';

/** Models ValidateReplicaSetSpec. */
export function validateReplicaSetSpec(spec: ReplicaSetSpec, old?: ReplicaSetSpec): FieldError[] {
  return [
    ...validateNonnegative(spec.replicas, 'spec.replicas'),
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateWorkloadSelector(spec.selector, 'empty selector is invalid for deployment'),
    ...validateTemplateFor(spec.template ?? {}, spec.selector, { replicas: spec.replicas, old }),
  ];
}
