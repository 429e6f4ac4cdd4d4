import { AGE, column } from '../../../printers/columns.ts';
import { formatLabels } from '../../../printers/format.ts';
import type { TableColumn } from '../../rest/resource.ts';
import { CONTAINER_COLUMNS, selectorColumn } from '../columns.ts';

const STATUS = 'io.k8s.api.apps.v1.DaemonSetStatus';
const count = (name: string, field: string): TableColumn =>
  column(name, 'integer', { of: STATUS, field }, ({ status }) => status?.[field] ?? 0);

export const daemonSetColumns: readonly TableColumn[] = [
  count('Desired', 'desiredNumberScheduled'),
  count('Current', 'currentNumberScheduled'),
  count('Ready', 'numberReady'),
  count('Up-to-date', 'updatedNumberScheduled'),
  count('Available', 'numberAvailable'),
  column('Node Selector', 'string', { of: 'io.k8s.api.core.v1.PodSpec', field: 'nodeSelector' }, ({ spec }) =>
    formatLabels(spec?.template?.spec?.nodeSelector),
  ),
  AGE,
  ...CONTAINER_COLUMNS,
  selectorColumn('io.k8s.api.apps.v1.DaemonSetSpec'),
];
