import type { ReplicaSetSpec } from 'kubernetes-types/apps/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { AGE, column } from '../../../printers/columns.ts';
import { defaultPodTemplate } from '../../core/defaults/pod-spec.ts';
import { changedTemplateWarnings, nameWarnings, templateWarnings } from '../../core/pod/warnings.ts';
import { validateNonnegative } from '../../core/validation/common.ts';
import { specAndStatus, statusOnly } from '../../generation.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { CONTAINER_COLUMNS, selectorColumn } from '../columns.ts';
import {
  REPLICA_SET_NUMBERS,
  validateSelectorUpdate,
  validateStatusNumbers,
  validateTemplateFor,
  validateWorkloadSelector,
} from '../validation.ts';

/** Models SetDefaults_ReplicaSet. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  object.spec.replicas ??= 1;
  defaultPodTemplate(object.spec);
  object.status.replicas ??= 0;
}

/** Models ValidateReplicaSetSpec. */
function validateSpec(spec: ReplicaSetSpec, old?: ReplicaSetSpec): FieldError[] {
  return [
    ...validateNonnegative(spec.replicas, 'spec.replicas'),
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateWorkloadSelector(spec.selector, 'empty selector is invalid for deployment'),
    ...validateTemplateFor(spec.template ?? {}, spec.selector, { replicas: spec.replicas, old }),
  ];
}

/** Models pkg/registry/apps/replicaset/strategy.go. */
export const replicaSetStrategy: Strategy = {
  fillDefaults,
  ...specAndStatus(() => ({ replicas: 0 })),
  warningsOnCreate: ({ metadata, spec }) => [
    ...nameWarnings(metadata.name),
    ...templateWarnings(spec.template),
  ],
  warningsOnUpdate: changedTemplateWarnings,
  validatesUpdateAsNew: true,
  validate: (object) => validateSpec(object.spec),
  validateUpdate: (object, old) => [
    ...validateSpec(object.spec, old.spec),
    ...validateSelectorUpdate(object.spec.selector, old.spec.selector),
  ],
};

export const replicaSetStatusStrategy: UpdateStrategy = {
  ...statusOnly(fillDefaults),
  validateUpdate: ({ status }, old) => validateStatusNumbers(status, old.status, REPLICA_SET_NUMBERS),
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
