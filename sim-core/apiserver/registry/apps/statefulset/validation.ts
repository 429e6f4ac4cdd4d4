import type { StatefulSetSpec } from 'kubernetes-types/apps/v1';
import { deepCopy, decodedEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { forbidden, goStruct, invalid, required } from '../../../../apimachinery/validation/field-error.ts';
import { claimSpecWarnings } from '../../core/pod/warnings.ts';
import { validateEnum, validateNonnegative } from '../../core/validation/common.ts';
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
export function validateStatefulSetSpec(spec: StatefulSetSpec): FieldError[] {
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
export function validateStatefulSetSpecUpdate(spec: StatefulSetSpec, old: StatefulSetSpec): FieldError[] {
  const now = deepCopy(spec) as unknown as Record<string, unknown>;
  const before = deepCopy(old) as unknown as Record<string, unknown>;
  for (const field of MUTABLE) {
    delete now[field];
    delete before[field];
  }
  return decodedEqual(now, before) ? [] : [forbidden('spec', UPDATE_REFUSED)];
}

/** Upstream's paths do not go by the claim's own fields. */
export const claimWarnings = ({ volumeClaimTemplates = [] }: StatefulSetSpec, suffix: string) =>
  volumeClaimTemplates.flatMap((claim, index) =>
    claimSpecWarnings(claim.spec ?? {}, `spec.volumeClaimTemplates[${index}]${suffix}`),
  );

export function validateStatefulSetStatus({ status }: KubeObject, old: KubeObject): FieldError[] {
  return validateStatusNumbers(status, old.status, NUMBERS);
}
