import type { DaemonSetSpec } from 'kubernetes-types/apps/v1';
import { goQuote } from '../../../../apimachinery/go-format.ts';
import { SelectorError } from '../../../../apimachinery/labels/selector.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  GoLiteral,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateNonnegative } from '../../core/validation/common.ts';
import { validatePodTemplateSpec } from '../../core/validation/pod-spec.ts';
import type { StatusNumbers } from '../validation.ts';
import {
  goIntOrString,
  intOrPercentValue,
  validateNotMoreThan100Percent,
  validatePositiveIntOrPercent,
  validateStatusNumbers,
  validateReadOnlyDisks,
  validateRunsForever,
  validateTemplateLabels,
  validateWorkloadSelector,
} from '../validation.ts';

const NUMBERS: StatusNumbers = Object.fromEntries(
  [
    'currentNumberScheduled',
    'numberMisscheduled',
    'desiredNumberScheduled',
    'numberReady',
    'observedGeneration',
    'updatedNumberScheduled',
    'numberAvailable',
    'numberUnavailable',
    'collisionCount',
  ].map((name) => [name, []]),
);

/** Models ValidateDaemonSetSpec. */
export function validateDaemonSetSpec(spec: DaemonSetSpec, old?: DaemonSetSpec): FieldError[] {
  return [
    // A selector is not asked for: none selects nothing, and so not the template.
    ...(spec.selector === undefined
      ? []
      : validateWorkloadSelector(spec.selector, 'empty selector is invalid for daemonset')),
    ...validateLabelsOf(spec),
    ...validatePodTemplateSpec(spec.template, 'spec.template'),
    ...validateReadOnlyDisks(spec.template, old?.template),
    ...validateRunsForever('DaemonSet', spec.template),
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateUpdateStrategy(spec.updateStrategy ?? {}, 'spec.updateStrategy'),
    ...validateNonnegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
  ];
}

/** A selector that is none was refused for itself. */
function validateLabelsOf({ template, selector }: DaemonSetSpec): FieldError[] {
  try {
    return validateTemplateLabels(template, selector);
  } catch (error) {
    if (error instanceof SelectorError) return [];
    throw error;
  }
}

/** Models ValidateDaemonSetUpdateStrategy. */
function validateUpdateStrategy(
  { type = '', rollingUpdate }: NonNullable<DaemonSetSpec['updateStrategy']>,
  field: string,
): FieldError[] {
  if (type === 'OnDelete') return [];
  if (type !== 'RollingUpdate') {
    const pointer = rollingUpdate ? '0xc000000000' : 'nil';
    const shown = `apps.DaemonSetUpdateStrategy{Type:${goQuote(type)}, RollingUpdate:(*apps.RollingUpdateDaemonSet)(${pointer})}`;
    return [notSupported(field, new GoLiteral(shown), ['RollingUpdate', 'OnDelete'])];
  }
  const path = `${field}.rollingUpdate`;
  if (rollingUpdate === undefined) return [required(path)];
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate;
  const errors = [
    ...validatePositiveIntOrPercent(maxUnavailable, `${path}.maxUnavailable`),
    ...validatePositiveIntOrPercent(maxSurge, `${path}.maxSurge`),
    ...validateNotMoreThan100Percent(maxUnavailable, `${path}.maxUnavailable`),
    ...validateNotMoreThan100Percent(maxSurge, `${path}.maxSurge`),
  ];
  const unavailable = intOrPercentValue(maxUnavailable) !== 0;
  const surge = intOrPercentValue(maxSurge) !== 0;
  if (unavailable && surge) {
    errors.push(
      invalid(`${path}.maxSurge`, goIntOrString(maxSurge), 'may not be set when maxUnavailable is non-zero'),
    );
  } else if (!unavailable && !surge) {
    errors.push(required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
  }
  return errors;
}

export function validateDaemonSetStatus({ status }: KubeObject, old: KubeObject): FieldError[] {
  return validateStatusNumbers(status, old.status, NUMBERS);
}
