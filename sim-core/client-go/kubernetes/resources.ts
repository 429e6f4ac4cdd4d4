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
  pods: core('pods', 'Pod'),
  secrets: core('secrets', 'Secret'),
  serviceAccounts: core('serviceaccounts', 'ServiceAccount'),
  services: core('services', 'Service'),
  controllerRevisions: grouped('apps', 'controllerrevisions', 'ControllerRevision'),
  daemonSets: grouped('apps', 'daemonsets', 'DaemonSet'),
  deployments: grouped('apps', 'deployments', 'Deployment'),
  replicaSets: grouped('apps', 'replicasets', 'ReplicaSet'),
  statefulSets: grouped('apps', 'statefulsets', 'StatefulSet'),
  jobs: grouped('batch', 'jobs', 'Job'),
  endpointSlices: grouped('discovery.k8s.io', 'endpointslices', 'EndpointSlice'),
  leases: grouped('coordination.k8s.io', 'leases', 'Lease'),
} as const;
