import { AGE, column, translateTimestampSince, wideColumn } from '../../../printers/columns.ts';
import { formatLabelSelector } from '../../../printers/format.ts';
import { containerColumns } from '../../apps/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';

const SPEC = 'io.k8s.api.batch.v1.CronJobSpec';
const STATUS = 'io.k8s.api.batch.v1.CronJobStatus';

export const cronJobColumns: readonly TableColumn[] = [
  column('Schedule', 'string', { of: SPEC, field: 'schedule' }, ({ spec }) => spec?.schedule ?? ''),
  column('Suspend', 'boolean', { of: SPEC, field: 'suspend' }, ({ spec }) =>
    spec?.suspend ? 'True' : 'False',
  ),
  column('Active', 'integer', { of: STATUS, field: 'active' }, ({ status }) => (status?.active ?? []).length),
  column('Last Schedule', 'string', { of: STATUS, field: 'lastScheduleTime' }, ({ status }, now) =>
    status?.lastScheduleTime ? translateTimestampSince(status.lastScheduleTime, now) : '<none>',
  ),
  AGE,
  ...containerColumns(({ spec }) => spec?.jobTemplate?.spec?.template),
  wideColumn('Selector', 'string', { of: 'io.k8s.api.batch.v1.JobSpec', field: 'selector' }, ({ spec }) => {
    const selector = spec?.jobTemplate?.spec?.selector;
    return selector === undefined ? '<none>' : formatLabelSelector(selector);
  }),
];
