import type { Subject } from 'kubernetes-types/rbac/v1';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { validateRBACName } from './name.ts';
import { AGE, column, wideColumn } from '../../printers/columns.ts';
import { dropEmpty } from '../core/defaults/always-present.ts';
import type { ResourceDefinition, TableColumn } from '../rest/resource.ts';
import type { Strategy } from '../rest/strategy.ts';
import type { StoreHooks } from '../rest/subresource.ts';
import { RBAC_GROUP } from './group.ts';
import { checks } from '../checks.ts';

/** Models pkg/apis/rbac/v1/defaults.go. */
function fillDefaults(object: KubeObject): void {
  object.roleRef ??= {};
  object.roleRef.apiGroup ||= RBAC_GROUP;
  dropEmpty(object, ['subjects']);
  for (const subject of (object.subjects ?? []) as Subject[]) {
    if (subject.apiGroup) continue;
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup = RBAC_GROUP;
    else delete subject.apiGroup;
  }
}

/** Models pkg/registry/rbac/{rolebinding,clusterrolebinding}/strategy.go. */
const strategyOf = (namespaced: boolean): Strategy => ({
  needs: [checks.access],
  fillDefaults,
  allowCreateOnUpdate: true,
  validateName: validateRBACName,
  validate: (object) => checks.access.loaded.validateBinding(object as never, namespaced),
  // Upstream validates the new object, and then all of it again as part of the update.
  validateUpdate: (object, old) => [
    ...checks.access.loaded.validateBinding(object as never, namespaced),
    ...checks.access.loaded.validateBinding(object as never, namespaced),
    ...checks.access.loaded.validateRoleRefUpdate(object.roleRef, old.roleRef),
  ],
});

const hooksOf = (resource: string): StoreHooks => ({
  async beginCreate(object, context) {
    await checks.access.loaded.checkBinding({ group: RBAC_GROUP, resource }, object, undefined, context);
    return undefined;
  },
  async beginUpdate(object, old, context) {
    await checks.access.loaded.checkBinding({ group: RBAC_GROUP, resource }, object, old, context);
    return undefined;
  },
});

/** Names of the subjects of one kind; service accounts with their namespace. Models rbac.SubjectsStrings. */
const subjectsOf = (kind: Subject['kind']) => (object: KubeObject) =>
  ((object.subjects ?? []) as Subject[])
    .filter((subject) => subject.kind === kind)
    .map(({ namespace, name }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
    .join(', ');

const columnsOf = (kind: string): readonly TableColumn[] => {
  const words = `${kind.charAt(0).toLowerCase()}${kind.slice(1)}`;
  return [
    column(
      'Role',
      'string',
      { of: `io.k8s.api.rbac.v1.${kind}`, field: 'roleRef' },
      ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`,
    ),
    AGE,
    wideColumn('Users', 'string', `Users in the ${words}`, subjectsOf('User')),
    wideColumn('Groups', 'string', `Groups in the ${words}`, subjectsOf('Group')),
    wideColumn('ServiceAccounts', 'string', `ServiceAccounts in the ${words}`, subjectsOf('ServiceAccount')),
  ];
};

const row = (kind: 'RoleBinding' | 'ClusterRoleBinding', resource: string): ResourceDefinition => ({
  group: RBAC_GROUP,
  version: 'v1',
  kind,
  resource,
  singular: kind.toLowerCase(),
  namespaced: kind === 'RoleBinding',
  storagePrefix: resource,
  schema: `io.k8s.api.rbac.v1.${kind}`,
  strategy: strategyOf(kind === 'RoleBinding'),
  hooks: hooksOf(resource),
  columns: columnsOf(kind),
});

export const roleBindings = row('RoleBinding', 'rolebindings');
export const clusterRoleBindings = row('ClusterRoleBinding', 'clusterrolebindings');
