import type { StatefulSetSpec } from 'kubernetes-types/apps/v1';
import { deepCopy, semanticEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { forbidden, goStruct, invalid, required } from '../../../../apimachinery/validation/field-error.ts';
import { nameIsDNSLabel } from '../../../../apimachinery/validation/names.ts';
import { AGE, column } from '../../../printers/columns.ts';
import { defaultPodTemplate } from '../../core/defaults/pod-spec.ts';
import { changedTemplateWarnings, claimSpecWarnings, templateWarnings } from '../../core/pod/warnings.ts';
import { validateEnum, validateNonnegative } from '../../core/validation/common.ts';
import { specAndStatus, statusOnly } from '../../generation.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { CONTAINER_COLUMNS } from '../columns.ts';
import {
  goIntOrString,
  intOrPercentValue,
  replicaNumbers,
  validateNotMoreThan100Percent,
  validatePositiveIntOrPercent,
  validateStatusNumbers,
  validateRunsForever,
  validateTemplateLoosely,
  validateWorkloadSelector,
} from '../validation.ts';

const NUMBERS = replicaNumbers(
  ['readyReplicas', 'currentReplicas', 'updatedReplicas'],
  ['observedGeneration', 'collisionCount'],
  'cannot be greater than status.readyReplicas',
);
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

function validateUpdateStrategy({
  type = '',
  rollingUpdate,
}: NonNullable<StatefulSetSpec['updateStrategy']>): FieldError[] {
  const field = 'spec.updateStrategy';
  const path = `${field}.rollingUpdate`;
  switch (type) {
    case '':
      return [required(field)];
    case 'OnDelete': {
      const text = "only allowed for updateStrategy 'RollingUpdate'";
      const shown = goStruct('apps.RollingUpdateStatefulSetStrategy', rollingUpdate ?? {});
      return rollingUpdate === undefined ? [] : [invalid(path, shown, text)];
    }
    case 'RollingUpdate': {
      const { partition, maxUnavailable } = rollingUpdate ?? {};
      if (maxUnavailable === undefined) return validateNonnegative(partition, `${path}.partition`);
      return [
        ...validateNonnegative(partition, `${path}.partition`),
        ...validatePositiveIntOrPercent(maxUnavailable, `${path}.maxUnavailable`),
        ...(intOrPercentValue(maxUnavailable) === 0
          ? [invalid(`${path}.maxUnavailable`, goIntOrString(maxUnavailable), 'cannot be 0')]
          : []),
        ...validateNotMoreThan100Percent(maxUnavailable, `${path}.maxUnavailable`),
      ];
    }
    default:
      return [
        invalid(
          field,
          goStruct('apps.StatefulSetUpdateStrategy', { type }),
          "must be 'RollingUpdate' or 'OnDelete'",
        ),
      ];
  }
}

/** Models ValidateStatefulSetSpec. */
function validateSpec(spec: StatefulSetSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (!['OrderedReady', 'Parallel'].includes(spec.podManagementPolicy ?? '')) {
    errors.push(
      invalid('spec.podManagementPolicy', spec.podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"),
    );
  }
  errors.push(...validateUpdateStrategy(spec.updateStrategy ?? {}));
  const retention: Readonly<Record<string, string>> = { ...spec.persistentVolumeClaimRetentionPolicy };
  for (const when of ['whenDeleted', 'whenScaled']) {
    errors.push(
      ...validateEnum(
        retention[when],
        ['Retain', 'Delete'],
        `spec.persistentVolumeClaimRetentionPolicy.${when}`,
      ),
    );
  }
  errors.push(
    ...validateNonnegative(spec.replicas, 'spec.replicas'),
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateNonnegative(
      (spec as { ordinals?: { start?: number } }).ordinals?.start,
      'spec.ordinals.start',
    ),
    ...validateWorkloadSelector(spec.selector, 'empty selector is invalid for statefulset'),
    ...validateTemplateLoosely(spec.template, spec.selector),
    ...validateRunsForever('StatefulSet', spec.template),
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

/** Upstream's paths do not go by the claim's own fields. */
const claimWarnings = ({ volumeClaimTemplates = [] }: StatefulSetSpec, suffix: string) =>
  volumeClaimTemplates.flatMap((claim, index) =>
    claimSpecWarnings(claim.spec ?? {}, `spec.volumeClaimTemplates[${index}]${suffix}`),
  );

/** Models pkg/registry/apps/statefulset/strategy.go. */
export const statefulSetStrategy: Strategy = {
  fillDefaults,
  ...specAndStatus(() => ({ replicas: 0, availableReplicas: 0 })),
  // The name becomes that of pods, and so their host's.
  validateName: nameIsDNSLabel,
  warningsOnCreate: ({ spec }) => [...templateWarnings(spec.template), ...claimWarnings(spec, '')],
  warningsOnUpdate: (object, old) => [
    ...changedTemplateWarnings(object, old),
    ...claimWarnings(object.spec, '.Spec'),
  ],
  validate: (object) => validateSpec(object.spec),
  validateUpdate: (object, old) => [
    ...validateSpecUpdate(object.spec, old.spec),
    ...validateSpec(object.spec),
  ],
};

export const statefulSetStatusStrategy: UpdateStrategy = {
  ...statusOnly(fillDefaults),
  validateUpdate: ({ status }, old) => validateStatusNumbers(status, old.status, NUMBERS),
};

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
