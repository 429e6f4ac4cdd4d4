import { goSlice, goStrings } from '../../../../apimachinery/validation/go-syntax.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateLabelSelector } from '../../../../apimachinery/validation/labels.ts';
import { nameIsPathSegment } from '../../../../apimachinery/validation/names.ts';
import type { MatchResources, NamedRuleWithOperations, RuleWithOperations } from '../types.ts';

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];
const MATCH_POLICIES = ['Equivalent', 'Exact'];

/** Models validateRuleWithOperations. */
export function validateRule(rule: RuleWithOperations, field: string): FieldError[] {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  const errors: FieldError[] = [];
  const alone = (values: readonly string[], name: string, others: string, shown = goStrings(values)) => {
    if (values.length > 1 && values.includes('*')) {
      const detail = `if '*' is present, must not specify other ${others}`;
      errors.push(invalid(`${field}.${name}`, shown, detail));
    }
  };
  if (operations.length === 0) errors.push(required(`${field}.operations`));
  const shown = goSlice('admissionregistration.OperationType', operations);
  alone(operations, 'operations', 'operations', shown);
  operations.forEach((operation, index) => {
    if (!OPERATIONS.includes(operation)) {
      errors.push(notSupported(`${field}.operations[${index}]`, operation, OPERATIONS));
    }
  });
  if (apiGroups.length === 0) errors.push(required(`${field}.apiGroups`));
  alone(apiGroups, 'apiGroups', 'API groups');
  if (apiVersions.length === 0) errors.push(required(`${field}.apiVersions`));
  alone(apiVersions, 'apiVersions', 'API versions');
  apiVersions.forEach((version, index) => {
    if (version === '') errors.push(required(`${field}.apiVersions[${index}]`));
  });
  errors.push(...validateResources(resources, `${field}.resources`));
  if (scope !== undefined && !SCOPES.includes(scope)) {
    errors.push(notSupported(`${field}.scope`, scope, SCOPES));
  }
  return errors;
}

/** Models validateResources. */
function validateResources(resources: readonly string[], field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (resources.length === 0) errors.push(required(field));
  const wildSubresources = new Set<string>();
  const wildResources = new Set<string>();
  // Only the last one without a subresource counts.
  const last = resources.findLast((text) => text !== '' && !text.includes('/')) ?? '*';
  resources.forEach((text, index) => {
    const at = `${field}[${index}]`;
    const slash = text.indexOf('/');
    if (text === '') errors.push(required(at));
    if (slash < 0) return;
    const [resource, subresource] = [text.slice(0, slash), text.slice(slash + 1)];
    if (wildSubresources.has(resource)) {
      errors.push(invalid(at, text, `if '${resource}/*' is present, must not specify ${text}`));
    }
    if (wildResources.has(subresource)) {
      errors.push(invalid(at, text, `if '*/${subresource}' is present, must not specify ${text}`));
    }
    if (subresource === '*') wildSubresources.add(resource);
    if (resource === '*') wildResources.add(subresource);
  });
  if (resources.length > 1 && resources.includes('*/*')) {
    const detail = "if '*/*' is present, must not specify other resources";
    errors.push(invalid(field, goStrings(resources), detail));
  }
  if (resources.includes('*') && last !== '*') {
    const detail = "if '*' is present, must not specify other resources without subresources";
    errors.push(invalid(field, goStrings(resources), detail));
  }
  return errors;
}

function validateNamedRule(rule: NamedRuleWithOperations, field: string): FieldError[] {
  const names = rule.resourceNames ?? [];
  return [
    ...names.flatMap((name, index) => {
      const at = `${field}.resourceNames[${index}]`;
      const faults = nameIsPathSegment(name, false).map((text) => invalid(at, name, text));
      return names.indexOf(name) < index ? [...faults, duplicate(at, name)] : faults;
    }),
    ...validateRule(rule, field),
  ];
}

export function validateMatchPolicy(policy: string | undefined, field: string): FieldError[] {
  if (policy === undefined) return [required(field)];
  return MATCH_POLICIES.includes(policy) ? [] : [notSupported(field, policy, MATCH_POLICIES)];
}

/** Models validateMatchResources. */
export function validateMatchResources(resources: MatchResources | undefined, field: string): FieldError[] {
  if (resources === undefined) return [];
  const {
    matchPolicy,
    namespaceSelector,
    objectSelector,
    resourceRules = [],
    excludeResourceRules = [],
  } = resources;
  return [
    ...validateMatchPolicy(matchPolicy, `${field}.matchPolicy`),
    ...validateLabelSelector(namespaceSelector, `${field}.namespaceSelector`),
    ...validateLabelSelector(objectSelector, `${field}.objectSelector`),
    ...resourceRules.flatMap((rule, index) => validateNamedRule(rule, `${field}.resourceRules[${index}]`)),
    ...excludeResourceRules.flatMap((rule, index) =>
      validateNamedRule(rule, `${field}.excludeResourceRules[${index}]`),
    ),
  ];
}
