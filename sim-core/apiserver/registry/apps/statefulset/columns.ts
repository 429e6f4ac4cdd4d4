import { AGE, column } from '../../../printers/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';
import { CONTAINER_COLUMNS } from '../columns.ts';

export const statefulSetColumns: readonly TableColumn[] = [
  column(
    'Ready',
    'string',
    'Number of the pod with ready state',
    ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
  ),
  AGE,
  ...CONTAINER_COLUMNS,
];
