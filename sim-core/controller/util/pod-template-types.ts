/**
 * The Go types of a pod template as v1.28 has them, each with its fields in the order of their declaration:
 * `Type = Field:type …`. A field without a type is a string; `+Type` is embedded; `Name/json` is one whose name in
 * JSON does not follow from its own. Types that the table lacks are strings with a name of their own.
 *
 * Models k8s.io/api/core/v1 types.go.
 */
const TABLE = `
PodTemplateSpec = ObjectMeta/metadata:ObjectMeta Spec:PodSpec
ObjectMeta = Name GenerateName Namespace SelfLink UID:types.UID ResourceVersion Generation:int64
  CreationTimestamp:Time DeletionTimestamp:*Time DeletionGracePeriodSeconds:*int64 Labels:map
  Annotations:map OwnerReferences:[]OwnerReference Finalizers:[]string
  ManagedFields:[]ManagedFieldsEntry
PodSpec = Volumes:[]Volume InitContainers:[]Container Containers:[]Container
  EphemeralContainers:[]EphemeralContainer RestartPolicy:RestartPolicy
  TerminationGracePeriodSeconds:*int64 ActiveDeadlineSeconds:*int64 DNSPolicy:DNSPolicy
  NodeSelector:map ServiceAccountName DeprecatedServiceAccount/serviceAccount
  AutomountServiceAccountToken:*bool NodeName HostNetwork:bool HostPID:bool HostIPC:bool
  ShareProcessNamespace:*bool SecurityContext:*PodSecurityContext
  ImagePullSecrets:[]LocalObjectReference Hostname Subdomain Affinity:*Affinity SchedulerName
  Tolerations:[]Toleration HostAliases:[]HostAlias PriorityClassName Priority:*int32
  DNSConfig:*PodDNSConfig ReadinessGates:[]PodReadinessGate RuntimeClassName:*string
  EnableServiceLinks:*bool PreemptionPolicy:*PreemptionPolicy Overhead:ResourceList
  TopologySpreadConstraints:[]TopologySpreadConstraint SetHostnameAsFQDN:*bool OS:*PodOS
  HostUsers:*bool SchedulingGates:[]PodSchedulingGate ResourceClaims:[]PodResourceClaim
Volume = Name +VolumeSource
VolumeSource = HostPath:*HostPathVolumeSource EmptyDir:*EmptyDirVolumeSource
  GCEPersistentDisk:*GCEPersistentDiskVolumeSource
  AWSElasticBlockStore:*AWSElasticBlockStoreVolumeSource GitRepo:*GitRepoVolumeSource
  Secret:*SecretVolumeSource NFS:*NFSVolumeSource ISCSI:*ISCSIVolumeSource
  Glusterfs:*GlusterfsVolumeSource PersistentVolumeClaim:*PersistentVolumeClaimVolumeSource
  RBD:*RBDVolumeSource FlexVolume:*FlexVolumeSource Cinder:*CinderVolumeSource
  CephFS/cephfs:*CephFSVolumeSource Flocker:*FlockerVolumeSource DownwardAPI:*DownwardAPIVolumeSource
  FC:*FCVolumeSource AzureFile:*AzureFileVolumeSource ConfigMap:*ConfigMapVolumeSource
  VsphereVolume:*VsphereVirtualDiskVolumeSource Quobyte:*QuobyteVolumeSource
  AzureDisk:*AzureDiskVolumeSource PhotonPersistentDisk:*PhotonPersistentDiskVolumeSource
  Projected:*ProjectedVolumeSource PortworxVolume:*PortworxVolumeSource ScaleIO:*ScaleIOVolumeSource
  StorageOS/storageos:*StorageOSVolumeSource CSI:*CSIVolumeSource Ephemeral:*EphemeralVolumeSource
HostPathVolumeSource = Path Type:*HostPathType
EmptyDirVolumeSource = Medium:StorageMedium SizeLimit:*resource.Quantity
GCEPersistentDiskVolumeSource = PDName FSType Partition:int32 ReadOnly:bool
AWSElasticBlockStoreVolumeSource = VolumeID FSType Partition:int32 ReadOnly:bool
GitRepoVolumeSource = Repository Revision Directory
SecretVolumeSource = SecretName Items:[]KeyToPath DefaultMode:*int32 Optional:*bool
KeyToPath = Key Path Mode:*int32
NFSVolumeSource = Server Path ReadOnly:bool
ISCSIVolumeSource = TargetPortal IQN Lun:int32 ISCSIInterface FSType ReadOnly:bool Portals:[]string
  DiscoveryCHAPAuth/chapAuthDiscovery:bool SessionCHAPAuth/chapAuthSession:bool
  SecretRef:*LocalObjectReference InitiatorName:*string
LocalObjectReference = Name
GlusterfsVolumeSource = EndpointsName/endpoints Path ReadOnly:bool
PersistentVolumeClaimVolumeSource = ClaimName ReadOnly:bool
RBDVolumeSource = CephMonitors/monitors:[]string RBDImage/image FSType RBDPool/pool RadosUser/user Keyring
  SecretRef:*LocalObjectReference ReadOnly:bool
FlexVolumeSource = Driver FSType SecretRef:*LocalObjectReference ReadOnly:bool Options:map
CinderVolumeSource = VolumeID FSType ReadOnly:bool SecretRef:*LocalObjectReference
CephFSVolumeSource = Monitors:[]string Path User SecretFile SecretRef:*LocalObjectReference ReadOnly:bool
FlockerVolumeSource = DatasetName DatasetUUID
DownwardAPIVolumeSource = Items:[]DownwardAPIVolumeFile DefaultMode:*int32
DownwardAPIVolumeFile = Path FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector Mode:*int32
ObjectFieldSelector = APIVersion FieldPath
ResourceFieldSelector = ContainerName Resource Divisor:resource.Quantity
FCVolumeSource = TargetWWNs:[]string Lun:*int32 FSType ReadOnly:bool WWIDs/wwids:[]string
AzureFileVolumeSource = SecretName ShareName ReadOnly:bool
ConfigMapVolumeSource = +LocalObjectReference Items:[]KeyToPath DefaultMode:*int32 Optional:*bool
VsphereVirtualDiskVolumeSource = VolumePath FSType StoragePolicyName StoragePolicyID
QuobyteVolumeSource = Registry Volume ReadOnly:bool User Group Tenant
AzureDiskVolumeSource = DiskName DataDiskURI/diskURI CachingMode:*AzureDataDiskCachingMode FSType:*string ReadOnly:*bool
  Kind:*AzureDataDiskKind
PhotonPersistentDiskVolumeSource = PdID FSType
ProjectedVolumeSource = Sources:[]VolumeProjection DefaultMode:*int32
VolumeProjection = Secret:*SecretProjection DownwardAPI:*DownwardAPIProjection ConfigMap:*ConfigMapProjection
  ServiceAccountToken:*ServiceAccountTokenProjection
SecretProjection = +LocalObjectReference Items:[]KeyToPath Optional:*bool
DownwardAPIProjection = Items:[]DownwardAPIVolumeFile
ConfigMapProjection = +LocalObjectReference Items:[]KeyToPath Optional:*bool
ServiceAccountTokenProjection = Audience ExpirationSeconds:*int64 Path
PortworxVolumeSource = VolumeID FSType ReadOnly:bool
ScaleIOVolumeSource = Gateway System SecretRef:*LocalObjectReference SSLEnabled:bool ProtectionDomain StoragePool
  StorageMode VolumeName FSType ReadOnly:bool
StorageOSVolumeSource = VolumeName VolumeNamespace FSType ReadOnly:bool SecretRef:*LocalObjectReference
CSIVolumeSource = Driver ReadOnly:*bool FSType:*string VolumeAttributes:map NodePublishSecretRef:*LocalObjectReference
EphemeralVolumeSource = VolumeClaimTemplate:*PersistentVolumeClaimTemplate
PersistentVolumeClaimTemplate = ObjectMeta/metadata:ObjectMeta Spec:PersistentVolumeClaimSpec
PersistentVolumeClaimSpec = AccessModes:[]PersistentVolumeAccessMode Selector:*LabelSelector Resources:ResourceRequirements
  VolumeName StorageClassName:*string VolumeMode:*PersistentVolumeMode
  DataSource:*TypedLocalObjectReference DataSourceRef:*TypedObjectReference
LabelSelector = MatchLabels:map MatchExpressions:[]LabelSelectorRequirement
LabelSelectorRequirement = Key Operator:LabelSelectorOperator Values:[]string
ResourceRequirements = Limits:ResourceList Requests:ResourceList Claims:[]ResourceClaim
ResourceClaim = Name
TypedLocalObjectReference = APIGroup:*string Kind Name
TypedObjectReference = APIGroup:*string Kind Name Namespace:*string
Container = Name Image Command:[]string Args:[]string WorkingDir Ports:[]ContainerPort EnvFrom:[]EnvFromSource
  Env:[]EnvVar Resources:ResourceRequirements ResizePolicy:[]ContainerResizePolicy
  RestartPolicy:*ContainerRestartPolicy VolumeMounts:[]VolumeMount VolumeDevices:[]VolumeDevice
  LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle
  TerminationMessagePath TerminationMessagePolicy:TerminationMessagePolicy ImagePullPolicy:PullPolicy
  SecurityContext:*SecurityContext Stdin:bool StdinOnce:bool TTY:bool
ContainerPort = Name HostPort:int32 ContainerPort:int32 Protocol:Protocol HostIP
EnvFromSource = Prefix ConfigMapRef:*ConfigMapEnvSource SecretRef:*SecretEnvSource
ConfigMapEnvSource = +LocalObjectReference Optional:*bool
SecretEnvSource = +LocalObjectReference Optional:*bool
EnvVar = Name Value ValueFrom:*EnvVarSource
EnvVarSource = FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector
  ConfigMapKeyRef:*ConfigMapKeySelector SecretKeyRef:*SecretKeySelector
ConfigMapKeySelector = +LocalObjectReference Key Optional:*bool
SecretKeySelector = +LocalObjectReference Key Optional:*bool
ContainerResizePolicy = ResourceName:ResourceName RestartPolicy:ResourceResizeRestartPolicy
VolumeMount = Name ReadOnly:bool MountPath SubPath MountPropagation:*MountPropagationMode SubPathExpr
VolumeDevice = Name DevicePath
Probe = +ProbeHandler InitialDelaySeconds:int32 TimeoutSeconds:int32 PeriodSeconds:int32
  SuccessThreshold:int32 FailureThreshold:int32 TerminationGracePeriodSeconds:*int64
ProbeHandler = Exec:*ExecAction HTTPGet:*HTTPGetAction TCPSocket:*TCPSocketAction GRPC:*GRPCAction
ExecAction = Command:[]string
HTTPGetAction = Path Port:intstr.IntOrString Host Scheme:URIScheme HTTPHeaders:[]HTTPHeader
HTTPHeader = Name Value
TCPSocketAction = Port:intstr.IntOrString Host
GRPCAction = Port:int32 Service:*string
Lifecycle = PostStart:*LifecycleHandler PreStop:*LifecycleHandler
LifecycleHandler = Exec:*ExecAction HTTPGet:*HTTPGetAction TCPSocket:*TCPSocketAction
SecurityContext = Capabilities:*Capabilities Privileged:*bool SELinuxOptions:*SELinuxOptions
  WindowsOptions:*WindowsSecurityContextOptions RunAsUser:*int64 RunAsGroup:*int64 RunAsNonRoot:*bool
  ReadOnlyRootFilesystem:*bool AllowPrivilegeEscalation:*bool ProcMount:*ProcMountType
  SeccompProfile:*SeccompProfile
Capabilities = Add:[]Capability Drop:[]Capability
SELinuxOptions = User Role Type Level
WindowsSecurityContextOptions = GMSACredentialSpecName:*string GMSACredentialSpec:*string RunAsUserName:*string HostProcess:*bool
SeccompProfile = Type:SeccompProfileType LocalhostProfile:*string
PodSecurityContext = SELinuxOptions:*SELinuxOptions WindowsOptions:*WindowsSecurityContextOptions RunAsUser:*int64
  RunAsGroup:*int64 RunAsNonRoot:*bool SupplementalGroups:[]int64 FSGroup:*int64 Sysctls:[]Sysctl
  FSGroupChangePolicy:*PodFSGroupChangePolicy SeccompProfile:*SeccompProfile
Sysctl = Name Value
Affinity = NodeAffinity:*NodeAffinity PodAffinity:*PodAffinity PodAntiAffinity:*PodAntiAffinity
NodeAffinity = RequiredDuringSchedulingIgnoredDuringExecution:*NodeSelector
  PreferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm
NodeSelector = NodeSelectorTerms:[]NodeSelectorTerm
NodeSelectorTerm = MatchExpressions:[]NodeSelectorRequirement MatchFields:[]NodeSelectorRequirement
NodeSelectorRequirement = Key Operator:NodeSelectorOperator Values:[]string
PreferredSchedulingTerm = Weight:int32 Preference:NodeSelectorTerm
PodAffinity = RequiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm
  PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
PodAffinityTerm = LabelSelector:*LabelSelector Namespaces:[]string TopologyKey NamespaceSelector:*LabelSelector
WeightedPodAffinityTerm = Weight:int32 PodAffinityTerm:PodAffinityTerm
PodAntiAffinity = RequiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm
  PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
Toleration = Key Operator:TolerationOperator Value Effect:TaintEffect TolerationSeconds:*int64
HostAlias = IP Hostnames:[]string
PodDNSConfig = Nameservers:[]string Searches:[]string Options:[]PodDNSConfigOption
PodDNSConfigOption = Name Value:*string
PodReadinessGate = ConditionType:PodConditionType
TopologySpreadConstraint = MaxSkew:int32 TopologyKey WhenUnsatisfiable:UnsatisfiableConstraintAction
  LabelSelector:*LabelSelector MinDomains:*int32 NodeAffinityPolicy:*NodeInclusionPolicy
  NodeTaintsPolicy:*NodeInclusionPolicy MatchLabelKeys:[]string
PodOS = Name:OSName
PodSchedulingGate = Name
PodResourceClaim = Name Source:ClaimSource
ClaimSource = ResourceClaimName:*string ResourceClaimTemplateName:*string
`;

