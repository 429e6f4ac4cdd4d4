import type { FlagSet } from '../../cobra/flags.ts';
import type { Creator } from './create.ts';
import { MAPPINGS } from './mappings.ts';

const RBAC = 'rbac.authorization.k8s.io';

const SUBJECT_FLAGS = [
  { name: 'clusterrole', type: 'string' },
  { name: 'group', type: 'stringArray' },
  { name: 'serviceaccount', type: 'stringArray' },
  { name: 'user', type: 'stringArray' },
] as const;

export const roleBinding: Creator = {
  name: 'rolebinding',
  use: 'NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none] [options]',
  short: 'Create a role binding for a particular role or cluster role',
  failure: 'failed to create rolebinding: ',
  mapping: MAPPINGS.roleBinding,
  flags: [...SUBJECT_FLAGS, { name: 'role', type: 'string' }],
  build(name, { flags }) {
    const [role, clusterRole] = [flags.string('role'), flags.string('clusterrole')];
    if ((role === '') === (clusterRole === ''))
      throw new Error('exactly one of clusterrole or role must be specified');
    return {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name },
      roleRef: { apiGroup: RBAC, kind: role === '' ? 'ClusterRole' : 'Role', name: role || clusterRole },
      ...subjects(flags),
    };
  },
};

export const clusterRoleBinding: Creator = {
  name: 'clusterrolebinding',
  use: 'NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none] [options]',
  short: 'Create a cluster role binding for a particular cluster role',
  failure: 'failed to create clusterrolebinding: ',
  mapping: MAPPINGS.clusterRoleBinding,
  flags: SUBJECT_FLAGS.map((flag) => (flag.name === 'clusterrole' ? { ...flag, required: true } : flag)),
  build: (name, { flags }) => ({
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: flags.string('clusterrole') },
    ...subjects(flags),
  }),
};

function subjects(flags: FlagSet) {
  const accounts = flags.list('serviceaccount').map((text) => {
    const [namespace, name, ...more] = text.split(':');
    if (!namespace || !name || more.length > 0) throw new Error('serviceaccount must be <namespace>:<name>');
    return { kind: 'ServiceAccount', name, namespace };
  });
  const list = [
    ...flags.list('user').map((name) => ({ apiGroup: RBAC, kind: 'User', name })),
    ...flags.list('group').map((name) => ({ apiGroup: RBAC, kind: 'Group', name })),
    ...accounts,
  ];
  return list.length === 0 ? {} : { subjects: list };
}
