import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { invalid, notSupported, required } from '../../../apimachinery/validation/field-error.ts';

/** Models pkg/apis/flowcontrol/validation ValidateFlowSchemaSpec. */
export function validateFlowSchema({ spec }: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.matchingPrecedence <= 0) {
    errors.push(invalid('spec.matchingPrecedence', spec.matchingPrecedence, 'must be a positive value'));
  }
  if (spec.matchingPrecedence > 10000) {
    errors.push(
      invalid('spec.matchingPrecedence', spec.matchingPrecedence, 'must not be greater than 10000'),
    );
  }
  const method = spec.distinguisherMethod?.type;
  if (method !== undefined && !['ByNamespace', 'ByUser'].includes(method)) {
    errors.push(notSupported('spec.distinguisherMethod', method, ['ByNamespace', 'ByUser']));
  }
  if (!spec.priorityLevelConfiguration?.name) {
    errors.push(required('spec.priorityLevelConfiguration.name', 'must reference a priority level'));
  }
  return errors;
}

/** Models ValidatePriorityLevelConfigurationSpec. */
export function validatePriorityLevel({ spec }: KubeObject): FieldError[] {
  if (!['Exempt', 'Limited'].includes(spec.type)) {
    return [notSupported('spec.type', spec.type, ['Exempt', 'Limited'])];
  }
  return spec.type === 'Limited' && !spec.limited
    ? [required('spec.limited', 'must not be empty when type is Limited')]
    : [];
}
