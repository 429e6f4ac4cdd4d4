import type { RestMapping } from '../../resource/rest-mapper.ts';

function mapping(
  group: string,
  version: string,
  resource: string,
  kind: string,
  namespaced = true,
): RestMapping {
  return { group, version, resource, kind, namespaced };
}

/** Where the objects that `create`, `run` and the like make are sent. */
export const MAPPINGS = {
  clusterRole: mapping('rbac.authorization.k8s.io', 'v1', 'clusterroles', 'ClusterRole', false),
  clusterRoleBinding: mapping(
    'rbac.authorization.k8s.io',
    'v1',
    'clusterrolebindings',
    'ClusterRoleBinding',
    false,
  ),
  configMap: mapping('', 'v1', 'configmaps', 'ConfigMap'),
  cronJob: mapping('batch', 'v1', 'cronjobs', 'CronJob'),
  deployment: mapping('apps', 'v1', 'deployments', 'Deployment'),
  ingress: mapping('networking.k8s.io', 'v1', 'ingresses', 'Ingress'),
  job: mapping('batch', 'v1', 'jobs', 'Job'),
  namespace: mapping('', 'v1', 'namespaces', 'Namespace', false),
  node: mapping('', 'v1', 'nodes', 'Node', false),
  pod: mapping('', 'v1', 'pods', 'Pod'),
  podDisruptionBudget: mapping('policy', 'v1', 'poddisruptionbudgets', 'PodDisruptionBudget'),
  priorityClass: mapping('scheduling.k8s.io', 'v1', 'priorityclasses', 'PriorityClass', false),
  replicaSet: mapping('apps', 'v1', 'replicasets', 'ReplicaSet'),
  resourceQuota: mapping('', 'v1', 'resourcequotas', 'ResourceQuota'),
  role: mapping('rbac.authorization.k8s.io', 'v1', 'roles', 'Role'),
  roleBinding: mapping('rbac.authorization.k8s.io', 'v1', 'rolebindings', 'RoleBinding'),
  secret: mapping('', 'v1', 'secrets', 'Secret'),
  service: mapping('', 'v1', 'services', 'Service'),
  serviceAccount: mapping('', 'v1', 'serviceaccounts', 'ServiceAccount'),
} as const;
