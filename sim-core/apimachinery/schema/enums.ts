import { KEY_USAGES } from './key-usages.ts';

/** Fields that take one of a few values, which upstream's types mark with +enum. */
interface Enumeration {
  /** "core.v1.PodSpec.restartPolicy"; of the items of a list or map "core.v1.ResourceQuotaSpec.scopes[]". */
  readonly fields: readonly string[];
  /** In order, each with what it stands for. */
  readonly values: Readonly<Record<string, string>>;
}

const plain = (values: readonly string[]) => Object.fromEntries(values.map((value) => [value, '']));
const words = (values: string) => plain(values.split(' '));

const ENUMERATIONS: readonly Enumeration[] = [
  {
    fields: [
      'admissionregistration.v1.MatchResources.matchPolicy',
      'admissionregistration.v1.MutatingWebhook.matchPolicy',
      'admissionregistration.v1.ValidatingWebhook.matchPolicy',
    ],
    values: {
      Equivalent:
        'means requests should be sent to the webhook if they modify a resource listed in rules via another API group or version.',
      Exact: 'means requests should only be sent to the webhook if they exactly match a given rule.',
    },
  },
  {
    fields: [
      'admissionregistration.v1.MutatingAdmissionPolicySpec.failurePolicy',
      'admissionregistration.v1.MutatingWebhook.failurePolicy',
      'admissionregistration.v1.ValidatingAdmissionPolicySpec.failurePolicy',
      'admissionregistration.v1.ValidatingWebhook.failurePolicy',
    ],
    values: {
      Fail: 'means that an error calling the webhook causes the admission to fail.',
      Ignore: 'means that an error calling the webhook is ignored.',
    },
  },
  {
    fields: [
      'admissionregistration.v1.MutatingAdmissionPolicySpec.reinvocationPolicy',
      'admissionregistration.v1.MutatingWebhook.reinvocationPolicy',
    ],
    values: {
      IfNeeded:
        'indicates that the mutation may be called at least one additional time as part of the admission evaluation if the object being admitted is modified by other admission plugins after the initial mutation call.',
      Never:
        'indicates that the mutation must not be called more than once in a single admission evaluation.',
    },
  },
  {
    fields: [
      'admissionregistration.v1.MutatingWebhook.sideEffects',
      'admissionregistration.v1.ValidatingWebhook.sideEffects',
    ],
    values: {
      None: 'means that calling the webhook will have no side effects.',
      NoneOnDryRun:
        'means that calling the webhook will possibly have side effects, but if the request being reviewed has the dry-run attribute, the side effects will be suppressed.',
      Some: 'means that calling the webhook will possibly have side effects. If a request with the dry-run attribute would trigger a call to this webhook, the request will instead fail.',
      Unknown:
        'means that no information is known about the side effects of calling the webhook. If a request with the dry-run attribute would trigger a call to this webhook, the request will instead fail.',
    },
  },
  {
    fields: ['admissionregistration.v1.Mutation.patchType'],
    values: {
      ApplyConfiguration:
        'ApplyConfiguration indicates that the mutation is using apply configuration to mutate the object.',
      JSONPatch: 'JSONPatch indicates that the object is mutated through JSON Patch.',
    },
  },
  {
    fields: [
      'admissionregistration.v1.NamedRuleWithOperations.operations[]',
      'admissionregistration.v1.RuleWithOperations.operations[]',
    ],
    values: words('* CONNECT CREATE DELETE UPDATE'),
  },
  {
    fields: [
      'admissionregistration.v1.NamedRuleWithOperations.scope',
      'admissionregistration.v1.RuleWithOperations.scope',
    ],
    values: {
      '*': 'means that all scopes are included.',
      Cluster: 'means that scope is limited to cluster-scoped objects. Namespace objects are cluster-scoped.',
      Namespaced: 'means that scope is limited to namespaced objects.',
    },
  },
  {
    fields: ['admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec.validationActions[]'],
    values: words('Audit Deny Warn'),
  },
  {
    fields: ['apiextensions.v1.ValidationRule.reason'],
    values: {
      FieldValueDuplicate: 'is used to report collisions of values that must be unique (e.g. unique IDs).',
      FieldValueForbidden:
        'is used to report valid (as per formatting rules) values which would be accepted under some conditions, but which are not permitted by the current conditions (such as security policy).',
      FieldValueInvalid:
        'is used to report malformed values (e.g. failed regex match, too long, out of bounds).',
      FieldValueRequired:
        'is used to report required values that are not provided (e.g. empty strings, null values, or empty arrays).',
    },
  },
  {
    fields: ['apps.v1.DaemonSetUpdateStrategy.type'],
    values: {
      OnDelete: "Replace the old daemons only when it's killed",
      RollingUpdate:
        'Replace the old daemons by new ones using rolling update i.e replace them on each node one after the other.',
    },
  },
  {
    fields: ['apps.v1.DeploymentStrategy.type'],
    values: {
      Recreate: 'Kill all existing pods before creating new ones.',
      RollingUpdate:
        'Replace the old ReplicaSets by new one using rolling update i.e gradually scale down the old ReplicaSets and scale up the new one.',
    },
  },
  {
    fields: ['apps.v1.StatefulSetSpec.podManagementPolicy'],
    values: {
      OrderedReady:
        'will create pods in strictly increasing order on scale up and strictly decreasing order on scale down, progressing only when the previous pod is ready or terminated. At most one pod will be changed at any time.',
      Parallel:
        'will create and delete pods as soon as the stateful set replica count is changed, and will not wait for pods to be ready or complete termination.',
    },
  },
  {
    fields: ['apps.v1.StatefulSetUpdateStrategy.type'],
    values: {
      OnDelete:
        "triggers the legacy behavior. Version tracking and ordered rolling restarts are disabled. Pods are recreated from the StatefulSetSpec when they are manually deleted. When a scale operation is performed with this strategy,specification version indicated by the StatefulSet's currentRevision.",
      RollingUpdate:
        "indicates that update will be applied to all Pods in the StatefulSet with respect to the StatefulSet ordering constraints. When a scale operation is performed with this strategy, new Pods will be created from the specification version indicated by the StatefulSet's updateRevision.",
    },
  },
  {
    fields: ['batch.v1.CronJobSpec.concurrencyPolicy'],
    values: {
      Allow: 'allows CronJobs to run concurrently.',
      Forbid: "forbids concurrent runs, skipping next run if previous hasn't finished yet.",
      Replace: 'cancels currently running job and replaces it with a new one.',
    },
  },
  {
    fields: ['batch.v1.JobSpec.completionMode'],
    values: {
      Indexed:
        'is a Job completion mode. In this mode, the Pods of a Job get an associated completion index from 0 to (.spec.completions - 1). The Job is considered complete when a Pod completes for each completion index.',
      NonIndexed:
        'is a Job completion mode. In this mode, the Job is considered complete when there have been .spec.completions successfully completed Pods. Pod completions are homologous to each other.',
    },
  },
  {
    fields: ['batch.v1.JobSpec.podReplacementPolicy'],
    values: {
      Failed:
        'means to wait until a previously created Pod is fully terminated (has phase Failed or Succeeded) before creating a replacement Pod.',
      TerminatingOrFailed:
        'means that we recreate pods when they are terminating (has a metadata.deletionTimestamp) or failed.',
    },
  },
  {
    fields: ['batch.v1.PodFailurePolicyOnExitCodesRequirement.operator'],
    values: words('In NotIn'),
  },
  {
    fields: ['batch.v1.PodFailurePolicyRule.action'],
    values: {
      Count:
        "This is an action which might be taken on a pod failure - the pod failure is handled in the default way - the counter towards .backoffLimit, represented by the job's .status.failed field, is incremented.",
      FailIndex:
        "This is an action which might be taken on a pod failure - mark the Job's index as failed to avoid restarts within this index. This action can only be used when backoffLimitPerIndex is set.",
      FailJob:
        "This is an action which might be taken on a pod failure - mark the pod's job as Failed and terminate all running pods.",
      Ignore:
        "This is an action which might be taken on a pod failure - the counter towards .backoffLimit, represented by the job's .status.failed field, is not incremented and a replacement pod is created.",
    },
  },
  {
    fields: ['certificates.v1.CertificateSigningRequestSpec.usages[]'],
    values: plain(KEY_USAGES),
  },
  {
    fields: ['core.v1.AppArmorProfile.type'],
    values: {
      Localhost: 'indicates that a profile pre-loaded on the node should be used.',
      RuntimeDefault: "indicates that the container runtime's default AppArmor profile should be used.",
      Unconfined: 'indicates that no AppArmor profile should be enforced.',
    },
  },
  {
    fields: ['core.v1.AzureDiskVolumeSource.cachingMode'],
    values: words('None ReadOnly ReadWrite'),
  },
  {
    fields: ['core.v1.AzureDiskVolumeSource.kind'],
    values: words('Dedicated Managed Shared'),
  },
  {
    fields: [
      'core.v1.Container.imagePullPolicy',
      'core.v1.EphemeralContainer.imagePullPolicy',
      'core.v1.ImageVolumeSource.pullPolicy',
    ],
    values: {
      Always:
        'means that kubelet always attempts to pull the latest image. Container will fail If the pull fails.',
      IfNotPresent:
        "means that kubelet pulls if the image isn't present on disk. Container will fail if the image isn't present and the pull fails.",
      Never:
        "means that kubelet never pulls an image, but only uses a local image. Container will fail if the image isn't present",
    },
  },
  {
    fields: [
      'core.v1.Container.terminationMessagePolicy',
      'core.v1.EphemeralContainer.terminationMessagePolicy',
    ],
    values: {
      FallbackToLogsOnError:
        'will read the most recent contents of the container logs for the container status message when the container exits with an error and the terminationMessagePath has no contents.',
      File: "is the default behavior and will set the container status message to the contents of the container's terminationMessagePath when the container exits.",
    },
  },
  {
    fields: [
      'core.v1.ContainerPort.protocol',
      'core.v1.EndpointPort.protocol',
      'core.v1.PortStatus.protocol',
      'core.v1.ServicePort.protocol',
      'discovery.v1.EndpointPort.protocol',
      'networking.v1.IngressPortStatus.protocol',
      'networking.v1.NetworkPolicyPort.protocol',
    ],
    values: {
      SCTP: 'is the SCTP protocol.',
      TCP: 'is the TCP protocol.',
      UDP: 'is the UDP protocol.',
    },
  },
  {
    fields: ['core.v1.ContainerStatus.stopSignal', 'core.v1.Lifecycle.stopSignal'],
    values: words(
      'SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT SIGKILL SIGPIPE SIGPOLL SIGPROF SIGPWR SIGQUIT SIGRTMAX SIGRTMAX-1 SIGRTMAX-10 SIGRTMAX-11 SIGRTMAX-12 SIGRTMAX-13 SIGRTMAX-14 SIGRTMAX-2 SIGRTMAX-3 SIGRTMAX-4 SIGRTMAX-5 SIGRTMAX-6 SIGRTMAX-7 SIGRTMAX-8 SIGRTMAX-9 SIGRTMIN SIGRTMIN+1 SIGRTMIN+10 SIGRTMIN+11 SIGRTMIN+12 SIGRTMIN+13 SIGRTMIN+14 SIGRTMIN+15 SIGRTMIN+2 SIGRTMIN+3 SIGRTMIN+4 SIGRTMIN+5 SIGRTMIN+6 SIGRTMIN+7 SIGRTMIN+8 SIGRTMIN+9 SIGSEGV SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ',
    ),
  },
  {
    fields: ['core.v1.HTTPGetAction.scheme'],
    values: {
      HTTP: 'means that the scheme used will be http://',
      HTTPS: 'means that the scheme used will be https://',
    },
  },
  {
    fields: ['core.v1.HostPathVolumeSource.type'],
    values: {
      '': 'For backwards compatible, leave it empty if unset',
      BlockDevice: 'A block device must exist at the given path',
      CharDevice: 'A character device must exist at the given path',
      Directory: 'A directory must exist at the given path',
      DirectoryOrCreate:
        'If nothing exists at the given path, an empty directory will be created there as needed with file mode 0755, having the same group and ownership with Kubelet.',
      File: 'A file must exist at the given path',
      FileOrCreate:
        'If nothing exists at the given path, an empty file will be created there as needed with file mode 0644, having the same group and ownership with Kubelet.',
      Socket: 'A UNIX socket must exist at the given path',
    },
  },
  {
    fields: ['core.v1.ModifyVolumeStatus.status'],
    values: {
      InProgress: 'InProgress indicates that the volume is being modified',
      Infeasible:
        'Infeasible indicates that the request has been rejected as invalid by the CSI driver. To resolve the error, a valid VolumeAttributesClass needs to be specified',
      Pending:
        'Pending indicates that the PersistentVolumeClaim cannot be modified due to unmet requirements, such as the specified VolumeAttributesClass not existing',
    },
  },
  {
    fields: ['core.v1.NamespaceStatus.phase'],
    values: {
      Active: 'means the namespace is available for use in the system',
      Terminating: 'means the namespace is undergoing graceful termination',
    },
  },
  {
    fields: ['core.v1.NodeSelectorRequirement.operator'],
    values: words('DoesNotExist Exists Gt In Lt NotIn'),
  },
  {
    fields: ['core.v1.NodeStatus.phase'],
    values: {
      Pending: 'means the node has been created/added by the system, but not configured.',
      Running: 'means the node has been configured and has Kubernetes components running.',
      Terminated: 'means the node has been removed from the cluster.',
    },
  },
  {
    fields: [
      'core.v1.PersistentVolumeClaimSpec.accessModes[]',
      'core.v1.PersistentVolumeClaimStatus.accessModes[]',
      'core.v1.PersistentVolumeSpec.accessModes[]',
    ],
    values: words('ReadOnlyMany ReadWriteMany ReadWriteOnce ReadWriteOncePod'),
  },
  {
    fields: ['core.v1.PersistentVolumeClaimSpec.volumeMode', 'core.v1.PersistentVolumeSpec.volumeMode'],
    values: {
      Block: 'means the volume will not be formatted with a filesystem and will remain a raw block device.',
      Filesystem: 'means the volume will be or is formatted with a filesystem.',
    },
  },
  {
    fields: ['core.v1.PersistentVolumeClaimStatus.allocatedResourceStatuses[]'],
    values: words(
      'ControllerResizeInProgress ControllerResizeInfeasible NodeResizeInProgress NodeResizeInfeasible NodeResizePending',
    ),
  },
  {
    fields: ['core.v1.PersistentVolumeClaimStatus.phase'],
    values: {
      Bound: 'used for PersistentVolumeClaims that are bound',
      Lost: 'used for PersistentVolumeClaims that lost their underlying PersistentVolume. The claim was bound to a PersistentVolume and this volume does not exist any longer and all data on it was lost.',
      Pending: 'used for PersistentVolumeClaims that are not yet bound',
    },
  },
  {
    fields: [
      'core.v1.PersistentVolumeSpec.persistentVolumeReclaimPolicy',
      'storage.v1.StorageClass.reclaimPolicy',
    ],
    values: {
      Delete:
        'means the volume will be deleted from Kubernetes on release from its claim. The volume plugin must support Deletion.',
      Recycle:
        'means the volume will be recycled back into the pool of unbound persistent volumes on release from its claim. The volume plugin must support Recycling.',
      Retain:
        'means the volume will be left in its current phase (Released) for manual reclamation by the administrator. The default policy is Retain.',
    },
  },
  {
    fields: ['core.v1.PersistentVolumeStatus.phase'],
    values: {
      Available:
        'used for PersistentVolumes that are not yet bound Available volumes are held by the binder and matched to PersistentVolumeClaims',
      Bound: 'used for PersistentVolumes that are bound',
      Failed:
        'used for PersistentVolumes that failed to be correctly recycled or deleted after being released from a claim',
      Pending: 'used for PersistentVolumes that are not available',
      Released:
        'used for PersistentVolumes where the bound PersistentVolumeClaim was deleted released volumes must be recycled before becoming available again this phase is used by the persistent volume claim binder to signal to another process to reclaim the resource',
    },
  },
  {
    fields: ['core.v1.PodSecurityContext.fsGroupChangePolicy'],
    values: {
      Always:
        "indicates that volume's ownership and permissions should always be changed whenever volume is mounted inside a Pod. This the default behavior.",
      OnRootMismatch:
        "indicates that volume's ownership and permissions will be changed only when permission and ownership of root directory does not match with expected permissions on the volume. This can help shorten the time it takes to change ownership and permissions of a volume.",
    },
  },
  {
    fields: ['core.v1.PodSecurityContext.supplementalGroupsPolicy'],
    values: {
      Merge:
        "means that the container's provided SupplementalGroups and FsGroup (specified in SecurityContext) will be merged with the primary user's groups as defined in the container image (in /etc/group).",
      Strict:
        "means that the container's provided SupplementalGroups and FsGroup (specified in SecurityContext) will be used instead of any groups defined in the container image.",
    },
  },
  {
    fields: ['core.v1.PodSpec.dnsPolicy'],
    values: {
      ClusterFirst:
        'indicates that the pod should use cluster DNS first unless hostNetwork is true, if it is available, then fall back on the default (as determined by kubelet) DNS settings.',
      ClusterFirstWithHostNet:
        'indicates that the pod should use cluster DNS first, if it is available, then fall back on the default (as determined by kubelet) DNS settings.',
      Default: 'indicates that the pod should use the default (as determined by kubelet) DNS settings.',
      None: 'indicates that the pod should use empty DNS settings. DNS parameters such as nameservers and search paths should be defined via DNSConfig.',
    },
  },
  {
    fields: ['core.v1.PodSpec.preemptionPolicy', 'scheduling.v1.PriorityClass.preemptionPolicy'],
    values: {
      Never: 'means that pod never preempts other pods with lower priority.',
      PreemptLowerPriority: 'means that pod can preempt other pods with lower priority.',
    },
  },
  {
    fields: ['core.v1.PodSpec.restartPolicy'],
    values: words('Always Never OnFailure'),
  },
  {
    fields: ['core.v1.PodStatus.phase'],
    values: {
      Failed:
        'means that all containers in the pod have terminated, and at least one container has terminated in a failure (exited with a non-zero exit code or was stopped by the system).',
      Pending:
        'means the pod has been accepted by the system, but one or more of the containers has not been started. This includes time before being bound to a node, as well as time spent pulling images onto the host.',
      Running:
        'means the pod has been bound to a node and all of the containers have been started. At least one container is still running or is in the process of being restarted.',
      Succeeded:
        'means that all containers in the pod have voluntarily terminated with a container exit code of 0, and the system is not going to restart any of these containers.',
      Unknown:
        "means that for some reason the state of the pod could not be obtained, typically due to an error in communicating with the host of the pod. Deprecated: It isn't being set since 2015 (74da3b14b0c0f658b3bb8d2def5094686d0e9095)",
    },
  },
  {
    fields: ['core.v1.PodStatus.qosClass'],
    values: {
      BestEffort: 'is the BestEffort qos class.',
      Burstable: 'is the Burstable qos class.',
      Guaranteed: 'is the Guaranteed qos class.',
    },
  },
  {
    fields: ['core.v1.ResourceQuotaSpec.scopes[]', 'core.v1.ScopedResourceSelectorRequirement.scopeName'],
    values: {
      BestEffort: 'Match all pod objects that have best effort quality of service',
      CrossNamespacePodAffinity:
        'Match all pod objects that have cross-namespace pod (anti)affinity mentioned.',
      NotBestEffort: 'Match all pod objects that do not have best effort quality of service',
      NotTerminating: 'Match all pod objects where spec.activeDeadlineSeconds is nil',
      PriorityClass: 'Match all pod objects that have priority class mentioned',
      Terminating: 'Match all pod objects where spec.activeDeadlineSeconds >=0',
      VolumeAttributesClass: 'Match all pvc objects that have volume attributes class mentioned.',
    },
  },
  {
    fields: ['core.v1.ScopedResourceSelectorRequirement.operator'],
    values: words('DoesNotExist Exists In NotIn'),
  },
  {
    fields: ['core.v1.SeccompProfile.type'],
    values: {
      Localhost:
        "indicates a profile defined in a file on the node should be used. The file's location relative to <kubelet-root-dir>/seccomp.",
      RuntimeDefault: 'represents the default container runtime seccomp profile.',
      Unconfined: 'indicates no seccomp profile is applied (A.K.A. unconfined).',
    },
  },
  {
    fields: ['core.v1.SecurityContext.procMount'],
    values: {
      Default:
        'uses the container runtime defaults for readonly and masked paths for /proc. Most container runtimes mask certain paths in /proc to avoid accidental security exposure of special devices or information.',
      Unmasked:
        'bypasses the default masking behavior of the container runtime and ensures the newly created /proc the container stays in tact with no modifications.',
    },
  },
  {
    fields: ['core.v1.ServiceSpec.externalTrafficPolicy'],
    values: {
      Cluster: 'routes traffic to all endpoints.',
      Local:
        'preserves the source IP of the traffic by routing only to endpoints on the same node as the traffic was received on (dropping the traffic if there are no local endpoints).',
    },
  },
  {
    fields: ['core.v1.ServiceSpec.internalTrafficPolicy'],
    values: {
      Cluster: 'routes traffic to all endpoints.',
      Local:
        'routes traffic only to endpoints on the same node as the client pod (dropping the traffic if there are no local endpoints).',
    },
  },
  {
    fields: ['core.v1.ServiceSpec.ipFamilies[]'],
    values: words(' IPv4 IPv6'),
  },
  {
    fields: ['core.v1.ServiceSpec.ipFamilyPolicy'],
    values: {
      PreferDualStack:
        'indicates that this service prefers dual-stack when the cluster is configured for dual-stack. If the cluster is not configured for dual-stack the service will be assigned a single IPFamily. If the IPFamily is not set in service.spec.ipFamilies then the service will be assigned the default IPFamily configured on the cluster',
      RequireDualStack:
        'indicates that this service requires dual-stack. Using IPFamilyPolicyRequireDualStack on a single stack cluster will result in validation errors. The IPFamilies (and their order) assigned to this service is based on service.spec.ipFamilies. If service.spec.ipFamilies was not provided then it will be assigned according to how they are configured on the cluster. If service.spec.ipFamilies has only one entry then the alternative IPFamily will be added by apiserver',
      SingleStack:
        'indicates that this service is required to have a single IPFamily. The IPFamily assigned is based on the default IPFamily used by the cluster or as identified by service.spec.ipFamilies field',
    },
  },
  {
    fields: ['core.v1.ServiceSpec.sessionAffinity'],
    values: {
      ClientIP: 'is the Client IP based.',
      None: '- no session affinity.',
    },
  },
  {
    fields: ['core.v1.ServiceSpec.type'],
    values: {
      ClusterIP: 'means a service will only be accessible inside the cluster, via the cluster IP.',
      ExternalName:
        'means a service consists of only a reference to an external name that kubedns or equivalent will return as a CNAME record, with no exposing or proxying of any pods involved.',
      LoadBalancer:
        "means a service will be exposed via an external load balancer (if the cloud provider supports it), in addition to 'NodePort' type.",
      NodePort: "means a service will be exposed on one port of every node, in addition to 'ClusterIP' type.",
    },
  },
  {
    fields: ['core.v1.Taint.effect', 'core.v1.Toleration.effect'],
    values: {
      NoExecute:
        'Evict any already-running pods that do not tolerate the taint. Currently enforced by NodeController.',
      NoSchedule:
        'Do not allow new pods to schedule onto the node unless they tolerate the taint, but allow all pods submitted to Kubelet without going through the scheduler to start, and allow all already-running pods to continue running. Enforced by the scheduler.',
      PreferNoSchedule:
        'Like TaintEffectNoSchedule, but the scheduler tries not to schedule new pods onto the node, rather than prohibiting new pods from scheduling onto the node entirely. Enforced by the scheduler.',
    },
  },
  {
    fields: ['core.v1.Toleration.operator'],
    values: words('Equal Exists Gt Lt'),
  },
  {
    fields: [
      'core.v1.TopologySpreadConstraint.nodeAffinityPolicy',
      'core.v1.TopologySpreadConstraint.nodeTaintsPolicy',
    ],
    values: {
      Honor: 'means use this scheduling directive when calculating pod topology spread skew.',
      Ignore: 'means ignore this scheduling directive when calculating pod topology spread skew.',
    },
  },
  {
    fields: ['core.v1.TopologySpreadConstraint.whenUnsatisfiable'],
    values: {
      DoNotSchedule: 'instructs the scheduler not to schedule the pod when constraints are not satisfied.',
      ScheduleAnyway: 'instructs the scheduler to schedule the pod even if constraints are not satisfied.',
    },
  },
  {
    fields: ['core.v1.VolumeMount.mountPropagation'],
    values: {
      Bidirectional:
        'means that the volume in a container will receive new mounts from the host or other containers, and its own mounts will be propagated from the container to the host or other containers. Note that this mode is recursively applied to all mounts in the volume ("rshared" in Linux terminology).',
      HostToContainer:
        'means that the volume in a container will receive new mounts from the host or other containers, but filesystems mounted inside the container won\'t be propagated to the host or other containers. Note that this mode is recursively applied to all mounts in the volume ("rslave" in Linux terminology).',
      None: 'means that the volume in a container will not receive new mounts from the host or other containers, and filesystems mounted inside the container won\'t be propagated to the host or other containers. Note that this mode corresponds to "private" in Linux terminology.',
    },
  },
  {
    fields: ['discovery.v1.EndpointSlice.addressType'],
    values: {
      FQDN: 'represents a FQDN.',
      IPv4: 'represents an IPv4 Address.',
      IPv6: 'represents an IPv6 Address.',
    },
  },
  {
    fields: ['networking.v1.HTTPIngressPath.pathType'],
    values: {
      Exact: 'matches the URL path exactly and with case sensitivity.',
      ImplementationSpecific:
        'matching is up to the IngressClass. Implementations can treat this as a separate PathType or treat it identically to Prefix or Exact path types.',
      Prefix:
        "matches based on a URL path prefix split by '/'. Matching is case sensitive and done on a path element by element basis. A path element refers to the list of labels in the path split by the '/' separator. A request is a match for path p if every p is an element-wise prefix of p of the request path. Note that if the last element of the path is a substring of the last element in request path, it is not a match (e.g. /foo/bar matches /foo/bar/baz, but does not match /foo/barbaz). If multiple matching paths exist in an Ingress spec, the longest matching path is given priority. Examples: - /foo/bar does not match requests to /foo/barbaz - /foo/bar matches request to /foo/bar and /foo/bar/baz - /foo and /foo/ both match requests to /foo and /foo/. If both paths are present in an Ingress spec, the longest matching path (/foo/) is given priority.",
    },
  },
  {
    fields: ['networking.v1.NetworkPolicySpec.policyTypes[]'],
    values: words('Egress Ingress'),
  },
  {
    fields: ['policy.v1.PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy'],
    values: {
      AlwaysAllow:
        'policy means that all running pods (status.phase="Running"), but not yet healthy are considered disrupted and can be evicted regardless of whether the criteria in a PDB is met. This means perspective running pods of a disrupted application might not get a chance to become healthy. Healthy pods will be subject to the PDB for eviction.',
      IfHealthyBudget:
        'policy means that running pods (status.phase="Running"), but not yet healthy can be evicted only if the guarded application is not disrupted (status.currentHealthy is at least equal to status.desiredHealthy). Healthy pods will be subject to the PDB for eviction.',
    },
  },
  {
    fields: ['resource.v1.DeviceAllocationConfiguration.source'],
    values: words('FromClaim FromClass'),
  },
  {
    fields: ['resource.v1.DeviceSubRequest.allocationMode', 'resource.v1.ExactDeviceRequest.allocationMode'],
    values: words('All ExactCount'),
  },
  {
    fields: ['resource.v1.DeviceTaint.effect', 'resource.v1.DeviceToleration.effect'],
    values: {
      NoExecute: 'Evict any already-running pods that do not tolerate the device taint.',
      NoSchedule:
        'Do not allow new pods to schedule which use a tainted device unless they tolerate the taint, but allow all pods submitted to Kubelet without going through the scheduler to start, and allow all already-running pods to continue running.',
      None: 'No effect, the taint is purely informational.',
    },
  },
  {
    fields: ['resource.v1.DeviceToleration.operator'],
    values: words('Equal Exists'),
  },
  {
    fields: ['storage.v1.StorageClass.volumeBindingMode'],
    values: {
      Immediate:
        'indicates that PersistentVolumeClaims should be immediately provisioned and bound. This is the default mode.',
      WaitForFirstConsumer:
        'indicates that PersistentVolumeClaims should not be provisioned and bound until the first Pod is created that references the PeristentVolumeClaim. The volume provisioning and binding will occur during Pod scheduing.',
    },
  },
];

const BY_FIELD: ReadonlyMap<string, Enumeration['values']> = new Map(
  ENUMERATIONS.flatMap(({ fields, values }) => fields.map((field) => [field, values] as const)),
);

/**
 * The values of a field of a type ("io.k8s.api.core.v1.PodSpec"), or undefined if it takes any; `items` asks for those
 * of what a list or map holds.
 */
export function enumOf(type: string, field: string, items = false): readonly string[] | undefined {
  const values = BY_FIELD.get(keyOf(type, field) + (items ? '[]' : ''));
  return values === undefined ? undefined : Object.keys(values);
}

/** What stands after the text of such a field; "" for others. Models kube-openapi's EnumType.Description. */
export function enumText(type: string, field: string): string {
  const values = BY_FIELD.get(keyOf(type, field));
  if (values === undefined) return '';
  const lines = Object.entries(values).map(
    ([value, text]) => ` - \`${JSON.stringify(value)}\`${text === '' ? '' : ` ${text}`}`,
  );
  return `\n\nPossible enum values:\n${lines.join('\n')}`;
}

/** "core.v1.PodSpec.restartPolicy". */
function keyOf(type: string, field: string): string {
  return `${type.split('.').slice(-3).join('.')}.${field}`;
}
