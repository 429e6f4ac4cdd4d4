import type { ObjectSchema } from './schema.ts';

/**
 * Fields that hold a structure, not a pointer to one: such a field is never missing, only empty.
 * The metadata, spec and status of everything are among them and not listed.
 * From the defaults ({}) of the schema in client-go's applyconfigurations.
 */
const EMBEDDED: Readonly<Record<string, readonly string[]>> = {
  'admissionregistration.v1.MutatingWebhook': ['clientConfig'],
  'admissionregistration.v1.ValidatingWebhook': ['clientConfig'],
  'apiextensions.v1.CustomResourceDefinitionSpec': ['names'],
  'apiextensions.v1.CustomResourceDefinitionStatus': ['acceptedNames'],
  'apps.v1.DaemonSetSpec': ['template', 'updateStrategy'],
  'apps.v1.DeploymentSpec': ['strategy', 'template'],
  'apps.v1.ReplicaSetSpec': ['template'],
  'apps.v1.StatefulSetSpec': ['template', 'updateStrategy'],
  'authentication.v1.SelfSubjectReviewStatus': ['userInfo'],
  'authentication.v1.TokenReviewStatus': ['user'],
  'autoscaling.v1.HorizontalPodAutoscalerSpec': ['scaleTargetRef'],
  'autoscaling.v2.ContainerResourceMetricSource': ['target'],
  'autoscaling.v2.ContainerResourceMetricStatus': ['current'],
  'autoscaling.v2.ExternalMetricSource': ['metric', 'target'],
  'autoscaling.v2.ExternalMetricStatus': ['current', 'metric'],
  'autoscaling.v2.HorizontalPodAutoscalerSpec': ['scaleTargetRef'],
  'autoscaling.v2.ObjectMetricSource': ['describedObject', 'metric', 'target'],
  'autoscaling.v2.ObjectMetricStatus': ['current', 'describedObject', 'metric'],
  'autoscaling.v2.PodsMetricSource': ['metric', 'target'],
  'autoscaling.v2.PodsMetricStatus': ['current', 'metric'],
  'autoscaling.v2.ResourceMetricSource': ['target'],
  'autoscaling.v2.ResourceMetricStatus': ['current'],
  'batch.v1.CronJobSpec': ['jobTemplate'],
  'batch.v1.JobSpec': ['template'],
  'core.v1.Binding': ['target'],
  'core.v1.Container': ['resources'],
  'core.v1.ContainerStatus': ['lastState', 'state'],
  'core.v1.EphemeralContainer': ['resources'],
  'core.v1.Event': ['involvedObject', 'source'],
  'core.v1.NodeDaemonEndpoints': ['kubeletEndpoint'],
  'core.v1.NodeStatus': ['daemonEndpoints', 'nodeInfo'],
  'core.v1.PersistentVolumeClaimSpec': ['resources'],
  'core.v1.PodTemplate': ['template'],
  'core.v1.PreferredSchedulingTerm': ['preference'],
  'core.v1.ServiceStatus': ['loadBalancer'],
  'core.v1.WeightedPodAffinityTerm': ['podAffinityTerm'],
  'discovery.v1.Endpoint': ['conditions'],
  'events.v1.Event': ['deprecatedSource', 'regarding'],
  'flowcontrol.v1.FlowSchemaSpec': ['priorityLevelConfiguration'],
  'flowcontrol.v1.LimitedPriorityLevelConfiguration': ['limitResponse'],
  'networking.v1.HTTPIngressPath': ['backend'],
  'networking.v1.IngressServiceBackend': ['port'],
  'networking.v1.IngressStatus': ['loadBalancer'],
  'networking.v1.NetworkPolicySpec': ['podSelector'],
  'rbac.v1.ClusterRoleBinding': ['roleRef'],
  'rbac.v1.RoleBinding': ['roleRef'],
  'resource.v1.AllocationResult': ['devices'],
  'resource.v1.ResourceClaimSpec': ['devices'],
  'resource.v1.ResourceSliceSpec': ['pool'],
  'storage.v1.VolumeAttachmentSpec': ['source'],
};

const ALWAYS: readonly string[] = ['metadata', 'spec', 'status'];

/** True if Go's type of an object's field is a structure itself: `holdsStructure('apps.v1.DeploymentSpec.template')`. */
export function holdsStructure(path: string): boolean {
  const dot = path.lastIndexOf('.');
  const field = path.slice(dot + 1);
  return ALWAYS.includes(field) || (EMBEDDED[path.slice(0, dot)]?.includes(field) ?? false);
}

/** The same of a field that may hold anything: `isEmbedded(deploymentSpec, 'template')`. */
export function isEmbedded(schema: ObjectSchema, field: string): boolean {
  // Custom resources are not held in structures.
  if (!schema.name.startsWith('io.k8s.')) return false;
  const name = schema.name.split('.').slice(-3).join('.');
  return schema.fields.get(field)?.type.type === 'object' && holdsStructure(`${name}.${field}`);
}
