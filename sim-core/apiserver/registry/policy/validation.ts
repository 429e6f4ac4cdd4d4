import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { GoLiteral, invalid, notSupported } from '../../../apimachinery/validation/field-error.ts';
import { validateLabelSelector } from '../../../apimachinery/validation/labels.ts';
import { validateNotMoreThan100Percent, validatePositiveIntOrPercent } from '../apps/validation.ts';
import { COUNTS } from './status-counts.ts';
import { validateConditions } from '../../../apimachinery/validation/conditions.ts';
import { validateNonnegative } from '../core/validation/common.ts';

const EVICTION_POLICIES = ['AlwaysAllow', 'IfHealthyBudget'];

/** Models pkg/apis/policy/validation ValidatePodDisruptionBudgetSpec. */
export function validateDisruptionBudget({ spec }: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    errors.push(
      invalid(
        'spec',
        new GoLiteral('policy.PodDisruptionBudgetSpec{}'),
        'minAvailable and maxUnavailable cannot be both set',
      ),
    );
  }
  for (const key of ['minAvailable', 'maxUnavailable']) {
    if (spec[key] === undefined) continue;
    errors.push(
      ...validatePositiveIntOrPercent(spec[key], `spec.${key}`),
      ...validateNotMoreThan100Percent(spec[key], `spec.${key}`),
    );
  }
  errors.push(...validateLabelSelector(spec.selector, 'spec.selector'));
  const { unhealthyPodEvictionPolicy: policy } = spec;
  if (policy !== undefined && !EVICTION_POLICIES.includes(policy)) {
    errors.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, EVICTION_POLICIES));
  }
  return errors;
}

/** Models ValidatePodDisruptionBudgetStatusUpdate. */
export const validateDisruptionBudgetStatus = ({ status }: KubeObject): FieldError[] => [
  ...validateConditions(status.conditions, 'status.conditions'),
  ...COUNTS.flatMap((count) => validateNonnegative(status[count], `status.${count}`)),
];
