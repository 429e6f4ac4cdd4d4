import type { LeaseSpec } from 'kubernetes-types/coordination/v1';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { invalid } from '../../../apimachinery/validation/field-error.ts';
import { AGE, column } from '../../printers/columns.ts';
import { validateNonnegative } from '../core/validation/common.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('coordination.k8s.io', 'v1', 'io.k8s.api.coordination.v1');

/** Models pkg/apis/coordination/validation ValidateLeaseSpec. */
function validateLease(object: KubeObject): FieldError[] {
  const { leaseDurationSeconds: seconds, leaseTransitions } = object.spec as LeaseSpec;
  const errors: FieldError[] = [];
  if (seconds !== undefined && seconds <= 0) {
    errors.push(invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0'));
  }
  return [...errors, ...validateNonnegative(leaseTransitions, 'spec.leaseTransitions')];
}

/** Models pkg/registry/coordination/lease. */
export const coordinationResources: readonly ResourceDefinition[] = [
  row({
    kind: 'Lease',
    resource: 'leases',
    strategy: {
      fillDefaults(object) {
        object.spec ??= {};
      },
      allowCreateOnUpdate: true,
      allowUnconditionalUpdate: false,
      validate: validateLease,
      validateUpdate: validateLease,
    },
    columns: [
      column(
        'Holder',
        'string',
        { of: 'io.k8s.api.coordination.v1.LeaseSpec', field: 'holderIdentity' },
        ({ spec }) => spec?.holderIdentity ?? '',
      ),
      AGE,
    ],
  }),
];
