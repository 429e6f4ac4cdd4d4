import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  GoLiteral,
  goStringMap,
  invalid,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { AGE, column, wideColumn } from '../../../printers/columns.ts';
import { formatLabels } from '../../../printers/format.ts';
import { CONTAINER_COLUMNS } from '../../apps/columns.ts';
import {
  REPLICA_SET_NUMBERS,
  validateReadOnlyDisks,
  validateRunsForever,
  validateStatusNumbers,
} from '../../apps/validation.ts';
import { specAndStatus, statusOnly } from '../../generation.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { nameWarnings, templateWarnings } from '../pod/warnings.ts';
import { defaultPodTemplate } from '../defaults/pod-spec.ts';
import { validateNonnegative } from '../validation/common.ts';
import { validatePodTemplateSpec } from '../validation/pod-spec.ts';

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

/** Models ValidateReplicationControllerSpec, with ValidatePodTemplateSpecForRC. */
function validate({ spec }: KubeObject, old?: KubeObject): FieldError[] {
  const errors = [
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...(Object.keys(spec.selector ?? {}).length === 0 ? [required('spec.selector')] : []),
    ...validateNonnegative(spec.replicas, 'spec.replicas'),
  ];
  if (!spec.template) return [...errors, required('spec.template')];
  const labels: Readonly<Record<string, string>> | undefined = spec.template.metadata?.labels;
  const isSelected = Object.keys(spec.selector ?? {}).every((key) => labels?.[key] === spec.selector[key]);
  if (!isSelected) {
    const shown = labels === undefined ? new GoLiteral('map[string]string(nil)') : goStringMap(labels);
    const text = '`selector` does not match template `labels`';
    errors.push(invalid('spec.template.metadata.labels', shown, text));
  }
  return [
    ...errors,
    ...validatePodTemplateSpec(spec.template, 'spec.template'),
    ...(spec.replicas > 1 ? validateReadOnlyDisks(spec.template, old?.spec.template) : []),
    ...validateRunsForever('ReplicationController', spec.template),
  ];
}

/** Models pkg/registry/core/replicationcontroller/strategy.go. */
export const replicationControllerStrategy: Strategy = {
  fillDefaults,
  ...specAndStatus(() => ({ replicas: 0 })),
  warningsOnCreate: ({ metadata, spec }) => [
    ...nameWarnings(metadata.name),
    ...templateWarnings(spec.template),
  ],
  // Upstream takes the old template for the new one here.
  warningsOnUpdate: (object, old) =>
    object.metadata.generation === old.metadata.generation ? [] : templateWarnings(old.spec.template),
  orphansDependents: true,
  validatesUpdateAsNew: true,
  validate: (object) => validate(object),
  validateUpdate: (object, old) => validate(object, old),
  selectableFields: (object) => ({ 'status.replicas': String(object.status?.replicas ?? 0) }),
};

export const replicationControllerStatusStrategy: UpdateStrategy = {
  ...statusOnly(fillDefaults),
  validateUpdate: ({ status }, old) => validateStatusNumbers(status, old.status, REPLICA_SET_NUMBERS),
};

const SPEC = 'io.k8s.api.core.v1.ReplicationControllerSpec';
const STATUS = 'io.k8s.api.core.v1.ReplicationControllerStatus';

export const replicationControllerColumns: readonly TableColumn[] = [
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
  wideColumn('Selector', 'string', { of: SPEC, field: 'selector' }, ({ spec }) =>
    formatLabels(spec?.selector),
  ),
];
