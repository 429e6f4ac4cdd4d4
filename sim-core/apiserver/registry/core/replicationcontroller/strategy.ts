import type { KubeObject } from '../../../../apimachinery/object.ts';
import { wideColumn } from '../../../printers/columns.ts';
import { formatLabels } from '../../../printers/format.ts';
import { replicaColumns } from '../../apps/columns.ts';
import { specAndStatus, statusOnly } from '../../generation.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { defaultPodTemplate } from '../defaults/pod-spec.ts';
import { checks } from '../../checks.ts';

/** Models SetDefaults_ReplicationController: labels and selector come from the template. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  const { spec } = object;
  spec.replicas ??= 1;
  if (spec.template) {
    defaultPodTemplate(spec);
    const labels = spec.template.metadata?.labels;
    if (labels) {
      if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
      if (Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = { ...labels };
    }
  }
  object.status.replicas ??= 0;
}

/** Models pkg/registry/core/replicationcontroller/strategy.go. */
export const replicationControllerStrategy: Strategy = {
  needs: [checks.podSpecs, checks.workloads],
  fillDefaults,
  ...specAndStatus(() => ({ replicas: 0 })),
  warningsOnCreate: ({ metadata, spec }) => [
    ...checks.podSpecs.loaded.nameWarnings(metadata.name),
    ...checks.podSpecs.loaded.templateWarnings(spec.template),
  ],
  // Upstream takes the old template for the new one here.
  warningsOnUpdate: (object, old) =>
    object.metadata.generation === old.metadata.generation
      ? []
      : checks.podSpecs.loaded.templateWarnings(old.spec.template),
  orphansDependents: true,
  validatesUpdateAsNew: true,
  validate: (object) => checks.workloads.loaded.validateReplicationController(object),
  validateUpdate: (object, old) => checks.workloads.loaded.validateReplicationController(object, old),
  selectableFields: (object) => ({ 'status.replicas': String(object.status?.replicas ?? 0) }),
};

export const replicationControllerStatusStrategy: UpdateStrategy = {
  needs: [checks.workloads],
  ...statusOnly(fillDefaults),
  validateUpdate: (object, old) => checks.workloads.loaded.validateReplicaSetStatus(object, old),
};

const SPEC = 'io.k8s.api.core.v1.ReplicationControllerSpec';
const STATUS = 'io.k8s.api.core.v1.ReplicationControllerStatus';

export const replicationControllerColumns: readonly TableColumn[] = [
  ...replicaColumns(SPEC, STATUS),
  wideColumn('Selector', 'string', { of: SPEC, field: 'selector' }, ({ spec }) =>
    formatLabels(spec?.selector),
  ),
];
