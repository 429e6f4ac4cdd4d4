import type { PolicyRule, RoleRef, Subject } from 'kubernetes-types/rbac/v1';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import {
  GoLiteral,
  goStrings,
  invalid,
  notSupported,
  required,
} from '../../../apimachinery/validation/field-error.ts';
import { validateLabelSelector } from '../../../apimachinery/validation/labels.ts';
import { nameIsDNSSubdomain, nameIsPathSegment } from '../../../apimachinery/validation/names.ts';
import { RBAC_GROUP } from './group.ts';

/** Models pkg/apis/rbac/validation ValidatePolicyRule. */
export function validatePolicyRules(
  rules: readonly PolicyRule[] | null | undefined,
  namespaced: boolean,
): FieldError[] {
  return (rules ?? []).flatMap((rule, index) => {
    const path = `rules[${index}]`;
    const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
    const errors: FieldError[] = [];
    if (!rule.verbs?.length) errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'));
    if (nonResourceURLs.length > 0) {
      const refuse = (text: string) => invalid(`${path}.nonResourceURLs`, goStrings(nonResourceURLs), text);
      if (namespaced) errors.push(refuse('namespaced rules cannot apply to non-resource URLs'));
      if (apiGroups.length > 0 || resources.length > 0 || resourceNames.length > 0) {
        errors.push(refuse('rules cannot apply to both regular resources and non-resource URLs'));
      }
      return errors;
    }
    if (apiGroups.length === 0) {
      errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
    }
    if (resources.length === 0) {
      errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
    }
    return errors;
  });
}

/** Models ValidateRoleBinding and ValidateClusterRoleBinding; the kinds are those a binding may name. */
export function validateBinding(
  binding: { readonly roleRef?: RoleRef; readonly subjects?: readonly Subject[] },
  namespaced: boolean,
): FieldError[] {
  const { apiGroup = '', kind = '', name = '' } = binding.roleRef ?? {};
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  const errors: FieldError[] = [];
  if (apiGroup !== RBAC_GROUP) errors.push(notSupported('roleRef.apiGroup', apiGroup, [RBAC_GROUP]));
  if (!kinds.includes(kind)) errors.push(notSupported('roleRef.kind', kind, kinds));
  if (name === '') errors.push(required('roleRef.name'));
  else {
    for (const text of nameIsPathSegment(name, false)) errors.push(invalid('roleRef.name', name, text));
  }
  (binding.subjects ?? []).forEach((subject, index) => {
    errors.push(...validateSubject(subject, namespaced, `subjects[${index}]`));
  });
  return errors;
}

/** Models ValidateRoleBindingSubject. */
function validateSubject(subject: Subject, namespaced: boolean, field: string): FieldError[] {
  const { kind = '', name = '', apiGroup = '', namespace = '' } = subject;
  const errors: FieldError[] = [];
  if (name === '') errors.push(required(`${field}.name`));
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') {
        for (const text of nameIsDNSSubdomain(name, false)) errors.push(invalid(`${field}.name`, name, text));
      }
      if (apiGroup !== '') errors.push(notSupported(`${field}.apiGroup`, apiGroup, ['']));
      if (!namespaced && namespace === '') errors.push(required(`${field}.namespace`));
      break;
    case 'User':
    case 'Group':
      if (apiGroup !== RBAC_GROUP) errors.push(notSupported(`${field}.apiGroup`, apiGroup, [RBAC_GROUP]));
      break;
    default:
      errors.push(notSupported(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
  }
  return errors;
}

/** A binding is to one role for good. Models ValidateRoleBindingUpdate. */
export function validateRoleRefUpdate(roleRef: RoleRef, old: RoleRef): FieldError[] {
  const same = roleRef.apiGroup === old.apiGroup && roleRef.kind === old.kind && roleRef.name === old.name;
  const { apiGroup, kind, name } = roleRef;
  const shown = new GoLiteral(
    `rbac.RoleRef{APIGroup:${JSON.stringify(apiGroup)}, Kind:${JSON.stringify(kind)}, Name:${JSON.stringify(name)}}`,
  );
  return same ? [] : [invalid('roleRef', shown, 'cannot change roleRef')];
}

/** Models pkg/apis/rbac/validation ValidateClusterRole. */
export function validateAggregation({ aggregationRule }: KubeObject): FieldError[] {
  if (!aggregationRule) return [];
  const field = 'aggregationRule.clusterRoleSelectors';
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  if (selectors.length === 0) {
    return [required(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil')];
  }
  return selectors.flatMap((selector: object, index: number) => {
    const at = `${field}[${index}]`;
    const errors = validateLabelSelector(selector as never, at);
    return errors.length === 0 ? [] : [...errors, invalid(at, null, 'invalid label selector.')];
  });
}
