import type { Toleration } from 'kubernetes-types/core/v1';
import { goQuote } from '../../../../apimachinery/go-format.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  GoLiteral,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateLabelName } from '../../../../apimachinery/validation/labels.ts';
import { isValidLabelValue } from '../../../../apimachinery/validation/names.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** What a taint does. Models validateTaintEffect. */
export function validateTaintEffect(
  effect: string | undefined,
  allowEmpty: boolean,
  field: string,
): FieldError[] {
  if (effect) return EFFECTS.includes(effect) ? [] : [notSupported(field, effect, EFFECTS)];
  return allowEmpty ? [] : [required(field)];
}

/** Models ValidateTolerations. */
export function validateTolerations(tolerations: readonly Toleration[], field: string): FieldError[] {
  return tolerations.flatMap((toleration, index) => {
    const path = `${field}[${index}]`;
    const { key = '', operator = '', value = '', effect = '' } = toleration;
    const errors: FieldError[] = [];
    if (key !== '') errors.push(...validateLabelName(key, `${path}.key`));
    if (key === '' && operator !== 'Exists') {
      errors.push(
        invalid(
          `${path}.operator`,
          operator,
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    }
    if (toleration.tolerationSeconds !== undefined && effect !== 'NoExecute') {
      errors.push(
        invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"),
      );
    }
    if (operator === 'Equal' || operator === '') {
      const complaints = isValidLabelValue(value);
      if (complaints.length > 0) errors.push(invalid(`${path}.operator`, value, complaints.join(';')));
    } else if (operator === 'Exists') {
      if (value !== '') {
        errors.push(
          invalid(
            `${path}.operator`,
            goToleration(toleration),
            "value must be empty when `operator` is 'Exists'",
          ),
        );
      }
    } else {
      errors.push(notSupported(`${path}.operator`, operator, ['Equal', 'Exists']));
    }
    if (effect !== '') errors.push(...validateTaintEffect(effect, true, `${path}.effect`));
    return errors;
  });
}

export function goToleration({
  key = '',
  operator = '',
  value = '',
  effect = '',
  tolerationSeconds,
}: Toleration): GoLiteral {
  const seconds = tolerationSeconds === undefined ? '(*int64)(nil)' : '(*int64)(0xc000010000)';
  return new GoLiteral(
    `core.Toleration{Key:${goQuote(key)}, Operator:${goQuote(operator)}, Value:${goQuote(value)}, ` +
      `Effect:${goQuote(effect)}, TolerationSeconds:${seconds}}`,
  );
}

/** Existing tolerations stay, but for their seconds. Models validateOnlyAddedTolerations. */
export function validateOnlyAddedTolerations(
  tolerations: readonly Toleration[],
  old: readonly Toleration[],
  field: string,
): FieldError[] {
  const same = (a: Toleration, b: Toleration) =>
    (a.key ?? '') === (b.key ?? '') &&
    (a.operator ?? '') === (b.operator ?? '') &&
    (a.value ?? '') === (b.value ?? '') &&
    (a.effect ?? '') === (b.effect ?? '');
  const kept = old.every((before) => tolerations.some((now) => same(before, now)));
  return kept
    ? validateTolerations(tolerations, field)
    : [forbidden(field, 'existing toleration can not be modified except its tolerationSeconds')];
}
