/** How lists, and maps and structures, merge; what the npm packages that schemas come from lack. */
export interface MergeFacts {
  /** For strategic merge patches: "merge", "replace", "retainKeys"; both of "merge,retainKeys". */
  readonly patchStrategy: readonly string[];
  /** Which field tells the items of a merged list apart; "" for a list of scalars. */
  readonly patchMergeKey: string;
  /** For server-side apply. A list without it is atomic, a map is granular, a structure is as its type says. */
  readonly listType: '' | 'map' | 'set' | 'atomic' | 'granular';
  readonly listMapKeys: readonly string[];
}

type Row = readonly [
  type: string,
  field: string,
  patchStrategy: string,
  patchMergeKey: string,
  listType: MergeFacts['listType'],
  listMapKeys: string,
];

/** Tags of k8s.io/api v0.36: patchStrategy, patchMergeKey, +listType (or +mapType), +listMapKey. */
const ROWS: readonly Row[] = [
  ['admissionregistration.v1.MutatingAdmissionPolicySpec', 'matchConditions', 'merge', 'name', 'map', 'name'],
  ['admissionregistration.v1.MutatingWebhook', 'matchConditions', 'merge', 'name', 'map', 'name'],
  ['admissionregistration.v1.MutatingWebhookConfiguration', 'webhooks', 'merge', 'name', 'map', 'name'],
  ['admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec', 'validationActions', '', '', 'set', ''],
  [
    'admissionregistration.v1.ValidatingAdmissionPolicySpec',
    'matchConditions',
    'merge',
    'name',
    'map',
    'name',
  ],
  ['admissionregistration.v1.ValidatingAdmissionPolicySpec', 'variables', 'merge', 'name', 'map', 'name'],
  ['admissionregistration.v1.ValidatingAdmissionPolicyStatus', 'conditions', '', '', 'map', 'type'],
  ['admissionregistration.v1.ValidatingWebhook', 'matchConditions', 'merge', 'name', 'map', 'name'],
  ['admissionregistration.v1.ValidatingWebhookConfiguration', 'webhooks', 'merge', 'name', 'map', 'name'],
  ['apiextensions.v1.CustomResourceDefinitionStatus', 'conditions', '', '', 'map', 'type'],
  ['apiextensions.v1.JSONSchemaProps', 'x-kubernetes-validations', 'merge', 'rule', 'map', 'rule'],
  ['apiregistration.v1.APIServiceStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['apps.v1.DaemonSetStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['apps.v1.DeploymentSpec', 'strategy', 'retainKeys', '', '', ''],
  ['apps.v1.DeploymentStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['apps.v1.ReplicaSetStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['apps.v1.StatefulSetStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['autoscaling.v2.HorizontalPodAutoscalerStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['batch.v1.JobStatus', 'conditions', 'merge', 'type', 'atomic', ''],
  ['batch.v1.PodFailurePolicyOnExitCodesRequirement', 'values', '', '', 'set', ''],
  ['batch.v1.UncountedTerminatedPods', 'failed', '', '', 'set', ''],
  ['batch.v1.UncountedTerminatedPods', 'succeeded', '', '', 'set', ''],
  ['certificates.v1.CertificateSigningRequestStatus', 'conditions', '', '', 'map', 'type'],
  ['core.v1.ComponentStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['core.v1.Container', 'env', 'merge', 'name', 'map', 'name'],
  ['core.v1.Container', 'ports', 'merge', 'containerPort', 'map', 'containerPort,protocol'],
  ['core.v1.Container', 'volumeDevices', 'merge', 'devicePath', 'map', 'devicePath'],
  ['core.v1.Container', 'volumeMounts', 'merge', 'mountPath', 'map', 'mountPath'],
  ['core.v1.ContainerRestartRuleOnExitCodes', 'values', '', '', 'set', ''],
  ['core.v1.ContainerStatus', 'allocatedResourcesStatus', 'merge', 'name', 'map', 'name'],
  ['core.v1.ContainerStatus', 'volumeMounts', 'merge', 'mountPath', 'map', 'mountPath'],
  ['core.v1.EphemeralContainer', 'env', 'merge', 'name', 'map', 'name'],
  ['core.v1.EphemeralContainer', 'ports', 'merge', 'containerPort', 'map', 'containerPort,protocol'],
  ['core.v1.EphemeralContainer', 'volumeDevices', 'merge', 'devicePath', 'map', 'devicePath'],
  ['core.v1.EphemeralContainer', 'volumeMounts', 'merge', 'mountPath', 'map', 'mountPath'],
  ['core.v1.NamespaceStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['core.v1.NodeAllocatableResourceClaimStatus', 'containers', '', '', 'set', ''],
  ['core.v1.NodeSpec', 'podCIDRs', 'merge', '', 'set', ''],
  ['core.v1.NodeStatus', 'addresses', 'merge', 'type', 'map', 'type'],
  ['core.v1.NodeStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['core.v1.PersistentVolumeSpec', 'claimRef', '', '', 'granular', ''],
  ['core.v1.PersistentVolumeClaimStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['core.v1.PodSpec', 'containers', 'merge', 'name', 'map', 'name'],
  ['core.v1.PodSpec', 'ephemeralContainers', 'merge', 'name', 'map', 'name'],
  ['core.v1.PodSpec', 'hostAliases', 'merge', 'ip', 'map', 'ip'],
  ['core.v1.PodSpec', 'imagePullSecrets', 'merge', 'name', 'map', 'name'],
  ['core.v1.PodSpec', 'initContainers', 'merge', 'name', 'map', 'name'],
  ['core.v1.PodSpec', 'nodeSelector', '', '', 'atomic', ''],
  ['core.v1.PodSpec', 'resourceClaims', 'merge,retainKeys', 'name', 'map', 'name'],
  ['core.v1.PodSpec', 'schedulingGates', 'merge', 'name', 'map', 'name'],
  [
    'core.v1.PodSpec',
    'topologySpreadConstraints',
    'merge',
    'topologyKey',
    'map',
    'topologyKey,whenUnsatisfiable',
  ],
  ['core.v1.PodSpec', 'volumes', 'merge,retainKeys', 'name', 'map', 'name'],
  ['core.v1.PodStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['core.v1.PodStatus', 'hostIPs', 'merge', 'ip', 'atomic', ''],
  ['core.v1.PodStatus', 'nodeAllocatableResourceClaimStatuses', '', '', 'map', 'resourceClaimName'],
  ['core.v1.PodStatus', 'podIPs', 'merge', 'ip', 'map', 'ip'],
  ['core.v1.PodStatus', 'resourceClaimStatuses', 'merge,retainKeys', 'name', 'map', 'name'],
  ['core.v1.ReplicationControllerSpec', 'selector', '', '', 'atomic', ''],
  ['core.v1.ReplicationControllerStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['core.v1.ResourceRequirements', 'claims', '', '', 'map', 'name'],
  ['core.v1.ResourceStatus', 'resources', '', '', 'map', 'resourceID'],
  ['core.v1.ServiceAccount', 'secrets', 'merge', 'name', 'map', 'name'],
  ['core.v1.ServiceSpec', 'ports', 'merge', 'port', 'map', 'port,protocol'],
  ['core.v1.ServiceSpec', 'selector', '', '', 'atomic', ''],
  ['core.v1.ServiceStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['discovery.v1.Endpoint', 'addresses', '', '', 'set', ''],
  ['flowcontrol.v1.FlowSchemaStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['flowcontrol.v1.NonResourcePolicyRule', 'nonResourceURLs', '', '', 'set', ''],
  ['flowcontrol.v1.NonResourcePolicyRule', 'verbs', '', '', 'set', ''],
  ['flowcontrol.v1.PriorityLevelConfigurationStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['flowcontrol.v1.ResourcePolicyRule', 'apiGroups', '', '', 'set', ''],
  ['flowcontrol.v1.ResourcePolicyRule', 'namespaces', '', '', 'set', ''],
  ['flowcontrol.v1.ResourcePolicyRule', 'resources', '', '', 'set', ''],
  ['flowcontrol.v1.ResourcePolicyRule', 'verbs', '', '', 'set', ''],
  ['meta.v1.ObjectMeta', 'finalizers', 'merge', '', 'set', ''],
  ['meta.v1.ObjectMeta', 'ownerReferences', 'merge', 'uid', 'map', 'uid'],
  ['networking.v1.ServiceCIDRStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['node.v1.Scheduling', 'nodeSelector', '', '', 'atomic', ''],
  ['policy.v1.PodDisruptionBudgetSpec', 'selector', 'replace', '', '', ''],
  ['policy.v1.PodDisruptionBudgetStatus', 'conditions', 'merge', 'type', 'map', 'type'],
  ['resource.v1.AllocatedDeviceStatus', 'conditions', '', '', 'map', 'type'],
  ['resource.v1.ResourceClaimStatus', 'devices', '', '', 'map', 'driver,device,pool,shareID'],
  ['resource.v1.ResourceClaimStatus', 'reservedFor', 'merge', 'uid', 'map', 'uid'],
  ['storage.v1.CSIDriverSpec', 'volumeLifecycleModes', '', '', 'set', ''],
  ['storage.v1.CSINodeSpec', 'drivers', 'merge', 'name', 'map', 'name'],
];

/** Defaults of fields that are among a list's keys: an item without them is found by these. */
export const KEY_DEFAULTS: Readonly<Record<string, string>> = {
  'core.v1.ContainerPort.protocol': 'TCP',
  'core.v1.ServicePort.protocol': 'TCP',
};

/** By type and field, "core.v1.PodSpec.containers": patchStrategy, patchMergeKey, listType, listMapKeys. */
export const MERGE_ROWS: ReadonlyMap<string, readonly string[]> = new Map(
  ROWS.map(([type, field, ...facts]) => [`${type}.${field}`, facts]),
);
