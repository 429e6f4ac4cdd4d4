import type {
  JobSpec,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
  PodFailurePolicyRule,
} from 'kubernetes-types/batch/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  FieldError as FieldErrorClass,
  GoLiteral,
  invalid,
  notSupported,
  required,
  tooMany,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateQualifiedName } from '../../core/validation/common.ts';

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const OPERATORS = ['In', 'NotIn'];
const STATUSES = ['False', 'True', 'Unknown'];
const REPLACEMENTS = ['Failed', 'TerminatingOrFailed'];
const MAX_RULES = 20;
const MAX_PATTERNS = 20;
const MAX_EXIT_CODES = 255;

const goList = (values: readonly string[]) => `[${values.map((value) => `"${value}"`).join(' ')}]`;

/** One of a few words; a missing one is told what there is. */
function choice(value: string, values: readonly string[], field: string): FieldError[] {
  if (value === '') return [required(field, `valid values: ${goList(values)}`)];
  return values.includes(value) ? [] : [notSupported(field, value, values)];
}

/** Models validatePodFailurePolicyRuleOnExitCodes. */
function validateExitCodes(
  requirement: PodFailurePolicyOnExitCodesRequirement,
  containers: readonly string[],
  field: string,
): FieldError[] {
  const { operator = '' as never, containerName, values = [] } = requirement;
  const errors = choice(operator, OPERATORS, `${field}.operator`);
  if (containerName !== undefined && !containers.includes(containerName)) {
    errors.push(
      invalid(
        `${field}.containerName`,
        containerName,
        'must be one of the container or initContainer names in the pod template',
      ),
    );
  }
  const path = `${field}.values`;
  const shown = new GoLiteral(`[]int32{${values.join(', ')}}`);
  if (values.length === 0) {
    const none = new GoLiteral(requirement.values ? '[]int32{}' : '[]int32(nil)');
    errors.push(invalid(path, none, 'at least one value is required'));
  } else if (values.length > MAX_EXIT_CODES) errors.push(tooMany(path, values.length, MAX_EXIT_CODES));
  values.forEach((value, index) => {
    if (operator === 'In' && value === 0) {
      errors.push(invalid(`${path}[${index}]`, value, 'must not be 0 for the In operator'));
    }
    if (values.indexOf(value) < index) errors.push(duplicate(`${path}[${index}]`, value));
  });
  const ordered = values.every((value, index) => index === 0 || values[index - 1]! <= value);
  return ordered ? errors : [...errors, invalid(path, shown, 'must be ordered')];
}

/** Models validatePodFailurePolicyRuleOnPodConditions. */
function validateConditions(
  patterns: readonly PodFailurePolicyOnPodConditionsPattern[],
  field: string,
): FieldError[] {
  const errors = patterns.length > MAX_PATTERNS ? [tooMany(field, patterns.length, MAX_PATTERNS)] : [];
  return [
    ...errors,
    ...patterns.flatMap(({ type = '', status = '' }, index) => [
      ...validateQualifiedName(type, `${field}[${index}].type`),
      ...choice(status, STATUSES, `${field}[${index}].status`),
    ]),
  ];
}

/** Models validatePodFailurePolicyRule. */
function validateRule(
  { action = '' as never, onExitCodes, onPodConditions = [] }: PodFailurePolicyRule,
  spec: JobSpec,
  containers: readonly string[],
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if ((action as string) === 'FailIndex') {
    if ((spec as { backoffLimitPerIndex?: number }).backoffLimitPerIndex === undefined) {
      errors.push(invalid(`${field}.action`, action, 'requires the backoffLimitPerIndex to be set'));
    }
  } else errors.push(...choice(action, ACTIONS, `${field}.action`));
  if (onExitCodes) errors.push(...validateExitCodes(onExitCodes, containers, `${field}.onExitCodes`));
  errors.push(...validateConditions(onPodConditions, `${field}.onPodConditions`));
  const both = Boolean(onExitCodes) && onPodConditions.length > 0;
  const neither = !onExitCodes && onPodConditions.length === 0;
  if (!both && !neither) return errors;
  const text = both
    ? 'specifying both OnExitCodes and OnPodConditions is not supported'
    : 'specifying one of OnExitCodes and OnPodConditions is required';
  return [...errors, FieldErrorClass.withoutValue('Invalid', field, text)];
}

/** Models validatePodFailurePolicy. */
export function validateFailurePolicy(spec: JobSpec, field: string): FieldError[] {
  if (spec.podFailurePolicy === undefined) return [];
  const rules = spec.podFailurePolicy.rules ?? [];
  const pod = spec.template.spec;
  const names = [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])].map(({ name }) => name);
  return [
    ...(rules.length > MAX_RULES ? [tooMany(`${field}.rules`, rules.length, MAX_RULES)] : []),
    ...rules.flatMap((rule, index) => validateRule(rule, spec, names, `${field}.rules[${index}]`)),
  ];
}

/** Models validatePodReplacementPolicy. */
export function validateReplacementPolicy(
  spec: JobSpec & { readonly podReplacementPolicy?: string },
  field: string,
): FieldError[] {
  const { podReplacementPolicy: policy } = spec;
  const allowed = spec.podFailurePolicy === undefined ? REPLACEMENTS : ['Failed'];
  return policy === undefined || allowed.includes(policy) ? [] : [notSupported(field, policy, allowed)];
}
