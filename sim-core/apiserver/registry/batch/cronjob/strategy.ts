import { semanticEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { AGE, column, translateTimestampSince, wideColumn } from '../../../printers/columns.ts';
import { containerCells, formatLabelSelector } from '../../../printers/format.ts';
import { defaultPodTemplate } from '../../core/defaults/pod-spec.ts';
import { bumpGeneration, statusOnly } from '../../generation.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { checks } from '../../checks.ts';

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

/** Models pkg/registry/batch/cronjob/strategy.go. */
export const cronJobStrategy: Strategy = {
  needs: [checks.podSpecs, checks.workloads],
  fillDefaults,
  prepareForCreate(object) {
    object.status = {};
    object.metadata.generation = 1;
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
    bumpGeneration(object, old, !semanticEqual(object.spec, old.spec));
  },
  warningsOnCreate: ({ metadata, spec }) => [
    ...checks.podSpecs.loaded.nameWarnings(metadata.name),
    ...checks.workloads.loaded.jobWarnings(spec.jobTemplate.spec, 'spec.jobTemplate.spec'),
  ],
  warningsOnUpdate: (object, old) =>
    object.metadata.generation === old.metadata.generation
      ? []
      : checks.workloads.loaded.jobWarnings(object.spec.jobTemplate.spec, 'spec.jobTemplate.spec'),
  validate: (object) => checks.workloads.loaded.validateCronJobCreate(object),
  validateUpdate: (object, old) => checks.workloads.loaded.validateCronJobUpdate(object, old),
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
