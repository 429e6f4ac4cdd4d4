import type { GroupVersionKind, GroupVersionResource } from '../../apimachinery/object.ts';

/** A built-in resource as its clients name it. */
export interface BuiltInResource extends GroupVersionResource, GroupVersionKind {
  readonly namespaced: boolean;
}

const core = (resource: string, kind: string, namespaced = true): BuiltInResource => ({
  group: '',
  version: 'v1',
  resource,
  kind,
  namespaced,
});
const grouped = (group: string, resource: string, kind: string, namespaced = true): BuiltInResource => ({
  group,
  version: 'v1',
  resource,
  kind,
  namespaced,
});

/** The resources that the components of the cluster ask for. Models the groups of k8s.io/client-go/kubernetes. */
export const RESOURCES = {
  configMaps: core('configmaps', 'ConfigMap'),
  endpoints: core('endpoints', 'Endpoints'),
  events: core('events', 'Event'),
  namespaces: core('namespaces', 'Namespace', false),
  nodes: core('nodes', 'Node', false),
  persistentVolumeClaims: core('persistentvolumeclaims', 'PersistentVolumeClaim'),
  persistentVolumes: core('persistentvolumes', 'PersistentVolume', false),
  pods: core('pods', 'Pod'),
  replicationControllers: core('replicationcontrollers', 'ReplicationController'),
  resourceQuotas: core('resourcequotas', 'ResourceQuota'),
  secrets: core('secrets', 'Secret'),
  serviceAccounts: core('serviceaccounts', 'ServiceAccount'),
  services: core('services', 'Service'),
  controllerRevisions: grouped('apps', 'controllerrevisions', 'ControllerRevision'),
  daemonSets: grouped('apps', 'daemonsets', 'DaemonSet'),
  deployments: grouped('apps', 'deployments', 'Deployment'),
  replicaSets: grouped('apps', 'replicasets', 'ReplicaSet'),
  statefulSets: grouped('apps', 'statefulsets', 'StatefulSet'),
  cronJobs: grouped('batch', 'cronjobs', 'CronJob'),
  jobs: grouped('batch', 'jobs', 'Job'),
  horizontalPodAutoscalers: {
    ...grouped('autoscaling', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler'),
    version: 'v2',
  },
  certificateSigningRequests: grouped(
    'certificates.k8s.io',
    'certificatesigningrequests',
    'CertificateSigningRequest',
    false,
  ),
  subjectAccessReviews: grouped('authorization.k8s.io', 'subjectaccessreviews', 'SubjectAccessReview', false),
  endpointSlices: grouped('discovery.k8s.io', 'endpointslices', 'EndpointSlice'),
  leases: grouped('coordination.k8s.io', 'leases', 'Lease'),
  podDisruptionBudgets: grouped('policy', 'poddisruptionbudgets', 'PodDisruptionBudget'),
  clusterRoles: grouped('rbac.authorization.k8s.io', 'clusterroles', 'ClusterRole', false),
  storageClasses: grouped('storage.k8s.io', 'storageclasses', 'StorageClass', false),
} as const;
