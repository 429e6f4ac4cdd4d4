import type { Json, JsonObject } from '../object.ts';
import { holdsStructure } from './embedded-structures.ts';
import type { FieldSchema, ObjectSchema, Scalar, TypeSchema } from './schema.ts';

/** Optional times that are no pointers: they print null. */
const TIMES: readonly string[] = [
  'apiextensions.v1.CustomResourceDefinitionCondition.lastTransitionTime',
  'apiregistration.v1.APIServiceCondition.lastTransitionTime',
  'apps.v1.DaemonSetCondition.lastTransitionTime',
  'apps.v1.DeploymentCondition.lastTransitionTime',
  'apps.v1.DeploymentCondition.lastUpdateTime',
  'apps.v1.ReplicaSetCondition.lastTransitionTime',
  'apps.v1.StatefulSetCondition.lastTransitionTime',
  'autoscaling.v2.HorizontalPodAutoscalerCondition.lastTransitionTime',
  'batch.v1.JobCondition.lastProbeTime',
  'batch.v1.JobCondition.lastTransitionTime',
  'certificates.v1.CertificateSigningRequestCondition.lastTransitionTime',
  'certificates.v1.CertificateSigningRequestCondition.lastUpdateTime',
  'core.v1.ContainerStateRunning.startedAt',
  'core.v1.ContainerStateTerminated.finishedAt',
  'core.v1.ContainerStateTerminated.startedAt',
  'core.v1.Event.firstTimestamp',
  'core.v1.Event.lastTimestamp',
  'core.v1.NamespaceCondition.lastTransitionTime',
  'core.v1.NodeCondition.lastHeartbeatTime',
  'core.v1.NodeCondition.lastTransitionTime',
  'core.v1.PersistentVolumeClaimCondition.lastProbeTime',
  'core.v1.PersistentVolumeClaimCondition.lastTransitionTime',
  'core.v1.PodCondition.lastProbeTime',
  'core.v1.PodCondition.lastTransitionTime',
  'core.v1.ReplicationControllerCondition.lastTransitionTime',
  'events.v1.Event.deprecatedFirstTimestamp',
  'events.v1.Event.deprecatedLastTimestamp',
  'flowcontrol.v1.FlowSchemaCondition.lastTransitionTime',
  'flowcontrol.v1.PriorityLevelConfigurationCondition.lastTransitionTime',
  'meta.v1.ObjectMeta.creationTimestamp',
  'storage.v1.VolumeError.time',
];

/** Other optional fields without omitempty; those of a list, map or pointer print null. */
const OTHERS: readonly string[] = [
  'apps.v1.StatefulSetOrdinals.start',
  'apps.v1.StatefulSetSpec.serviceName',
  'apps.v1.StatefulSetStatus.availableReplicas',
  'authentication.v1.TokenRequestStatus.token',
  'batch.v1.PodFailurePolicy.rules',
  'core.v1.Event.eventTime',
  'core.v1.Event.reportingComponent',
  'core.v1.Event.reportingInstance',
  'core.v1.NodeRuntimeHandler.name',
  'core.v1.ProjectedVolumeSource.sources',
  'core.v1.ResourceFieldSelector.divisor',
  'flowcontrol.v1.FlowSchemaSpec.matchingPrecedence',
  'flowcontrol.v1.QueuingConfiguration.handSize',
  'flowcontrol.v1.QueuingConfiguration.queueLengthLimit',
  'flowcontrol.v1.QueuingConfiguration.queues',
  'policy.v1.PodDisruptionBudgetStatus.currentHealthy',
  'policy.v1.PodDisruptionBudgetStatus.desiredHealthy',
  'policy.v1.PodDisruptionBudgetStatus.disruptionsAllowed',
  'policy.v1.PodDisruptionBudgetStatus.expectedPods',
  'rbac.v1.RoleRef.apiGroup',
  'scheduling.v1.PriorityClass.value',
  'storage.v1.CSINodeDriver.topologyKeys',
];

/** Pointers without omitempty, whatever they point to. */
const POINTERS: readonly string[] = [
  'admissionregistration.v1.MutatingWebhook.sideEffects',
  'admissionregistration.v1.ValidatingWebhook.sideEffects',
  'core.v1.AzureFilePersistentVolumeSource.secretNamespace',
  'core.v1.ScaleIOPersistentVolumeSource.secretRef',
  'core.v1.ScaleIOVolumeSource.secretRef',
  'core.v1.TypedLocalObjectReference.apiGroup',
  'core.v1.TypedObjectReference.apiGroup',
  'networking.v1.HTTPIngressPath.pathType',
];

/** Required pointers to structures: an object that lacks one is refused before it is printed. */
const REFUSED: ReadonlySet<string> = new Set([
  'apps.v1.DaemonSetSpec.selector',
  'apps.v1.DeploymentSpec.selector',
  'apps.v1.ReplicaSetSpec.selector',
  'apps.v1.StatefulSetSpec.selector',
]);

const OPTIONAL: ReadonlySet<string> = new Set([...TIMES, ...OTHERS]);
const NULL: ReadonlySet<string> = new Set(POINTERS);

const SCALARS: Readonly<Record<Scalar, Json | undefined>> = {
  string: '',
  int32: 0,
  int64: 0,
  double: 0,
  boolean: false,
  bytes: null,
  time: null,
  'micro-time': null,
  quantity: '0',
  'int-or-string': 0,
  any: undefined,
};

/**
 * What Go prints for a field ("core.v1.HTTPHeader.value") that an object does not have: "" or {} or
 * null or …; undefined if it leaves the field out. Required lists and maps are left out: an object
 * that lacks one is refused, or their kind's own defaults say what they are.
 */
export function printedZero(path: string, type: TypeSchema, prints: boolean): Json | undefined {
  if (NULL.has(path)) return null;
  if (REFUSED.has(path)) return undefined;
  const optional = OPTIONAL.has(path);
  if (type.type === 'object') {
    return prints || optional || holdsStructure(path) ? {} : undefined;
  }
  if (type.type !== 'scalar') return optional ? null : undefined;
  return prints || optional ? SCALARS[type.scalar] : undefined;
}

/**
 * Gives an object, in place, the fields that it lacks and Go prints all the same. Its own metadata is
 * the server's to fill.
 *
 * Models encoding/json's omitempty, as a versioned object is written.
 */
export function fillPrintedZeros(object: JsonObject, schema: ObjectSchema): void {
  for (const field of schema.printed) {
    if (field.name !== 'metadata') fillField(object, field);
  }
}

function fillField(object: JsonObject, { name, type, printedZero: zero }: FieldSchema): void {
  if (object[name] === undefined && zero !== undefined) {
    object[name] = type.type === 'object' && zero !== null ? {} : zero;
  }
  const value = object[name];
  // Stored as protobuf, an empty list is none.
  if (zero === null && Array.isArray(value) && value.length === 0) object[name] = null;
  if (value !== undefined && value !== null) fillValue(value, type);
}

function fillValue(value: Json, type: TypeSchema): void {
  if (typeof value !== 'object' || value === null) return;
  if (type.type === 'object') {
    for (const field of type.schema.printed) fillField(value as JsonObject, field);
  } else if (type.type === 'array') for (const item of value as Json[]) fillValue(item, type.items);
  else if (type.type === 'map') for (const item of Object.values(value)) fillValue(item, type.values);
}
