import type { KubeObject } from '../../../../apimachinery/object.ts';
import { AGE, column, translateTimestampSince, wideColumn } from '../../../printers/columns.ts';
import { containerCells, formatLabelSelector } from '../../../printers/format.ts';
import type { TableColumn } from '../../rest/resource.ts';

const SPEC = 'io.k8s.api.batch.v1.CronJobSpec';
const STATUS = 'io.k8s.api.batch.v1.CronJobStatus';
const containersOf = ({ spec }: KubeObject) =>
  containerCells(spec?.jobTemplate?.spec?.template?.spec?.containers);

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
  wideColumn(
    'Containers',
    'string',
    'Names of each container in the template.',
    (object) => containersOf(object).names,
  ),
  wideColumn(
    'Images',
    'string',
    'Images referenced by each container in the template.',
    (object) => containersOf(object).images,
  ),
  wideColumn('Selector', 'string', { of: 'io.k8s.api.batch.v1.JobSpec', field: 'selector' }, ({ spec }) => {
    const selector = spec?.jobTemplate?.spec?.selector;
    return selector === undefined ? '<none>' : formatLabelSelector(selector);
  }),
];
