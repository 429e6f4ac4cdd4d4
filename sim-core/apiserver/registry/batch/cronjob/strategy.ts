import { semanticEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid, notSupported, required } from '../../../../apimachinery/validation/field-error.ts';
import { AGE, column, translateTimestampSince, wideColumn } from '../../../printers/columns.ts';
import { containerCells, formatLabelSelector } from '../../../printers/format.ts';
import { defaultPodTemplate } from '../../core/defaults/pod-spec.ts';
import { validateNonnegative } from '../../core/validation/common.ts';
import { bumpGeneration, statusOnly } from '../../generation.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { cronFault } from '../cron.ts';
import { validateJobSpec } from '../job/strategy.ts';

const POLICIES = ['Allow', 'Forbid', 'Replace'];

/** Models SetDefaults_CronJob. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  const { spec } = object;
  spec.concurrencyPolicy ||= 'Allow';
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
  spec.jobTemplate ??= {};
  spec.jobTemplate.metadata ??= {};
  spec.jobTemplate.metadata.creationTimestamp ??= null;
  spec.jobTemplate.spec ??= {};
  defaultPodTemplate(spec.jobTemplate.spec);
}

/** Models ValidateCronJobSpec. */
function validate({ spec }: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec.schedule) errors.push(required('spec.schedule'));
  else {
    const fault = cronFault(spec.schedule);
    if (fault !== undefined) errors.push(invalid('spec.schedule', spec.schedule, fault));
  }
  errors.push(...validateNonnegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'));
  if (!POLICIES.includes(spec.concurrencyPolicy)) {
    errors.push(notSupported('spec.concurrencyPolicy', spec.concurrencyPolicy, POLICIES));
  }
  return [
    ...errors,
    ...validateJobSpec(spec.jobTemplate.spec, 'spec.jobTemplate.spec'),
    ...validateNonnegative(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit'),
    ...validateNonnegative(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit'),
  ];
}

/** Models pkg/registry/batch/cronjob/strategy.go. */
export const cronJobStrategy: Strategy = {
  fillDefaults,
  prepareForCreate(object) {
    object.status = {};
    object.metadata.generation = 1;
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
    bumpGeneration(object, old, !semanticEqual(object.spec, old.spec));
  },
  validate,
  validateUpdate: validate,
};

export const cronJobStatusStrategy: UpdateStrategy = statusOnly(fillDefaults);

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
