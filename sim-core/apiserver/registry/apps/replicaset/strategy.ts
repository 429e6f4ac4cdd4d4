import type { KubeObject } from '../../../../apimachinery/object.ts';
import { defaultPodTemplate } from '../../core/defaults/pod-spec.ts';
import { specAndStatus, statusOnly } from '../../generation.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { checks } from '../../checks.ts';

/** Models SetDefaults_ReplicaSet. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  object.spec.replicas ??= 1;
  defaultPodTemplate(object.spec);
  object.status.replicas ??= 0;
}

/** Models pkg/registry/apps/replicaset/strategy.go. */
export const replicaSetStrategy: Strategy = {
  needs: [checks.podSpecs, checks.workloads],
  fillDefaults,
  ...specAndStatus(() => ({ replicas: 0 })),
  warningsOnCreate: ({ metadata, spec }) => [
    ...checks.podSpecs.loaded.nameWarnings(metadata.name),
    ...checks.podSpecs.loaded.templateWarnings(spec.template),
  ],
  warningsOnUpdate: (object, old) => checks.podSpecs.loaded.changedTemplateWarnings(object, old),
  validatesUpdateAsNew: true,
  validate: (object) => checks.workloads.loaded.validateReplicaSetSpec(object.spec),
  validateUpdate: (object, old) => [
    ...checks.workloads.loaded.validateReplicaSetSpec(object.spec, old.spec),
    ...checks.workloads.loaded.validateSelectorUpdate(object.spec.selector, old.spec.selector),
  ],
};

export const replicaSetStatusStrategy: UpdateStrategy = {
  needs: [checks.workloads],
  ...statusOnly(fillDefaults),
  validateUpdate: (object, old) => checks.workloads.loaded.validateReplicaSetStatus(object, old),
};
