import type { KubeObject } from '../../../../apimachinery/object.ts';
import { AGE, column } from '../../../printers/columns.ts';
import { defaultPodTemplate } from '../../core/defaults/pod-spec.ts';
import { specAndStatus, statusOnly } from '../../generation.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { CONTAINER_COLUMNS, selectorColumn } from '../columns.ts';
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

const SPEC = 'io.k8s.api.apps.v1.ReplicaSetSpec';
const STATUS = 'io.k8s.api.apps.v1.ReplicaSetStatus';

export const replicaSetColumns: readonly TableColumn[] = [
  column('Desired', 'integer', { of: SPEC, field: 'replicas' }, ({ spec }) => spec?.replicas ?? 0),
  column('Current', 'integer', { of: STATUS, field: 'replicas' }, ({ status }) => status?.replicas ?? 0),
  column(
    'Ready',
    'integer',
    { of: STATUS, field: 'readyReplicas' },
    ({ status }) => status?.readyReplicas ?? 0,
  ),
  AGE,
  ...CONTAINER_COLUMNS,
  selectorColumn(SPEC),
];
