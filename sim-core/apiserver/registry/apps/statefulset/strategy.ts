import type { StatefulSetSpec } from 'kubernetes-types/apps/v1';
import { deepCopy, semanticEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { AGE, column } from '../../../printers/columns.ts';
import { nullTimes } from '../../core/defaults/always-present.ts';
import { defaultPodTemplate } from '../../core/defaults/pod-spec.ts';
import { validateNonnegative } from '../../core/validation/common.ts';
import { specAndStatus, statusOnly } from '../../generation.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { CONTAINER_COLUMNS } from '../columns.ts';
import { validateTemplateFor, validateWorkloadSelector } from '../validation.ts';

const UPDATE_REFUSED =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
  "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
const MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

/** Models SetDefaults_StatefulSet. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  const spec = object.spec as StatefulSetSpec;
  spec.podManagementPolicy ||= 'OrderedReady';
  const strategy = (spec.updateStrategy ??= {});
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    strategy.rollingUpdate ??= {};
    strategy.rollingUpdate.partition ??= 0;
  }
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {});
  retention.whenDeleted ||= 'Retain';
  retention.whenScaled ||= 'Retain';
  defaultPodTemplate(spec);
  for (const claim of (spec.volumeClaimTemplates ?? []) as unknown as KubeObject[]) {
    claim.kind = 'PersistentVolumeClaim';
    claim.apiVersion = 'v1';
    (claim.metadata as { creationTimestamp?: string | null }).creationTimestamp ??= null;
    claim.spec ??= {};
    claim.spec.volumeMode ??= 'Filesystem';
    claim.status ??= {};
    claim.status.phase ??= 'Pending';
  }
  object.status.replicas ??= 0;
  object.status.availableReplicas ??= 0;
  nullTimes(object.status.conditions, ['lastTransitionTime']);
}

/** Models ValidateStatefulSetSpec. */
function validateSpec(spec: StatefulSetSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (!['OrderedReady', 'Parallel'].includes(spec.podManagementPolicy ?? '')) {
    errors.push(
      invalid('spec.podManagementPolicy', spec.podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"),
    );
  }
  const type = spec.updateStrategy?.type ?? '';
  if (type === '') errors.push(required('spec.updateStrategy'));
  else if (!['OnDelete', 'RollingUpdate'].includes(type)) {
    errors.push(notSupported('spec.updateStrategy', type, ['OnDelete', 'RollingUpdate']));
  }
  errors.push(
    ...validateNonnegative(spec.replicas, 'spec.replicas'),
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateWorkloadSelector(spec.selector, 'empty selector is invalid for statefulset'),
    ...validateTemplateFor('StatefulSet', spec.template, spec.selector),
  );
  return errors;
}

/** Models ValidateStatefulSetUpdate. */
function validateSpecUpdate(spec: StatefulSetSpec, old: StatefulSetSpec): FieldError[] {
  const now = deepCopy(spec) as unknown as Record<string, unknown>;
  const before = deepCopy(old) as unknown as Record<string, unknown>;
  for (const field of MUTABLE) {
    delete now[field];
    delete before[field];
  }
  return semanticEqual(now, before) ? [] : [forbidden('spec', UPDATE_REFUSED)];
}

/** Models pkg/registry/apps/statefulset/strategy.go. */
export const statefulSetStrategy: Strategy = {
  fillDefaults,
  ...specAndStatus(() => ({ replicas: 0, availableReplicas: 0 })),
  validate: (object) => validateSpec(object.spec),
  validateUpdate: (object, old) => [
    ...validateSpecUpdate(object.spec, old.spec),
    ...validateSpec(object.spec),
  ],
};

export const statefulSetStatusStrategy: UpdateStrategy = statusOnly(fillDefaults);

export const statefulSetColumns: readonly TableColumn[] = [
  column(
    'Ready',
    'string',
    'Number of the pod with ready state',
    ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
  ),
  AGE,
  ...CONTAINER_COLUMNS,
];
