import type {
  Affinity,
  NodeSelector,
  NodeSelectorTerm,
  PodAffinityTerm,
  TopologySpreadConstraint,
} from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateLabelName, validateLabelSelector } from '../../../../apimachinery/validation/labels.ts';
import { isDNS1123Label, nameIsDNSSubdomain } from '../../../../apimachinery/validation/names.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Models validateAffinity. */
export function validateAffinity(affinity: Affinity | undefined, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const node = affinity?.nodeAffinity;
  if (node) {
    const path = `${field}.nodeAffinity`;
    if (node.requiredDuringSchedulingIgnoredDuringExecution) {
      errors.push(
        ...validateNodeSelector(node.requiredDuringSchedulingIgnoredDuringExecution, `${path}.${REQUIRED}`),
      );
    }
    (node.preferredDuringSchedulingIgnoredDuringExecution ?? []).forEach((term, index) => {
      const at = `${path}.${PREFERRED}[${index}]`;
      errors.push(...validateWeight(term.weight, `${at}.weight`));
      errors.push(...validateNodeSelectorTerm(term.preference ?? {}, `${at}.preference`));
    });
  }
  for (const key of ['podAffinity', 'podAntiAffinity'] as const) {
    const pod = affinity?.[key];
    if (!pod) continue;
    const path = `${field}.${key}`;
    (pod.requiredDuringSchedulingIgnoredDuringExecution ?? []).forEach((term, index) => {
      errors.push(...validatePodAffinityTerm(term, `${path}.${REQUIRED}[${index}]`));
    });
    (pod.preferredDuringSchedulingIgnoredDuringExecution ?? []).forEach((term, index) => {
      const at = `${path}.${PREFERRED}[${index}]`;
      errors.push(...validateWeight(term.weight, `${at}.weight`));
      errors.push(...validatePodAffinityTerm(term.podAffinityTerm ?? {}, `${at}.podAffinityTerm`));
    });
  }
  return errors;
}

const validateWeight = (weight: number | undefined, field: string) =>
  (weight ?? 0) <= 0 || weight! > 100 ? [invalid(field, weight ?? 0, 'must be in the range 1-100')] : [];

/** Models ValidateNodeSelector. */
export function validateNodeSelector(selector: NodeSelector, field: string): FieldError[] {
  const terms = selector.nodeSelectorTerms ?? [];
  if (terms.length === 0) {
    return [required(`${field}.nodeSelectorTerms`, 'must have at least one node selector term')];
  }
  return terms.flatMap((term, index) =>
    validateNodeSelectorTerm(term, `${field}.nodeSelectorTerms[${index}]`),
  );
}

function validateNodeSelectorTerm(term: NodeSelectorTerm, field: string): FieldError[] {
  const errors: FieldError[] = [];
  (term.matchExpressions ?? []).forEach(({ key = '', operator = '', values = [] }, index) => {
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
    } else if (operator === 'Gt' || operator === 'Lt') {
      if (values.length !== 1) {
        errors.push(
          required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"),
        );
      }
    } else {
      errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
    }
    errors.push(...validateLabelName(key, `${path}.key`));
  });
  (term.matchFields ?? []).forEach(({ key = '', operator = '', values = [] }, index) => {
    const path = `${field}.matchFields[${index}]`;
    if (operator !== 'In' && operator !== 'NotIn') {
      errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
    } else if (values.length !== 1) {
      errors.push(
        required(
          `${path}.values`,
          "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
        ),
      );
    }
    if (key !== 'metadata.name') {
      errors.push(invalid(`${path}.key`, key, 'not a valid field selector key'));
    } else {
      values.forEach((value, at) => {
        for (const text of nameIsDNSSubdomain(value, false)) {
          errors.push(invalid(`${path}.values[${at}]`, value, text));
        }
      });
    }
  });
  return errors;
}

/** Models validatePodAffinityTerm. */
function validatePodAffinityTerm(term: Partial<PodAffinityTerm>, field: string): FieldError[] {
  const errors = [
    ...validateLabelSelector(term.labelSelector as never, `${field}.labelSelector`),
    ...validateLabelSelector(term.namespaceSelector as never, `${field}.namespaceSelector`),
  ];
  for (const name of term.namespaces ?? []) {
    for (const text of isDNS1123Label(name)) errors.push(invalid(`${field}.namespace`, name, text));
  }
  if (!term.topologyKey) errors.push(required(`${field}.topologyKey`, 'can not be empty'));
  return [...errors, ...validateLabelName(term.topologyKey ?? '', `${field}.topologyKey`)];
}

/** Models validateMatchLabelKeys. */
function validateMatchLabelKeys(
  { matchLabelKeys = [], labelSelector }: TopologySpreadConstraint,
  field: string,
): FieldError[] {
  if (matchLabelKeys.length === 0) return [];
  const known = new Set([
    ...Object.keys(labelSelector?.matchLabels ?? {}),
    ...(labelSelector?.matchExpressions ?? []).map(({ key }) => key),
  ]);
  return [
    ...(labelSelector === undefined
      ? [forbidden(field, 'must not be specified when labelSelector is not set')]
      : []),
    ...matchLabelKeys.flatMap((key, index) => [
      ...validateLabelName(key, `${field}[${index}]`),
      ...(known.has(key)
        ? [invalid(`${field}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector')]
        : []),
    ]),
  ];
}

const INCLUSION_POLICIES = ['Honor', 'Ignore'];
const UNSATISFIABLE = ['DoNotSchedule', 'ScheduleAnyway'];

/** Models validateTopologySpreadConstraints. */
export function validateTopologySpreadConstraints(
  constraints: readonly TopologySpreadConstraint[] | undefined,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  (constraints ?? []).forEach((constraint, index) => {
    const path = `${field}[${index}]`;
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '', minDomains } = constraint;
    if (maxSkew <= 0) errors.push(invalid(`${path}.maxSkew`, maxSkew, 'must be greater than zero'));
    if (!topologyKey) errors.push(required(`${path}.topologyKey`, 'can not be empty'));
    if (!UNSATISFIABLE.includes(whenUnsatisfiable)) {
      errors.push(notSupported(`${path}.whenUnsatisfiable`, whenUnsatisfiable, UNSATISFIABLE));
    }
    const pair = `{${topologyKey}, ${whenUnsatisfiable}}`;
    for (const later of constraints!.slice(index + 1)) {
      if (later.topologyKey === topologyKey && later.whenUnsatisfiable === whenUnsatisfiable) {
        errors.push(duplicate(`${path}.{topologyKey, whenUnsatisfiable}`, pair));
        break;
      }
    }
    if (minDomains !== undefined) {
      if (minDomains <= 0)
        errors.push(invalid(`${path}.minDomains`, minDomains, 'must be greater than zero'));
      if (whenUnsatisfiable !== 'DoNotSchedule') {
        errors.push(
          invalid(
            `${path}.minDomains`,
            minDomains,
            `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`,
          ),
        );
      }
    }
    for (const key of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const policy = constraint[key];
      if (policy !== undefined && !INCLUSION_POLICIES.includes(policy)) {
        errors.push(notSupported(`${path}.${key}`, policy, INCLUSION_POLICIES));
      }
    }
    errors.push(...validateMatchLabelKeys(constraint, `${path}.matchLabelKeys`));
    errors.push(...validateLabelSelector(constraint.labelSelector as never, `${path}.labelSelector`));
  });
  return errors;
}
