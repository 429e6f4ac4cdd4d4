import type { ValidateName } from '../../../apimachinery/validation/names.ts';
import { nameIsPathSegment } from '../../../apimachinery/validation/names.ts';

/** Any segment of a path; the beginning of a generated name is held to the same. Models ValidateRBACName. */
export const validateRBACName: ValidateName = (name) => nameIsPathSegment(name, false);
