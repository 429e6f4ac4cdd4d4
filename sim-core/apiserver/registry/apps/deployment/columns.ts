import { AGE, column } from '../../../printers/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';
import { CONTAINER_COLUMNS, selectorColumn } from '../columns.ts';

const SPEC = 'io.k8s.api.apps.v1.DeploymentSpec';
const STATUS = 'io.k8s.api.apps.v1.DeploymentStatus';

export const deploymentColumns: readonly TableColumn[] = [
  column(
    'Ready',
    'string',
    'Number of the pod with ready state',
    ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
  ),
  column(
    'Up-to-date',
    'string',
    { of: STATUS, field: 'updatedReplicas' },
    ({ status }) => status?.updatedReplicas ?? 0,
  ),
  column(
    'Available',
    'string',
    { of: STATUS, field: 'availableReplicas' },
    ({ status }) => status?.availableReplicas ?? 0,
  ),
  AGE,
  ...CONTAINER_COLUMNS,
  selectorColumn(SPEC),
];
