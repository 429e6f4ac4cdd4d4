import { AGE, column } from '../../../printers/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';
import { CONTAINER_COLUMNS, selectorColumn } from '../columns.ts';

const SPEC = 'io.k8s.api.apps.v1.ReplicaSetSpec';
const STATUS = 'io.k8s.api.apps.v1.ReplicaSetStatus';

export const replicaSetColumns: readonly TableColumn[] = [
  column('Desired', 'integer', { of: SPEC, field: 'replicas' }, ({ spec }) => spec?.replicas ?? 0),
  column('Current', 'integer', { of: STATUS, field: 'replicas' }, ({ status }) => status?.replicas ?? 0),
  column(
    'Ready',
    'integer',
    { of: STATUS, field: 'readyReplicas' },
    ({ status }) => status?.readyReplicas ?? 0,
  ),
  AGE,
  ...CONTAINER_COLUMNS,
  selectorColumn(SPEC),
];
