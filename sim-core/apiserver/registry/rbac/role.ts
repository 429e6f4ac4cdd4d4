import { semanticEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { invalid, required } from '../../../apimachinery/validation/field-error.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { validateLabelSelector } from '../../../apimachinery/validation/labels.ts';
import { nameIsPathSegment } from '../../../apimachinery/validation/names.ts';
import { checkRole } from '../../authorization/rbac/escalation-check.ts';
import { CREATED_AT } from '../../printers/columns.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import type { Strategy } from '../rest/strategy.ts';
import type { StoreHooks } from '../rest/subresource.ts';
import { dropEmpty } from '../core/defaults/always-present.ts';
import { RBAC_GROUP, validatePolicyRules } from './validation.ts';

function fillDefaults(object: KubeObject): void {
  if (!object.rules || object.rules.length === 0) object.rules = null;
  for (const rule of object.rules ?? []) {
    dropEmpty(rule, ['apiGroups', 'resources', 'resourceNames', 'nonResourceURLs']);
    rule.verbs ??= null;
  }
}

/** Models pkg/apis/rbac/validation ValidateClusterRole. */
function validateAggregation({ aggregationRule }: KubeObject): FieldError[] {
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

/** Models pkg/registry/rbac/{role,clusterrole}/strategy.go. */
const strategyOf = (namespaced: boolean): Strategy => {
  const validate = (object: KubeObject) => [
    ...validatePolicyRules(object.rules, namespaced),
    ...validateAggregation(object),
  ];
  return {
    fillDefaults,
    allowCreateOnUpdate: true,
    validateName: nameIsPathSegment,
    validate,
    // Upstream validates the new object, and then all of it again as part of the update.
    validateUpdate: (object) => [...validate(object), ...validate(object)],
  };
};

/** Nobody grants what they do not have. */
const hooksOf = (resource: string): StoreHooks => ({
  async beginCreate(object, context) {
    await checkRole({ group: RBAC_GROUP, resource }, object, context);
    return undefined;
  },
  async beginUpdate(object, old, context) {
    const same =
      semanticEqual(object.rules, old.rules) && semanticEqual(object.aggregationRule, old.aggregationRule);
    if (!same) await checkRole({ group: RBAC_GROUP, resource }, object, context);
    return undefined;
  },
});

const row = (kind: 'Role' | 'ClusterRole', resource: string): ResourceDefinition => ({
  group: RBAC_GROUP,
  version: 'v1',
  kind,
  resource,
  singular: kind.toLowerCase(),
  namespaced: kind === 'Role',
  storagePrefix: resource,
  schema: `io.k8s.api.rbac.v1.${kind}`,
  strategy: strategyOf(kind === 'Role'),
  hooks: hooksOf(resource),
  columns: [CREATED_AT],
});

export const roles = row('Role', 'roles');
export const clusterRoles = row('ClusterRole', 'clusterroles');
