import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { forbidden } from '../../../apimachinery/validation/field-error.ts';
import { validateEnum } from '../core/validation/common.ts';
import { HIGHEST_USER_PRIORITY, systemClassProblem, SYSTEM_PREFIX } from './bootstrap.ts';

const POLICIES = ['PreemptLowerPriority', 'Never'];

/** Models pkg/apis/scheduling/validation ValidatePriorityClass. */
export function validatePriorityClass(object: KubeObject): FieldError[] {
  const name = object.metadata.name ?? '';
  const errors: FieldError[] = [];
  if (name.startsWith(SYSTEM_PREFIX)) {
    const problem = systemClassProblem(name, object.value, object.globalDefault ?? false);
    if (problem !== undefined) {
      errors.push(
        forbidden(
          'metadata.name',
          `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${problem}`,
        ),
      );
    }
  } else if (object.value > HIGHEST_USER_PRIORITY) {
    errors.push(
      forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`),
    );
  }
  if (object.preemptionPolicy !== undefined) {
    errors.push(...validateEnum(object.preemptionPolicy, POLICIES, 'preemptionPolicy'));
  }
  return errors;
}
