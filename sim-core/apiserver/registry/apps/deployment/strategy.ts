import type { DeploymentSpec } from 'kubernetes-types/apps/v1';
import { decodedEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { defaultPodTemplate } from '../../core/defaults/pod-spec.ts';
import { bumpGeneration } from '../../generation.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { checks } from '../../checks.ts';

/** Models pkg/apis/apps/v1/defaults.go SetDefaults_Deployment. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  const spec = object.spec as DeploymentSpec;
  spec.replicas ??= 1;
  defaultPodTemplate(spec);
  const strategy = (spec.strategy ??= {});
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    const rolling = (strategy.rollingUpdate ??= {});
    rolling.maxUnavailable ??= '25%';
    rolling.maxSurge ??= '25%';
  }
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
}

/** Models pkg/registry/apps/deployment/strategy.go. */
export const deploymentStrategy: Strategy = {
  needs: [checks.podSpecs, checks.workloads],
  fillDefaults,
  prepareForCreate(object) {
    object.status = {};
    object.metadata.generation = 1;
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
    const changed =
      !decodedEqual(object.spec, old.spec) ||
      !decodedEqual(object.metadata.annotations, old.metadata.annotations);
    bumpGeneration(object, old, changed);
  },
  warningsOnCreate: ({ metadata, spec }) => [
    ...checks.podSpecs.loaded.nameWarnings(metadata.name),
    ...checks.podSpecs.loaded.templateWarnings(spec.template),
  ],
  warningsOnUpdate: (object, old) => checks.podSpecs.loaded.changedTemplateWarnings(object, old),
  validate: (object) => checks.workloads.loaded.validateDeploymentSpec(object.spec),
  validateUpdate: (object, old) => [
    ...checks.workloads.loaded.validateDeploymentSpec(object.spec, old.spec),
    ...checks.workloads.loaded.validateSelectorUpdate(object.spec.selector, old.spec.selector),
  ],
};

/** Models deploymentStatusStrategy. */
export const deploymentStatusStrategy: UpdateStrategy = {
  needs: [checks.workloads],
  resetFields: ['metadata.labels', 'spec'],
  fillDefaults,
  prepareForUpdate(object, old) {
    object.spec = old.spec;
    if (old.metadata.labels === undefined) delete object.metadata.labels;
    else object.metadata.labels = old.metadata.labels;
  },
  validateUpdate: (object, old) => checks.workloads.loaded.validateDeploymentStatus(object, old),
};
