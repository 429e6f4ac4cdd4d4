/**
 * Fields whose texts stand in the head of a Table, by type: kube-apiserver describes most columns by
 * the field that they show. The generator writes their texts into a small module for each package.
 */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': ['name', 'creationTimestamp', 'labels'],
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec': ['policyName', 'paramRef'],
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec': ['validations', 'paramKind'],
  'io.k8s.api.apps.v1.ControllerRevision': ['revision'],
  'io.k8s.api.apps.v1.DaemonSetSpec': ['selector'],
  'io.k8s.api.apps.v1.DaemonSetStatus': [
    'desiredNumberScheduled',
    'currentNumberScheduled',
    'numberReady',
    'updatedNumberScheduled',
    'numberAvailable',
  ],
  'io.k8s.api.apps.v1.DeploymentSpec': ['replicas', 'selector'],
  'io.k8s.api.apps.v1.DeploymentStatus': ['replicas', 'updatedReplicas', 'availableReplicas'],
  'io.k8s.api.apps.v1.ReplicaSetSpec': ['replicas', 'selector'],
  'io.k8s.api.apps.v1.ReplicaSetStatus': ['replicas', 'readyReplicas'],
  'io.k8s.api.apps.v1.StatefulSetSpec': ['replicas'],
  'io.k8s.api.apps.v1.StatefulSetStatus': ['replicas'],
  'io.k8s.api.autoscaling.v1.ScaleSpec': ['replicas'],
  'io.k8s.api.autoscaling.v1.ScaleStatus': ['replicas'],
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec': [
    'scaleTargetRef',
    'metrics',
    'minReplicas',
    'maxReplicas',
  ],
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus': ['currentReplicas'],
  'io.k8s.api.batch.v1.CronJobSpec': ['schedule', 'suspend', 'timeZone'],
  'io.k8s.api.batch.v1.CronJobStatus': ['active', 'lastScheduleTime'],
  'io.k8s.api.batch.v1.JobSpec': ['completions', 'selector'],
  'io.k8s.api.batch.v1.JobStatus': ['succeeded', 'conditions'],
  'io.k8s.api.certificates.v1.CertificateSigningRequestSpec': ['request', 'signerName', 'expirationSeconds'],
  'io.k8s.api.certificates.v1.CertificateSigningRequestStatus': ['conditions'],
  'io.k8s.api.coordination.v1.LeaseSpec': ['holderIdentity'],
  'io.k8s.api.core.v1.ConfigMap': ['data'],
  'io.k8s.api.core.v1.Endpoints': ['subsets'],
  'io.k8s.api.core.v1.Event': [
    'lastTimestamp',
    'firstTimestamp',
    'count',
    'involvedObject',
    'type',
    'reason',
    'source',
    'message',
  ],
  'io.k8s.api.core.v1.NodeStatus': ['addresses'],
  'io.k8s.api.core.v1.NodeSystemInfo': [
    'kubeletVersion',
    'osImage',
    'kernelVersion',
    'containerRuntimeVersion',
  ],
  'io.k8s.api.core.v1.ObjectReference': ['kind', 'fieldPath'],
  'io.k8s.api.core.v1.PersistentVolumeClaimSpec': ['volumeName', 'volumeMode', 'storageClassName'],
  'io.k8s.api.core.v1.PersistentVolumeClaimStatus': ['phase', 'capacity', 'accessModes'],
  'io.k8s.api.core.v1.PersistentVolumeSpec': [
    'capacity',
    'accessModes',
    'persistentVolumeReclaimPolicy',
    'claimRef',
    'volumeMode',
    'storageClassName',
  ],
  'io.k8s.api.core.v1.PersistentVolumeStatus': ['phase', 'reason'],
  'io.k8s.api.core.v1.PodSpec': ['nodeName', 'nodeSelector', 'readinessGates'],
  'io.k8s.api.core.v1.PodStatus': ['podIP', 'nominatedNodeName'],
  'io.k8s.api.core.v1.ReplicationControllerSpec': ['replicas', 'selector'],
  'io.k8s.api.core.v1.ReplicationControllerStatus': ['replicas', 'readyReplicas'],
  'io.k8s.api.core.v1.Secret': ['type', 'data'],
  'io.k8s.api.core.v1.ServiceAccount': ['secrets'],
  'io.k8s.api.core.v1.ServiceSpec': ['type', 'clusterIP', 'externalIPs', 'ports', 'selector'],
  'io.k8s.api.discovery.v1.EndpointSlice': ['addressType', 'endpoints', 'ports'],
  'io.k8s.api.flowcontrol.v1.FlowSchemaSpec': ['matchingPrecedence', 'distinguisherMethod'],
  'io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration': ['nominalConcurrencyShares'],
  'io.k8s.api.networking.v1.IngressClassSpec': ['controller', 'parameters'],
  'io.k8s.api.networking.v1.NetworkPolicySpec': ['podSelector'],
  'io.k8s.api.node.v1.RuntimeClass': ['handler'],
  'io.k8s.api.rbac.v1.ClusterRoleBinding': ['roleRef'],
  'io.k8s.api.rbac.v1.RoleBinding': ['roleRef'],
  'io.k8s.api.scheduling.v1.PriorityClass': ['value', 'globalDefault', 'preemptionPolicy'],
  'io.k8s.api.storage.v1.CSIDriverSpec': [
    'attachRequired',
    'podInfoOnMount',
    'storageCapacity',
    'tokenRequests',
    'requiresRepublish',
    'volumeLifecycleModes',
  ],

  'io.k8s.api.storage.v1.CSIStorageCapacity': ['storageClassName', 'capacity'],
  'io.k8s.api.storage.v1.VolumeAttributesClass': ['driverName'],
  'io.k8s.api.storage.v1.CSINodeSpec': ['drivers'],
  'io.k8s.api.storage.v1.StorageClass': [
    'provisioner',
    'reclaimPolicy',
    'volumeBindingMode',
    'allowVolumeExpansion',
  ],
  'io.k8s.api.storage.v1.VolumeAttachmentSpec': ['attacher', 'source', 'nodeName'],
  'io.k8s.api.storage.v1.VolumeAttachmentStatus': ['attached'],
};

