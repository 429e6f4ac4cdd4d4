import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { required } from '../../../../apimachinery/validation/field-error.ts';
import { validateNonnegative } from '../../core/validation/common.ts';

/** Models ValidateControllerRevision. */
export function validateControllerRevision(object: KubeObject): FieldError[] {
  return [
    ...(object.data === undefined || object.data === null ? [required('data', 'data is mandatory')] : []),
    ...validateNonnegative(object.revision, 'revision'),
  ];
}
