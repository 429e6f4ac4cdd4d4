import type { StatefulSetSpec } from 'kubernetes-types/apps/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { nameIsDNSLabel } from '../../../../apimachinery/validation/names.ts';
import { defaultPodTemplate } from '../../core/defaults/pod-spec.ts';
import { specAndStatus, statusOnly } from '../../generation.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { checks } from '../../checks.ts';

/** Models SetDefaults_StatefulSet. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  const spec = object.spec as StatefulSetSpec;
  spec.podManagementPolicy ||= 'OrderedReady';
  const strategy = (spec.updateStrategy ??= {});
  if (!strategy.type) {
    strategy.type = 'RollingUpdate';
    strategy.rollingUpdate ??= {};
  }
  if (strategy.type === 'RollingUpdate' && strategy.rollingUpdate) strategy.rollingUpdate.partition ??= 0;
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {});
  retention.whenDeleted ||= 'Retain';
  retention.whenScaled ||= 'Retain';
  defaultPodTemplate(spec);
  for (const claim of (spec.volumeClaimTemplates ?? []) as unknown as KubeObject[]) {
    claim.kind = 'PersistentVolumeClaim';
    claim.apiVersion = 'v1';
    claim.spec ??= {};
    claim.spec.volumeMode ??= 'Filesystem';
    claim.status ??= {};
    claim.status.phase ??= 'Pending';
  }
  object.status.replicas ??= 0;
  object.status.availableReplicas ??= 0;
}

/** Models pkg/registry/apps/statefulset/strategy.go. */
export const statefulSetStrategy: Strategy = {
  needs: [checks.podSpecs, checks.workloads],
  fillDefaults,
  ...specAndStatus(() => ({ replicas: 0, availableReplicas: 0 })),
  // The name becomes that of pods, and so their host's.
  validateName: nameIsDNSLabel,
  warningsOnCreate: ({ spec }) => [
    ...checks.podSpecs.loaded.templateWarnings(spec.template),
    ...checks.workloads.loaded.claimWarnings(spec, ''),
  ],
  warningsOnUpdate: (object, old) => [
    ...checks.podSpecs.loaded.changedTemplateWarnings(object, old),
    ...checks.workloads.loaded.claimWarnings(object.spec, '.Spec'),
  ],
  validate: (object) => checks.workloads.loaded.validateStatefulSetSpec(object.spec),
  validateUpdate: (object, old) => [
    ...checks.workloads.loaded.validateStatefulSetSpecUpdate(object.spec, old.spec),
    ...checks.workloads.loaded.validateStatefulSetSpec(object.spec),
  ],
};

export const statefulSetStatusStrategy: UpdateStrategy = {
  needs: [checks.workloads],
  ...statusOnly(fillDefaults),
  validateUpdate: (object, old) => checks.workloads.loaded.validateStatefulSetStatus(object, old),
};
