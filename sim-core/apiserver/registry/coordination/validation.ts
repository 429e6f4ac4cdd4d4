import type { LeaseSpec } from 'kubernetes-types/coordination/v1';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { invalid } from '../../../apimachinery/validation/field-error.ts';
import { validateNonnegative } from '../core/validation/common.ts';

/** Models pkg/apis/coordination/validation ValidateLeaseSpec. */
export function validateLease(object: KubeObject): FieldError[] {
  const { leaseDurationSeconds: seconds, leaseTransitions } = object.spec as LeaseSpec;
  const errors: FieldError[] = [];
  if (seconds !== undefined && seconds <= 0) {
    errors.push(invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0'));
  }
  return [...errors, ...validateNonnegative(leaseTransitions, 'spec.leaseTransitions')];
}