/** Texts as the recorded server prints them, where those of the current types differ. */
const RECORDED: Readonly<Record<string, string>> = {
  'io.k8s.api.apps.v1.DaemonSetSpec.selector':
    'A label query over pods that are managed by the daemon set. Must match in order to be controlled. If empty, defaulted to labels on Pod template. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors',
  'io.k8s.api.apps.v1.DaemonSetStatus.numberReady':
    'The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and ready.',
  'io.k8s.api.apps.v1.DeploymentSpec.selector':
    'Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this deployment.',
  'io.k8s.api.apps.v1.DeploymentStatus.availableReplicas':
    'Total number of available pods (ready for at least minReadySeconds) targeted by this deployment.',
  'io.k8s.api.apps.v1.DeploymentStatus.updatedReplicas':
    'Total number of non-terminated pods targeted by this deployment that have the desired template spec.',
  'io.k8s.api.apps.v1.ReplicaSetSpec.replicas':
    'Replicas is the number of desired replicas. This is a pointer to distinguish between explicit zero and unspecified. Defaults to 1. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller/#what-is-a-replicationcontroller',
  'io.k8s.api.apps.v1.ReplicaSetSpec.selector':
    'Selector is a label query over pods that should match the replica count. If the selector is empty, it is defaulted to the labels present on the pod template. Label keys and values that must match in order to be controlled by this replica set. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors',
  'io.k8s.api.apps.v1.ReplicaSetStatus.readyReplicas': 'The number of ready replicas for this replica set.',
  'io.k8s.api.apps.v1.ReplicaSetStatus.replicas':
    'Replicas is the most recently observed number of replicas. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller/#what-is-a-replicationcontroller',
  'io.k8s.api.batch.v1.JobStatus.succeeded': 'The number of pods which reached phase Succeeded.',
  'io.k8s.api.certificates.v1.CertificateSigningRequestSpec.request': 'Base64-encoded PKCS#10 CSR data',
  'io.k8s.api.certificates.v1.CertificateSigningRequestSpec.signerName':
    'Requested signer for the request. It is a qualified name in the form: `scope-hostname.io/name`. If empty, it will be defaulted:\n 1. If it\'s a kubelet client certificate, it is assigned\n    "kubernetes.io/kube-apiserver-client-kubelet".\n 2. If it\'s a kubelet serving certificate, it is assigned\n    "kubernetes.io/kubelet-serving".\n 3. Otherwise, it is assigned "kubernetes.io/legacy-unknown".\nDistribution of trust for signers happens out of band. You can select on this field using `spec.signerName`.',
  'io.k8s.api.certificates.v1.CertificateSigningRequestStatus.conditions':
    'Conditions applied to the request, such as approval or denial.',
  'io.k8s.api.coordination.v1.LeaseSpec.holderIdentity':
    'holderIdentity contains the identity of the holder of a current lease.',
  'io.k8s.api.core.v1.NodeStatus.addresses':
    "List of addresses reachable to the node. Queried from cloud provider, if available. More info: https://kubernetes.io/docs/concepts/nodes/node/#addresses Note: This field is declared as mergeable, but the merge key is not sufficiently unique, which can cause data corruption when it is merged. Callers should instead use a full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should assume that addresses can change during the lifetime of a Node. However, there are some exceptions where this may not be possible, such as Pods that inherit a Node's address in its own status or consumers of the downward API (status.hostIP).",
  'io.k8s.api.core.v1.PodSpec.nodeName':
    'NodeName is a request to schedule this pod onto a specific node. If it is non-empty, the scheduler simply schedules this pod onto that node, assuming that it fits resource requirements.',
  'io.k8s.api.networking.v1.NetworkPolicySpec.podSelector':
    'Selects the pods to which this NetworkPolicy object applies.  The array of ingress rules is applied to any pods selected by this field. Multiple network policies can select the same set of pods.  In this case, the ingress rules for each are combined additively. This field is NOT optional and follows standard label selector semantics. An empty podSelector matches all pods in this namespace.',
  'io.k8s.api.rbac.v1.RoleBinding.roleRef':
    'RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error.',
};

/** One text that Tables need. `text` wins over that of the types. */
export interface ColumnDescription {
  readonly of: string;
  readonly field: string;
  readonly text?: string;
}

export const COLUMN_DESCRIPTIONS: readonly ColumnDescription[] = Object.entries(FIELDS).flatMap(
  ([of, fields]) =>
    fields.map((field) => {
      const text = RECORDED[`${of}.${field}`];
      return { of, field, ...(text !== undefined && { text }) };
    }),
);