export interface GoField {
  /** "HTTPGet"; for an embedded structure its type's name. */
  readonly name: string;
  /** "httpGet"; undefined for an embedded structure, whose fields stand among the outer one's. */
  readonly json: string | undefined;
  /** "string", "*int64", "[]Container", "map". */
  readonly type: string;
}

/** The fields of each structure by the name of its type. */
export const POD_TEMPLATE_TYPES: ReadonlyMap<string, readonly GoField[]> = new Map(
  TABLE.trim()
    .split(/\n(?! )/)
    .map((line) => {
      const [name = '', fields = ''] = line.split(' = ');
      return [name, fields.split(/\s+/).map(readField)] as const;
    }),
);

function readField(text: string): GoField {
  if (text.startsWith('+')) return { name: text.slice(1), json: undefined, type: text.slice(1) };
  const [names = '', type = 'string'] = text.split(':');
  const [name = '', json = jsonName(name)] = names.split('/');
  return { name, json, type };
}

/** "DNSPolicy" is "dnsPolicy", "UID" is "uid", "HostPID" is "hostPID". */
function jsonName(name: string): string {
  return name.replace(/^(?:[A-Z]+(?=[A-Z][a-z])|[A-Z]+$|[A-Z])/, (start) => start.toLowerCase());
}
