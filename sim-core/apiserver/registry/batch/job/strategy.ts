import type { JobSpec } from 'kubernetes-types/batch/v1';
import { decodedEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { defaultPodTemplate } from '../../core/defaults/pod-spec.ts';
import { bumpGeneration, statusOnly } from '../../generation.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { generateSelector } from './generate-selector.ts';
import { checks } from '../../checks.ts';

/** Models SetDefaults_Job: a job without labels has the very ones of its pods. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  defaultJobSpec(object.spec);
  const labels = object.spec.template.metadata.labels;
  if (Object.keys(object.metadata.labels ?? {}).length === 0 && labels !== undefined) {
    object.metadata.labels = labels;
  }
}

function defaultJobSpec(spec: JobSpec): void {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  const perIndex = (spec as { backoffLimitPerIndex?: number }).backoffLimitPerIndex !== undefined;
  spec.backoffLimit ??= perIndex ? 2 ** 31 - 1 : 6;
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  for (const rule of spec.podFailurePolicy?.rules ?? []) {
    for (const pattern of rule.onPodConditions ?? []) pattern.status ||= 'True';
  }
  defaultPodTemplate(spec);
}

/** Models pkg/registry/batch/job/strategy.go. */
export const jobStrategy: Strategy = {
  needs: [checks.podSpecs, checks.workloads],
  fillDefaults,
  prepareForCreate(object) {
    if (object.spec.manualSelector !== true) generateSelector(object);
    object.status = {};
    object.metadata.generation = 1;
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
    bumpGeneration(object, old, !decodedEqual(object.spec, old.spec));
  },
  orphansDependents: true,
  warningsOnDelete: ({ propagationPolicy, orphanDependents }) =>
    propagationPolicy === undefined && orphanDependents === undefined
      ? [
          'child pods are preserved by default when jobs are deleted; ' +
            'set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
        ]
      : [],
  warningsOnCreate: ({ metadata, spec }) => [
    ...checks.podSpecs.loaded.nameWarnings(metadata.name),
    ...checks.workloads.loaded.jobWarnings(spec, 'spec'),
  ],
  warningsOnUpdate: (object, old) =>
    object.metadata.generation === old.metadata.generation
      ? []
      : checks.workloads.loaded.jobWarnings(object.spec, 'spec'),
  validatesUpdateAsNew: true,
  validate: (object) => checks.workloads.loaded.validateJob(object),
  validateUpdate: (object, old) => checks.workloads.loaded.validateJobUpdate(object, old),
  unknownField: (field) => `field label ${JSON.stringify(field)} not supported for Job`,
  selectableFields: (object) => ({ 'status.successful': String(object.status?.succeeded ?? 0) }),
};

export const jobStatusStrategy: UpdateStrategy = {
  needs: [checks.workloads],
  ...statusOnly(fillDefaults),
  validateUpdate: ({ status }) => checks.workloads.loaded.validateJobStatus(status),
};
