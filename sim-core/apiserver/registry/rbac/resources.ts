import type { ResourceDefinition } from '../rest/resource.ts';
import { clusterRoleBindings, roleBindings } from './role-binding.ts';
import { clusterRoles, roles } from './role.ts';

/** Models pkg/registry/rbac/rest/storage_rbac.go. */
export const rbacResources: readonly ResourceDefinition[] = [
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles,
];
