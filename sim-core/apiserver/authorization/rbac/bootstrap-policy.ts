import type { KubeObject } from '../../../apimachinery/object.ts';
import type { PolicyRule } from '../authorizer.ts';
import { CLUSTER_ROLES } from './cluster-policy.ts';
import { CONTROLLER_RULES } from './controller-policy.ts';
import { EVENTS_RULE, READ, rule } from './policy-rules.ts';

const GROUP = 'rbac.authorization.k8s.io';
const API_VERSION = `${GROUP}/v1`;
const CONTROLLER_PREFIX = 'system:controller:';
const SYSTEM = 'kube-system';
const PUBLIC = 'kube-public';

/** Roles and bindings carry these: a server repairs at its start what it made. */
const LABELS = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const ANNOTATIONS = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };

interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly apiGroup?: string;
  readonly name: string;
  readonly namespace?: string;
}
const user = (name: string): Subject => ({ kind: 'User', apiGroup: GROUP, name });
const group = (name: string): Subject => ({ kind: 'Group', apiGroup: GROUP, name });
const account = (name: string): Subject => ({ kind: 'ServiceAccount', name, namespace: SYSTEM });

const AUTHENTICATED = group('system:authenticated');
const UNAUTHENTICATED = group('system:unauthenticated');

/** Who has which cluster role by default. Models policy.go ClusterRoleBindings. */
const CLUSTER_ROLE_BINDINGS: Readonly<Record<string, readonly Subject[]>> = {
  'cluster-admin': [group('system:masters')],
  'system:monitoring': [group('system:monitoring')],
  'system:discovery': [AUTHENTICATED],
  'system:basic-user': [AUTHENTICATED],
  'system:public-info-viewer': [AUTHENTICATED, UNAUTHENTICATED],
  'system:node-proxier': [user('system:kube-proxy')],
  'system:kube-controller-manager': [user('system:kube-controller-manager')],
  'system:kube-dns': [account('kube-dns')],
  'system:kube-scheduler': [user('system:kube-scheduler')],
  'system:volume-scheduler': [user('system:kube-scheduler')],
  // Nodes get their rights from the node authorizer.
  'system:node': [],
  'system:service-account-issuer-discovery': [group('system:serviceaccounts')],
};

/** Models namespace_policy.go NamespaceRoles. */
const ROLES: readonly { namespace: string; name: string; rules: readonly PolicyRule[] }[] = [
  {
    namespace: SYSTEM,
    name: 'extension-apiserver-authentication-reader',
    rules: [rule(READ, 'core', 'configmaps', 'extension-apiserver-authentication')],
  },
  {
    namespace: SYSTEM,
    name: `${CONTROLLER_PREFIX}bootstrap-signer`,
    rules: [rule(READ, 'core', 'secrets')],
  },
  {
    namespace: SYSTEM,
    name: `${CONTROLLER_PREFIX}cloud-provider`,
    rules: [rule('create,get,list,watch', 'core', 'configmaps')],
  },
  {
    namespace: SYSTEM,
    name: `${CONTROLLER_PREFIX}token-cleaner`,
    rules: [rule('get,list,watch,delete', 'core', 'secrets'), EVENTS_RULE],
  },
  ...['kube-controller-manager', 'kube-scheduler'].map((component) => ({
    namespace: SYSTEM,
    name: `system::leader-locking-${component}`,
    rules: [rule('watch', 'core', 'configmaps'), rule('get,update', 'core', 'configmaps', component)],
  })),
  {
    namespace: PUBLIC,
    name: `${CONTROLLER_PREFIX}bootstrap-signer`,
    rules: [
      rule(READ, 'core', 'configmaps'),
      rule('update', 'core', 'configmaps', 'cluster-info'),
      EVENTS_RULE,
    ],
  },
];

/** Models namespace_policy.go NamespaceRoleBindings. */
const ROLE_BINDINGS: readonly { namespace: string; name: string; role?: string; subjects: Subject[] }[] = [
  {
    namespace: SYSTEM,
    name: 'system::extension-apiserver-authentication-reader',
    role: 'extension-apiserver-authentication-reader',
    subjects: [user('system:kube-controller-manager'), user('system:kube-scheduler')],
  },
  ...['kube-controller-manager', 'kube-scheduler'].map((component) => ({
    namespace: SYSTEM,
    name: `system::leader-locking-${component}`,
    subjects: [user(`system:${component}`), account(component)],
  })),
  ...['bootstrap-signer', 'cloud-provider', 'token-cleaner'].map((controller) => ({
    namespace: SYSTEM,
    name: CONTROLLER_PREFIX + controller,
    subjects: [account(controller)],
  })),
  {
    namespace: PUBLIC,
    name: `${CONTROLLER_PREFIX}bootstrap-signer`,
    subjects: [account('bootstrap-signer')],
  },
];

function object(
  kind: string,
  name: string,
  fields: Record<string, unknown>,
  meta: { namespace?: string; labels?: Record<string, string> } = {},
): KubeObject {
  const { namespace, labels } = meta;
  return {
    kind,
    apiVersion: API_VERSION,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      labels: { ...LABELS, ...labels },
      annotations: { ...ANNOTATIONS },
    },
    ...fields,
  };
}

const copyRules = (rules: readonly PolicyRule[]) => rules.map((item) => ({ ...item }));
const roleRef = (kind: 'Role' | 'ClusterRole', name: string) => ({ apiGroup: GROUP, kind, name });
const subjectsOf = (subjects: readonly Subject[]) =>
  subjects.length === 0 ? {} : { subjects: subjects.map((item) => ({ ...item })) };

/**
 * The roles and bindings that every server has, cluster-wide ones first.
 * Models pkg/registry/rbac/rest/storage_rbac.go PolicyData.
 */
export function bootstrapPolicy(): KubeObject[] {
  const clusterRoles = Object.entries(CLUSTER_ROLES).map(([name, { rules, aggregateTo, aggregates }]) =>
    object(
      'ClusterRole',
      name,
      {
        rules: rules === null ? null : copyRules(rules),
        ...(aggregates !== undefined && {
          aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [aggregates]: 'true' } }] },
        }),
      },
      aggregateTo === undefined ? {} : { labels: { [aggregateTo]: 'true' } },
    ),
  );
  const controllers = Object.entries(CONTROLLER_RULES);
  return [
    ...clusterRoles,
    ...controllers.map(([name, rules]) =>
      object('ClusterRole', CONTROLLER_PREFIX + name, { rules: copyRules(rules) }),
    ),
    ...Object.entries(CLUSTER_ROLE_BINDINGS).map(([name, subjects]) =>
      object('ClusterRoleBinding', name, { roleRef: roleRef('ClusterRole', name), ...subjectsOf(subjects) }),
    ),
    ...controllers.map(([name]) =>
      object('ClusterRoleBinding', CONTROLLER_PREFIX + name, {
        roleRef: roleRef('ClusterRole', CONTROLLER_PREFIX + name),
        subjects: [account(name)],
      }),
    ),
    ...ROLES.map(({ namespace, name, rules }) =>
      object('Role', name, { rules: copyRules(rules) }, { namespace }),
    ),
    ...ROLE_BINDINGS.map(({ namespace, name, role, subjects }) =>
      object(
        'RoleBinding',
        name,
        { roleRef: roleRef('Role', role ?? name), ...subjectsOf(subjects) },
        { namespace },
      ),
    ),
  ];
}
