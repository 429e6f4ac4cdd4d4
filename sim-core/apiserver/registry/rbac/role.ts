import type { KubeObject } from '../../../apimachinery/object.ts';
import { validateRBACName } from './name.ts';
import { CREATED_AT } from '../../printers/columns.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import type { Strategy } from '../rest/strategy.ts';
import type { StoreHooks } from '../rest/subresource.ts';
import { dropEmpty } from '../core/defaults/always-present.ts';
import { RBAC_GROUP } from './group.ts';
import { checks } from '../checks.ts';

function fillDefaults(object: KubeObject): void {
  if (!object.rules || object.rules.length === 0) object.rules = null;
  for (const rule of object.rules ?? []) {
    dropEmpty(rule, ['apiGroups', 'resources', 'resourceNames', 'nonResourceURLs']);
    rule.verbs ??= null;
  }
}

/** Models pkg/registry/rbac/{role,clusterrole}/strategy.go. */
const strategyOf = (namespaced: boolean): Strategy => {
  const validate = (object: KubeObject) => [
    ...checks.access.loaded.validatePolicyRules(object.rules, namespaced),
    ...checks.access.loaded.validateAggregation(object),
  ];
  return {
    needs: [checks.access],
    fillDefaults,
    allowCreateOnUpdate: true,
    validateName: validateRBACName,
    validate,
    // Upstream validates the new object, and then all of it again as part of the update.
    validateUpdate: (object) => [...validate(object), ...validate(object)],
  };
};

/** Nobody grants what they do not have. */
const hooksOf = (resource: string): StoreHooks => ({
  async beginCreate(object, context) {
    await checks.access.loaded.checkRole({ group: RBAC_GROUP, resource }, object, undefined, context);
    return undefined;
  },
  async beginUpdate(object, old, context) {
    await checks.access.loaded.checkRole({ group: RBAC_GROUP, resource }, object, old, context);
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
