import { AGE, column } from '../../printers/columns.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import { checks } from '../checks.ts';

const row = rowsOf('coordination.k8s.io', 'v1', 'io.k8s.api.coordination.v1');

/** Models pkg/registry/coordination/lease. */
export const coordinationResources: readonly ResourceDefinition[] = [
  row({
    kind: 'Lease',
    resource: 'leases',
    strategy: {
      needs: [checks.core],
      fillDefaults(object) {
        object.spec ??= {};
      },
      allowCreateOnUpdate: true,
      allowUnconditionalUpdate: false,
      validate: (object) => checks.core.loaded.validateLease(object),
      validateUpdate: (object) => checks.core.loaded.validateLease(object),
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
