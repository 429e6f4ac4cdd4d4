import type { FieldError } from './field-error.ts';
import { forbidden, invalid, required } from './field-error.ts';
import { isQualifiedName, isValidLabelValue } from './names.ts';

/** Models metav1.LabelSelector. */
export interface LabelSelectorSpec {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** Models k8s.io/apimachinery/pkg/apis/meta/v1/validation ValidateLabelName. */
export function validateLabelName(name: string, field: string): FieldError[] {
  return isQualifiedName(name).map((text) => invalid(field, name, text));
}

/** Keys and values of labels. Models k8s.io/apimachinery/pkg/apis/meta/v1/validation ValidateLabels. */
export function validateLabels(
  labels: Readonly<Record<string, string>> | undefined,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (labels === undefined) return errors;
  for (const key of Object.keys(labels).sort()) {
    const value = labels[key]!;
    errors.push(...validateLabelName(key, field));
    for (const text of isValidLabelValue(value)) errors.push(invalid(field, value, text));
  }
  return errors;
}

/** Models k8s.io/apimachinery/pkg/apis/meta/v1/validation ValidateLabelSelector. */
export function validateLabelSelector(selector: LabelSelectorSpec | undefined, field: string): FieldError[] {
  const errors = validateLabels(selector?.matchLabels, `${field}.matchLabels`);
  (selector?.matchExpressions ?? []).forEach(({ key = '', operator = '', values = [] }, index) => {
    const path = `${field}.matchExpressions[${index}]`;
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) {
        errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      }
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) {
        errors.push(
          forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
        );
      }
    } else {
      errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
    }
    errors.push(...validateLabelName(key, `${path}.key`));
    values.forEach((value, valueIndex) => {
      for (const text of isValidLabelValue(value)) {
        errors.push(invalid(`${path}.values[${valueIndex}]`, value, text));
      }
    });
  });
  return errors;
}
