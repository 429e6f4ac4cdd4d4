import type { FieldError } from './field-error.ts';
import { duplicate, invalid, notSupported, required, tooLong } from './field-error.ts';
import { validateLabelName } from './labels.ts';
import { byteLength, conditionReasonComplaints } from './names.ts';

/** Models metav1.Condition. */
interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string | null;
  readonly reason?: string;
  readonly message?: string;
}

const STATUSES = ['False', 'True', 'Unknown'];
const MAX_REASON = 1024;
const MAX_MESSAGE = 32 * 1024;

/** Models k8s.io/apimachinery/pkg/apis/meta/v1/validation ValidateConditions. */
export function validateConditions(
  conditions: readonly Condition[] | undefined,
  field: string,
): FieldError[] {
  const seen = new Set<string>();
  return (conditions ?? []).flatMap((condition, index) => {
    const path = `${field}[${index}]`;
    const { type = '', status = '', observedGeneration = 0, reason = '', message = '' } = condition;
    const errors = seen.has(type) ? [duplicate(`${path}.type`, type)] : [];
    seen.add(type);
    errors.push(...validateLabelName(type, `${path}.type`));
    if (!STATUSES.includes(status)) errors.push(notSupported(`${path}.status`, status, STATUSES));
    if (observedGeneration < 0) {
      errors.push(
        invalid(`${path}.observedGeneration`, observedGeneration, 'must be greater than or equal to zero'),
      );
    }
    if (!condition.lastTransitionTime) errors.push(required(`${path}.lastTransitionTime`, 'must be set'));
    if (reason === '') errors.push(required(`${path}.reason`, 'must be set'));
    for (const text of reason === '' ? [] : conditionReasonComplaints(reason)) {
      errors.push(invalid(`${path}.reason`, reason, text));
    }
    if (byteLength(reason) > MAX_REASON) errors.push(tooLong(`${path}.reason`, MAX_REASON));
    if (byteLength(message) > MAX_MESSAGE) errors.push(tooLong(`${path}.message`, MAX_MESSAGE));
    return errors;
  });
}
