import { decodedEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { defaultPodTemplate } from '../../core/defaults/pod-spec.ts';
import { bumpGeneration, statusOnly } from '../../generation.ts';
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
    bumpGeneration(object, old, !decodedEqual(object.spec, old.spec));
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
