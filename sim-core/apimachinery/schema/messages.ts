/**
 * The fields of the API's structures in Go's order, which is that of a response, with their numbers in protobuf. By
 * package: a message, then its fields; a number is one more than the one before, or is given. ".Name" is an embedded
 * message: its fields are the outer object's own in JSON. For example
 *
 *     ConfigMapProjection .LocalObjectReference items 4:optional
 *
 * has name (inside of message 1), items (2) and optional (4).
 *
 * Models k8s.io/api/<group>/<version>/generated.proto; lists, kind and apiVersion are left out.
 */
const MESSAGES: Readonly<Record<string, string>> = {
  'core.v1': `
    AWSElasticBlockStoreVolumeSource volumeID fsType partition readOnly
    Affinity nodeAffinity podAffinity podAntiAffinity
    AppArmorProfile type localhostProfile
    AttachedVolume name devicePath
    AzureDiskVolumeSource diskName diskURI cachingMode fsType readOnly kind
    AzureFilePersistentVolumeSource secretName shareName readOnly secretNamespace
    AzureFileVolumeSource secretName shareName readOnly
    Binding metadata target
    CSIPersistentVolumeSource driver volumeHandle readOnly fsType volumeAttributes controllerPublishSecretRef
      nodeStageSecretRef nodePublishSecretRef controllerExpandSecretRef nodeExpandSecretRef
    CSIVolumeSource driver readOnly fsType volumeAttributes nodePublishSecretRef
    Capabilities add drop
    CephFSPersistentVolumeSource monitors path user secretFile secretRef readOnly
    CephFSVolumeSource monitors path user secretFile secretRef readOnly
    CinderPersistentVolumeSource volumeID fsType readOnly secretRef
    CinderVolumeSource volumeID fsType readOnly secretRef
    ClientIPConfig timeoutSeconds
    ClusterTrustBundleProjection name signerName labelSelector 5:optional 4:path
    ComponentCondition type status message error
    ComponentStatus metadata conditions
    ConfigMap metadata 4:immutable 2:data binaryData
    ConfigMapEnvSource .LocalObjectReference optional
    ConfigMapKeySelector .LocalObjectReference key optional
    ConfigMapNodeConfigSource namespace name uid resourceVersion kubeletConfigKey
    ConfigMapProjection .LocalObjectReference items 4:optional
    ConfigMapVolumeSource .LocalObjectReference items defaultMode optional
    Container name image command args workingDir ports 19:envFrom 7:env resources 23:resizePolicy restartPolicy
      restartPolicyRules 9:volumeMounts 21:volumeDevices 10:livenessProbe readinessProbe 22:startupProbe
      12:lifecycle terminationMessagePath 20:terminationMessagePolicy 14:imagePullPolicy securityContext stdin
      stdinOnce tty
    ContainerExtendedResourceRequest containerName resourceName requestName
    ContainerImage names sizeBytes
    ContainerPort name hostPort containerPort protocol hostIP
    ContainerResizePolicy resourceName restartPolicy
    ContainerRestartRule action exitCodes
    ContainerRestartRuleOnExitCodes operator values
    ContainerState waiting running terminated
    ContainerStateRunning startedAt
    ContainerStateTerminated exitCode signal reason message startedAt finishedAt containerID
    ContainerStateWaiting reason message
    ContainerStatus name state lastState ready restartCount image imageID containerID started
      allocatedResources resources volumeMounts user allocatedResourcesStatus stopSignal
    ContainerUser linux
    DaemonEndpoint Port
    DownwardAPIProjection items
    DownwardAPIVolumeFile path fieldRef resourceFieldRef mode
    DownwardAPIVolumeSource items defaultMode
    EmptyDirVolumeSource medium sizeLimit
    EndpointAddress ip 3:hostname nodeName 2:targetRef
    EndpointPort name port protocol appProtocol
    EndpointSubset addresses notReadyAddresses ports
    Endpoints metadata subsets
    EnvFromSource prefix configMapRef secretRef
    EnvVar name value valueFrom
    EnvVarSource fieldRef resourceFieldRef configMapKeyRef secretKeyRef fileKeyRef
    EphemeralContainer .EphemeralContainerCommon targetContainerName
    EphemeralContainerCommon name image command args workingDir ports 19:envFrom 7:env resources
      23:resizePolicy restartPolicy restartPolicyRules 9:volumeMounts 21:volumeDevices 10:livenessProbe
      readinessProbe 22:startupProbe 12:lifecycle terminationMessagePath 20:terminationMessagePolicy
      14:imagePullPolicy securityContext stdin stdinOnce tty
    EphemeralVolumeSource volumeClaimTemplate
    Event metadata involvedObject reason message source firstTimestamp lastTimestamp count type eventTime
      series action related reportingComponent reportingInstance
    EventSeries count lastObservedTime
    EventSource component host
    ExecAction command
    FCVolumeSource targetWWNs lun fsType readOnly wwids
    FileKeySelector volumeName path key optional
    FlexPersistentVolumeSource driver fsType secretRef readOnly options
    FlexVolumeSource driver fsType secretRef readOnly options
    FlockerVolumeSource datasetName datasetUUID
    GCEPersistentDiskVolumeSource pdName fsType partition readOnly
    GRPCAction port service
    GitRepoVolumeSource repository revision directory
    GlusterfsPersistentVolumeSource endpoints path readOnly endpointsNamespace
    GlusterfsVolumeSource endpoints path readOnly
    HTTPGetAction path port host scheme httpHeaders
    HTTPHeader name value
    HostAlias ip hostnames
    HostIP ip
    HostPathVolumeSource path type
    ISCSIPersistentVolumeSource targetPortal iqn lun iscsiInterface fsType readOnly portals chapAuthDiscovery
      11:chapAuthSession 10:secretRef 12:initiatorName
    ISCSIVolumeSource targetPortal iqn lun iscsiInterface fsType readOnly portals chapAuthDiscovery
      11:chapAuthSession 10:secretRef 12:initiatorName
    ImageVolumeSource reference pullPolicy
    ImageVolumeStatus imageRef
    KeyToPath key path mode
    Lifecycle postStart preStop stopSignal
    LifecycleHandler exec httpGet tcpSocket sleep
    LimitRange metadata spec
    LimitRangeItem type max min default defaultRequest maxLimitRequestRatio
    LimitRangeSpec limits
    LinuxContainerUser uid gid supplementalGroups
    LoadBalancerIngress ip hostname ipMode ports
    LoadBalancerStatus ingress
    LocalObjectReference name
    LocalVolumeSource path fsType
    ModifyVolumeStatus targetVolumeAttributesClassName status
    NFSVolumeSource server path readOnly
    Namespace metadata spec status
    NamespaceCondition type status 4:lastTransitionTime reason message
    NamespaceSpec finalizers
    NamespaceStatus phase conditions
    Node metadata spec status
    NodeAddress type address
    NodeAffinity requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution
    NodeAllocatableResourceClaimStatus resourceClaimName containers
    NodeCondition type status lastHeartbeatTime lastTransitionTime reason message
    NodeConfigSource 2:configMap
    NodeConfigStatus assigned active lastKnownGood error
    NodeDaemonEndpoints kubeletEndpoint
    NodeFeatures supplementalGroupsPolicy
    NodeRuntimeHandler name features
    NodeRuntimeHandlerFeatures recursiveReadOnlyMounts userNamespaces
    NodeSelector nodeSelectorTerms
    NodeSelectorRequirement key operator values
    NodeSelectorTerm matchExpressions matchFields
    NodeSpec podCIDR 7:podCIDRs 3:providerID unschedulable taints configSource 2:externalID
    NodeStatus capacity allocatable phase conditions addresses daemonEndpoints nodeInfo images volumesInUse
      volumesAttached config runtimeHandlers features declaredFeatures
    NodeSwapStatus capacity
    NodeSystemInfo machineID systemUUID bootID kernelVersion osImage containerRuntimeVersion kubeletVersion
      kubeProxyVersion operatingSystem architecture swap
    ObjectFieldSelector apiVersion fieldPath
    ObjectReference kind namespace name uid apiVersion resourceVersion fieldPath
    PersistentVolume metadata spec status
    PersistentVolumeClaim metadata spec status
    PersistentVolumeClaimCondition type status lastProbeTime lastTransitionTime reason message
    PersistentVolumeClaimSpec accessModes 4:selector 2:resources volumeName 5:storageClassName volumeMode
      dataSource dataSourceRef volumeAttributesClassName
    PersistentVolumeClaimStatus phase accessModes capacity conditions allocatedResources
      7:allocatedResourceStatuses currentVolumeAttributesClassName modifyVolumeStatus
    PersistentVolumeClaimTemplate metadata spec
    PersistentVolumeClaimVolumeSource claimName readOnly
    PersistentVolumeSource gcePersistentDisk awsElasticBlockStore hostPath glusterfs nfs rbd iscsi cinder
      cephfs fc flocker flexVolume azureFile vsphereVolume quobyte azureDisk photonPersistentDisk
      portworxVolume scaleIO local storageos csi
    PersistentVolumeSpec capacity .PersistentVolumeSource accessModes claimRef persistentVolumeReclaimPolicy
      storageClassName mountOptions volumeMode nodeAffinity volumeAttributesClassName
    PersistentVolumeStatus phase message reason lastPhaseTransitionTime
    PhotonPersistentDiskVolumeSource pdID fsType
    Pod metadata spec status
    PodAffinity requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution
    PodAffinityTerm labelSelector namespaces topologyKey namespaceSelector matchLabelKeys mismatchLabelKeys
    PodAntiAffinity requiredDuringSchedulingIgnoredDuringExecution
      preferredDuringSchedulingIgnoredDuringExecution
    PodCertificateProjection signerName keyType maxExpirationSeconds credentialBundlePath keyPath
      certificateChainPath userAnnotations
    PodCondition type 7:observedGeneration 2:status lastProbeTime lastTransitionTime reason message
    PodDNSConfig nameservers searches options
    PodDNSConfigOption name value
    PodExtendedResourceClaimStatus requestMappings resourceClaimName
    PodIP ip
    PodOS name
    PodReadinessGate conditionType
    PodResourceClaim name 3:resourceClaimName resourceClaimTemplateName
    PodResourceClaimStatus name resourceClaimName
    PodSchedulingGate name
    PodSchedulingGroup podGroupName
    PodSecurityContext seLinuxOptions 8:windowsOptions 2:runAsUser 6:runAsGroup 3:runAsNonRoot
      supplementalGroups 12:supplementalGroupsPolicy 5:fsGroup 7:sysctls 9:fsGroupChangePolicy seccompProfile
      appArmorProfile 13:seLinuxChangePolicy
    PodSpec volumes 20:initContainers 2:containers 34:ephemeralContainers 3:restartPolicy
      terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName
      serviceAccount 21:automountServiceAccountToken 10:nodeName hostNetwork hostPID hostIPC
      27:shareProcessNamespace 14:securityContext imagePullSecrets hostname subdomain affinity schedulerName
      22:tolerations hostAliases priorityClassName priority dnsConfig 28:readinessGates runtimeClassName
      enableServiceLinks preemptionPolicy overhead topologySpreadConstraints 35:setHostnameAsFQDN os hostUsers
      schedulingGates resourceClaims resources hostnameOverride 43:schedulingGroup
    PodStatus 17:observedGeneration 1:phase conditions message reason 11:nominatedNodeName 5:hostIP 16:hostIPs
      6:podIP 12:podIPs 7:startTime 10:initContainerStatuses 8:containerStatuses qosClass
      13:ephemeralContainerStatuses resize resourceClaimStatuses 18:extendedResourceClaimStatus
      allocatedResources resources nodeAllocatableResourceClaimStatuses
    PodTemplate metadata template
    PodTemplateSpec metadata spec
    PortStatus port protocol error
    PortworxVolumeSource volumeID fsType readOnly
    PreferredSchedulingTerm weight preference
    Probe .ProbeHandler initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold
      terminationGracePeriodSeconds
    ProbeHandler exec httpGet tcpSocket grpc
    ProjectedVolumeSource sources defaultMode
    QuobyteVolumeSource registry volume readOnly user group tenant
    RBDPersistentVolumeSource monitors image fsType pool user keyring secretRef readOnly
    RBDVolumeSource monitors image fsType pool user keyring secretRef readOnly
    ReplicationController metadata spec status
    ReplicationControllerCondition type status lastTransitionTime reason message
    ReplicationControllerSpec replicas 4:minReadySeconds 2:selector template
    ReplicationControllerStatus replicas fullyLabeledReplicas 4:readyReplicas availableReplicas
      3:observedGeneration 6:conditions
    ResourceClaim name request
    ResourceFieldSelector containerName resource divisor
    ResourceHealth resourceID health 6:message
    ResourceQuota metadata spec status
    ResourceQuotaSpec hard scopes scopeSelector
    ResourceQuotaStatus hard used
    ResourceRequirements limits requests claims
    ResourceStatus name resources
    SELinuxOptions user role type level
    ScaleIOPersistentVolumeSource gateway system secretRef sslEnabled protectionDomain storagePool storageMode
      volumeName fsType readOnly
    ScaleIOVolumeSource gateway system secretRef sslEnabled protectionDomain storagePool storageMode volumeName
      fsType readOnly
    ScopeSelector matchExpressions
    ScopedResourceSelectorRequirement scopeName operator values
    SeccompProfile type localhostProfile
    Secret metadata 5:immutable 2:data 4:stringData 3:type
    SecretEnvSource .LocalObjectReference optional
    SecretKeySelector .LocalObjectReference key optional
    SecretProjection .LocalObjectReference items 4:optional
    SecretReference name namespace
    SecretVolumeSource secretName items defaultMode optional
    SecurityContext capabilities privileged seLinuxOptions 10:windowsOptions 4:runAsUser 8:runAsGroup
      5:runAsNonRoot readOnlyRootFilesystem allowPrivilegeEscalation 9:procMount 11:seccompProfile
      appArmorProfile
    Service metadata spec status
    ServiceAccount metadata secrets imagePullSecrets automountServiceAccountToken
    ServiceAccountTokenProjection audience expirationSeconds path
    ServicePort name protocol 6:appProtocol 3:port targetPort nodePort
    ServiceSpec ports selector clusterIP 18:clusterIPs 4:type externalIPs 7:sessionAffinity loadBalancerIP
      loadBalancerSourceRanges externalName externalTrafficPolicy healthCheckNodePort publishNotReadyAddresses
      sessionAffinityConfig 19:ipFamilies 17:ipFamilyPolicy 20:allocateLoadBalancerNodePorts loadBalancerClass
      internalTrafficPolicy trafficDistribution
    ServiceStatus loadBalancer conditions
    SessionAffinityConfig clientIP
    SleepAction seconds
    StorageOSPersistentVolumeSource volumeName volumeNamespace fsType readOnly secretRef
    StorageOSVolumeSource volumeName volumeNamespace fsType readOnly secretRef
    Sysctl name value
    TCPSocketAction port host
    Taint key value effect timeAdded
    Toleration key operator value effect tolerationSeconds
    TopologySelectorLabelRequirement key values
    TopologySelectorTerm matchLabelExpressions
    TopologySpreadConstraint maxSkew topologyKey whenUnsatisfiable labelSelector minDomains nodeAffinityPolicy
      nodeTaintsPolicy matchLabelKeys
    TypedLocalObjectReference apiGroup kind name
    TypedObjectReference apiGroup kind name namespace
    Volume name .VolumeSource
    VolumeDevice name devicePath
    VolumeMount name readOnly 7:recursiveReadOnly 3:mountPath subPath mountPropagation subPathExpr
    VolumeMountStatus name mountPath readOnly recursiveReadOnly volumeStatus
    VolumeNodeAffinity required
    VolumeProjection secret downwardAPI configMap serviceAccountToken clusterTrustBundle podCertificate
    VolumeResourceRequirements limits requests
    VolumeSource hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi glusterfs
      persistentVolumeClaim rbd flexVolume cinder cephfs flocker downwardAPI fc azureFile configMap
      vsphereVolume quobyte azureDisk photonPersistentDisk 26:projected 24:portworxVolume scaleIO 27:storageos
      csi ephemeral image
    VolumeStatus image
    VsphereVirtualDiskVolumeSource volumePath fsType storagePolicyName storagePolicyID
    WeightedPodAffinityTerm weight podAffinityTerm
    WindowsSecurityContextOptions gmsaCredentialSpecName gmsaCredentialSpec runAsUserName hostProcess`,
  'apps.v1': `
    ControllerRevision metadata data revision
    DaemonSet metadata spec status
    DaemonSetCondition type status lastTransitionTime reason message
    DaemonSetSpec selector template updateStrategy minReadySeconds 6:revisionHistoryLimit
    DaemonSetStatus currentNumberScheduled numberMisscheduled desiredNumberScheduled numberReady
      observedGeneration updatedNumberScheduled numberAvailable numberUnavailable collisionCount conditions
    DaemonSetUpdateStrategy type rollingUpdate
    Deployment metadata spec status
    DeploymentCondition type status 6:lastUpdateTime lastTransitionTime 4:reason message
    DeploymentSpec replicas selector template strategy minReadySeconds revisionHistoryLimit paused
      9:progressDeadlineSeconds
    DeploymentStatus observedGeneration replicas updatedReplicas 7:readyReplicas 4:availableReplicas
      unavailableReplicas 9:terminatingReplicas 6:conditions 8:collisionCount
    DeploymentStrategy type rollingUpdate
    ReplicaSet metadata spec status
    ReplicaSetCondition type status lastTransitionTime reason message
    ReplicaSetSpec replicas 4:minReadySeconds 2:selector template
    ReplicaSetStatus replicas fullyLabeledReplicas 4:readyReplicas availableReplicas 7:terminatingReplicas
      3:observedGeneration 6:conditions
    RollingUpdateDaemonSet maxUnavailable maxSurge
    RollingUpdateDeployment maxUnavailable maxSurge
    RollingUpdateStatefulSetStrategy partition maxUnavailable
    StatefulSet metadata spec status
    StatefulSetCondition type status lastTransitionTime reason message
    StatefulSetOrdinals start
    StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted whenScaled
    StatefulSetSpec replicas selector template volumeClaimTemplates serviceName podManagementPolicy
      updateStrategy revisionHistoryLimit minReadySeconds persistentVolumeClaimRetentionPolicy ordinals
    StatefulSetStatus observedGeneration replicas readyReplicas currentReplicas updatedReplicas currentRevision
      updateRevision 9:collisionCount conditions availableReplicas
    StatefulSetUpdateStrategy type rollingUpdate`,
  'batch.v1': `
    CronJob metadata spec status
    CronJobSpec schedule 8:timeZone 2:startingDeadlineSeconds concurrencyPolicy suspend jobTemplate
      successfulJobsHistoryLimit failedJobsHistoryLimit
    CronJobStatus active 4:lastScheduleTime lastSuccessfulTime
    Job metadata spec status
    JobCondition type status lastProbeTime lastTransitionTime reason message
    JobSpec parallelism completions activeDeadlineSeconds 11:podFailurePolicy 16:successPolicy 7:backoffLimit
      12:backoffLimitPerIndex maxFailedIndexes 4:selector manualSelector template 8:ttlSecondsAfterFinished
      completionMode suspend 14:podReplacementPolicy managedBy
    JobStatus conditions startTime completionTime active succeeded failed 11:terminating 7:completedIndexes
      10:failedIndexes 8:uncountedTerminatedPods ready
    JobTemplateSpec metadata spec
    PodFailurePolicy rules
    PodFailurePolicyOnExitCodesRequirement containerName operator values
    PodFailurePolicyOnPodConditionsPattern type status
    PodFailurePolicyRule action onExitCodes onPodConditions
    SuccessPolicy rules
    SuccessPolicyRule succeededIndexes succeededCount
    UncountedTerminatedPods succeeded failed`,
  'autoscaling.v1': `
    CrossVersionObjectReference kind name apiVersion
    HorizontalPodAutoscaler metadata spec status
    HorizontalPodAutoscalerSpec scaleTargetRef minReplicas maxReplicas targetCPUUtilizationPercentage
    HorizontalPodAutoscalerStatus observedGeneration lastScaleTime currentReplicas desiredReplicas
      currentCPUUtilizationPercentage
    Scale metadata spec status
    ScaleSpec replicas
    ScaleStatus replicas selector`,
  'autoscaling.v2': `
    ContainerResourceMetricSource name target container
    ContainerResourceMetricStatus name current container
    CrossVersionObjectReference kind name apiVersion
    ExternalMetricSource metric target
    ExternalMetricStatus metric current
    HPAScalingPolicy type value periodSeconds
    HPAScalingRules 3:stabilizationWindowSeconds 1:selectPolicy policies 4:tolerance
    HorizontalPodAutoscaler metadata spec status
    HorizontalPodAutoscalerBehavior scaleUp scaleDown
    HorizontalPodAutoscalerCondition type status lastTransitionTime reason message
    HorizontalPodAutoscalerSpec scaleTargetRef minReplicas maxReplicas metrics behavior
    HorizontalPodAutoscalerStatus observedGeneration lastScaleTime currentReplicas desiredReplicas
      currentMetrics conditions
    MetricIdentifier name selector
    MetricSpec type object pods resource 7:containerResource 5:external
    MetricStatus type object pods resource 7:containerResource 5:external
    MetricTarget type value averageValue averageUtilization
    MetricValueStatus value averageValue averageUtilization
    ObjectMetricSource describedObject target metric
    ObjectMetricStatus metric current describedObject
    PodsMetricSource metric target
    PodsMetricStatus metric current
    ResourceMetricSource name target
    ResourceMetricStatus name current`,
  'networking.v1': `
    HTTPIngressPath path 3:pathType 2:backend
    HTTPIngressRuleValue paths
    IPAddress metadata spec
    IPAddressSpec parentRef
    IPBlock cidr except
    Ingress metadata spec status
    IngressBackend 4:service 3:resource
    IngressClass metadata spec
    IngressClassParametersReference apiGroup kind name scope namespace
    IngressClassSpec controller parameters
    IngressLoadBalancerIngress ip hostname 4:ports
    IngressLoadBalancerStatus ingress
    IngressPortStatus port protocol error
    IngressRule host .IngressRuleValue
    IngressRuleValue http
    IngressServiceBackend name port
    IngressSpec 4:ingressClassName 1:defaultBackend tls rules
    IngressStatus loadBalancer
    IngressTLS hosts secretName
    NetworkPolicy metadata spec
    NetworkPolicyEgressRule ports to
    NetworkPolicyIngressRule ports from
    NetworkPolicyPeer podSelector namespaceSelector ipBlock
    NetworkPolicyPort protocol port endPort
    NetworkPolicySpec podSelector ingress egress policyTypes
    ParentReference group resource namespace name
    ServiceBackendPort name number
    ServiceCIDR metadata spec status
    ServiceCIDRSpec cidrs
    ServiceCIDRStatus conditions`,
  'policy.v1': `
    Eviction metadata deleteOptions
    PodDisruptionBudget metadata spec status
    PodDisruptionBudgetSpec minAvailable selector maxUnavailable unhealthyPodEvictionPolicy
    PodDisruptionBudgetStatus observedGeneration disruptedPods disruptionsAllowed currentHealthy desiredHealthy
      expectedPods conditions`,
  'rbac.v1': `
    AggregationRule clusterRoleSelectors
    ClusterRole metadata rules aggregationRule
    ClusterRoleBinding metadata subjects roleRef
    PolicyRule verbs apiGroups resources resourceNames nonResourceURLs
    Role metadata rules
    RoleBinding metadata subjects roleRef
    RoleRef apiGroup kind name
    Subject kind apiGroup name namespace`,
  'storage.v1': `
    CSIDriver metadata spec
    CSIDriverSpec attachRequired podInfoOnMount volumeLifecycleModes storageCapacity fsGroupPolicy
      tokenRequests requiresRepublish seLinuxMount nodeAllocatableUpdatePeriodSeconds
      serviceAccountTokenInSecrets preventPodSchedulingIfMissing
    CSINode metadata spec
    CSINodeDriver name nodeID topologyKeys allocatable
    CSINodeSpec drivers
    CSIStorageCapacity metadata nodeTopology storageClassName capacity maximumVolumeSize
    StorageClass metadata provisioner parameters reclaimPolicy mountOptions allowVolumeExpansion
      volumeBindingMode allowedTopologies
    TokenRequest audience expirationSeconds
    VolumeAttachment metadata spec status
    VolumeAttachmentSource persistentVolumeName inlineVolumeSpec
    VolumeAttachmentSpec attacher source nodeName
    VolumeAttachmentStatus attached attachmentMetadata attachError detachError
    VolumeAttributesClass metadata driverName parameters
    VolumeError time message errorCode
    VolumeNodeResources count`,
  'scheduling.v1': `
    PriorityClass metadata value globalDefault description preemptionPolicy`,
  'coordination.v1': `
    Lease metadata spec
    LeaseSpec holderIdentity leaseDurationSeconds acquireTime renewTime leaseTransitions strategy
      preferredHolder`,
  'node.v1': `
    Overhead podFixed
    RuntimeClass metadata handler overhead scheduling
    Scheduling nodeSelector tolerations`,
  'discovery.v1': `
    Endpoint addresses conditions hostname targetRef deprecatedTopology nodeName zone hints
    EndpointConditions ready serving terminating
    EndpointHints forZones forNodes
    EndpointPort name protocol port appProtocol
    EndpointSlice metadata 4:addressType 2:endpoints ports
    ForNode name
    ForZone name`,
  'events.v1': `
    Event metadata eventTime series reportingController reportingInstance action reason regarding related note
      type deprecatedSource deprecatedFirstTimestamp deprecatedLastTimestamp deprecatedCount
    EventSeries count lastObservedTime`,
  'flowcontrol.v1': `
    ExemptPriorityLevelConfiguration nominalConcurrencyShares lendablePercent
    FlowDistinguisherMethod type
    FlowSchema metadata spec status
    FlowSchemaCondition type status lastTransitionTime reason message
    FlowSchemaSpec priorityLevelConfiguration matchingPrecedence distinguisherMethod rules
    FlowSchemaStatus conditions
    GroupSubject name
    LimitResponse type queuing
    LimitedPriorityLevelConfiguration nominalConcurrencyShares limitResponse lendablePercent
      borrowingLimitPercent
    NonResourcePolicyRule verbs 6:nonResourceURLs
    PolicyRulesWithSubjects subjects resourceRules nonResourceRules
    PriorityLevelConfiguration metadata spec status
    PriorityLevelConfigurationCondition type status lastTransitionTime reason message
    PriorityLevelConfigurationReference name
    PriorityLevelConfigurationSpec type limited exempt
    PriorityLevelConfigurationStatus conditions
    QueuingConfiguration queues handSize queueLengthLimit
    ResourcePolicyRule verbs apiGroups resources clusterScope namespaces
    ServiceAccountSubject namespace name
    Subject kind user group serviceAccount
    UserSubject name`,
  'certificates.v1': `
    CertificateSigningRequest metadata spec status
    CertificateSigningRequestCondition type 6:status 2:reason message lastUpdateTime lastTransitionTime
    CertificateSigningRequestSpec request 7:signerName expirationSeconds 5:usages 2:username uid groups 6:extra
    CertificateSigningRequestStatus conditions certificate`,
  'authentication.v1': `
    BoundObjectReference kind apiVersion name uid
    SelfSubjectReview metadata status
    SelfSubjectReviewStatus userInfo
    TokenRequest metadata spec status
    TokenRequestSpec audiences 4:expirationSeconds 3:boundObjectRef
    TokenRequestStatus token expirationTimestamp
    TokenReview metadata spec status
    TokenReviewSpec token audiences
    TokenReviewStatus authenticated user 4:audiences 3:error
    UserInfo username uid groups extra`,
  'authorization.v1': `
    FieldSelectorAttributes rawSelector requirements
    LabelSelectorAttributes rawSelector requirements
    LocalSubjectAccessReview metadata spec status
    NonResourceAttributes path verb
    NonResourceRule verbs nonResourceURLs
    ResourceAttributes namespace verb group version resource subresource name fieldSelector labelSelector
    ResourceRule verbs apiGroups resources resourceNames
    SelfSubjectAccessReview metadata spec status
    SelfSubjectAccessReviewSpec resourceAttributes nonResourceAttributes
    SelfSubjectRulesReview metadata spec status
    SelfSubjectRulesReviewSpec namespace
    SubjectAccessReview metadata spec status
    SubjectAccessReviewSpec resourceAttributes nonResourceAttributes user groups extra uid
    SubjectAccessReviewStatus allowed 4:denied 2:reason evaluationError
    SubjectRulesReviewStatus resourceRules nonResourceRules incomplete evaluationError`,
  'admissionregistration.v1': `
    ApplyConfiguration expression
    AuditAnnotation key valueExpression
    ExpressionWarning 2:fieldRef warning
    JSONPatch expression
    MatchCondition name expression
    MatchResources namespaceSelector objectSelector resourceRules excludeResourceRules 7:matchPolicy
    MutatingAdmissionPolicy metadata spec
    MutatingAdmissionPolicyBinding metadata spec
    MutatingAdmissionPolicyBindingSpec policyName paramRef matchResources
    MutatingAdmissionPolicySpec paramKind matchConstraints variables mutations failurePolicy matchConditions
      reinvocationPolicy
    MutatingWebhook name clientConfig rules failurePolicy 9:matchPolicy 5:namespaceSelector 11:objectSelector
      6:sideEffects timeoutSeconds admissionReviewVersions 10:reinvocationPolicy 12:matchConditions
    MutatingWebhookConfiguration metadata webhooks
    Mutation 2:patchType applyConfiguration jsonPatch
    NamedRuleWithOperations resourceNames .RuleWithOperations
    ParamKind apiVersion kind
    ParamRef name namespace selector parameterNotFoundAction
    Rule apiGroups apiVersions resources scope
    RuleWithOperations operations .Rule
    ServiceReference namespace name path port
    TypeChecking expressionWarnings
    ValidatingAdmissionPolicy metadata spec status
    ValidatingAdmissionPolicyBinding metadata spec
    ValidatingAdmissionPolicyBindingSpec policyName paramRef matchResources validationActions
    ValidatingAdmissionPolicySpec paramKind matchConstraints validations failurePolicy auditAnnotations
      matchConditions variables
    ValidatingAdmissionPolicyStatus observedGeneration typeChecking conditions
    ValidatingWebhook name clientConfig rules failurePolicy 9:matchPolicy 5:namespaceSelector 10:objectSelector
      6:sideEffects timeoutSeconds admissionReviewVersions 11:matchConditions
    ValidatingWebhookConfiguration metadata webhooks
    Validation expression message reason messageExpression
    Variable name expression
    WebhookClientConfig 3:url 1:service caBundle`,
  'meta.v1': `
    APIGroup name versions preferredVersion serverAddressByClientCIDRs
    APIGroupList groups
    APIResource name 6:singularName 2:namespaced 8:group version 3:kind verbs shortNames 7:categories
      10:storageVersionHash
    APIResourceList groupVersion resources
    APIVersions versions serverAddressByClientCIDRs
    Condition type status observedGeneration lastTransitionTime reason message
    DeleteOptions gracePeriodSeconds preconditions orphanDependents propagationPolicy dryRun
      ignoreStoreReadErrorWithClusterBreakingPotential
    GroupResource group resource
    GroupVersionForDiscovery groupVersion version
    LabelSelector matchLabels matchExpressions
    LabelSelectorRequirement key operator values
    ListMeta selfLink resourceVersion continue remainingItemCount shardInfo
    ManagedFieldsEntry manager operation apiVersion time 6:fieldsType fieldsV1 subresource
    ObjectMeta name generateName namespace selfLink uid resourceVersion generation creationTimestamp
      deletionTimestamp deletionGracePeriodSeconds labels annotations ownerReferences finalizers
      17:managedFields
    OwnerReference 5:apiVersion 1:kind 3:name uid 6:controller blockOwnerDeletion
    Preconditions uid resourceVersion
    ServerAddressByClientCIDR clientCIDR serverAddress
    ShardInfo selector
    Status metadata status message reason details code
    StatusCause reason message field
    StatusDetails name group kind 6:uid 4:causes retryAfterSeconds
    WatchEvent type object`,
  'apiextensions.v1': `
    CustomResourceColumnDefinition name type format description priority jsonPath
    CustomResourceConversion strategy webhook
    CustomResourceDefinition metadata spec status
    CustomResourceDefinitionCondition type status lastTransitionTime reason message observedGeneration
    CustomResourceDefinitionNames plural singular shortNames kind listKind categories
    CustomResourceDefinitionSpec group 3:names scope 7:versions 9:conversion preserveUnknownFields
    CustomResourceDefinitionStatus conditions acceptedNames storedVersions observedGeneration
    CustomResourceDefinitionVersion name served storage 7:deprecated deprecationWarning 4:schema subresources
      additionalPrinterColumns 9:selectableFields
    CustomResourceSubresourceScale specReplicasPath statusReplicasPath labelSelectorPath
    CustomResourceSubresources status scale
    ExternalDocumentation description url
    JSONSchemaProps id $schema $ref description type format title default maximum exclusiveMaximum minimum
      exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems multipleOf enum maxProperties
      minProperties required items allOf oneOf anyOf not properties additionalProperties patternProperties
      dependencies additionalItems definitions externalDocs example nullable
      x-kubernetes-preserve-unknown-fields x-kubernetes-embedded-resource x-kubernetes-int-or-string
      x-kubernetes-list-map-keys x-kubernetes-list-type x-kubernetes-map-type x-kubernetes-validations
    ServiceReference namespace name path port
    ValidationRule rule message messageExpression reason fieldPath optionalOldSelf
    WebhookClientConfig 3:url 1:service caBundle
    WebhookConversion 2:clientConfig conversionReviewVersions`,
  'apiregistration.v1': `
    APIService metadata spec status
    APIServiceCondition type status lastTransitionTime reason message
    APIServiceSpec service group version insecureSkipTLSVerify caBundle 7:groupPriorityMinimum versionPriority
    ServiceReference namespace name port`,
  'resource.v1': `
    AllocatedDeviceStatus driver pool device 7:shareID 4:conditions data networkData
    AllocationResult devices 3:nodeSelector 5:allocationTimestamp
    CapacityRequestPolicy default 3:validValues validRange
    CapacityRequestPolicyRange min max step
    CounterSet name counters
    Device name attributes capacity consumesCounters nodeName nodeSelector allNodes taints bindsToNode
      bindingConditions bindingFailureConditions allowMultipleAllocations
    DeviceAllocationConfiguration source requests .DeviceConfiguration
    DeviceAllocationResult results config
    DeviceAttribute 2:int bool string version ints bools strings versions
    DeviceCapacity value requestPolicy
    DeviceClaim requests constraints config
    DeviceClaimConfiguration requests .DeviceConfiguration
    DeviceClass metadata spec
    DeviceClassSpec selectors config 4:extendedResourceName
    DeviceConfiguration opaque
    DeviceConstraint requests matchAttribute distinctAttribute
    DeviceCounterConsumption counterSet counters
    DeviceRequest name exactly firstAvailable
    DeviceRequestAllocationResult request driver pool device adminAccess tolerations bindingConditions
      bindingFailureConditions shareID consumedCapacity
    DeviceSubRequest name deviceClassName selectors allocationMode count tolerations capacity
    DeviceTaint key value effect timeAdded
    DeviceToleration key operator value effect tolerationSeconds
    ExactDeviceRequest deviceClassName selectors allocationMode count adminAccess tolerations capacity
    NetworkDeviceData interfaceName ips hardwareAddress
    OpaqueDeviceConfiguration driver parameters
    ResourceClaim metadata spec status
    ResourceClaimConsumerReference apiGroup 3:resource name uid
    ResourceClaimStatus allocation reservedFor 4:devices
    ResourceClaimTemplate metadata spec
    ResourceClaimTemplateSpec metadata spec
    ResourcePool name generation resourceSliceCount
    ResourceSlice metadata spec
    ResourceSliceSpec driver pool nodeName nodeSelector allNodes devices perDeviceNodeSelection sharedCounters`,
};

/** A field of a message: its name in JSON, or the embedded message whose fields stand here. */
type MessageField = { readonly name: string } | { readonly embedded: string };
/** The fields of a message by number, in the order of Go's structure. */
type Message = ReadonlyMap<number, MessageField>;

const parsed = new Map<string, ReadonlyMap<string, Message>>();

/**
 * The fields of the message "PodSpec" of the package "core.v1" by number, in the order of the structure; undefined if
 * the table has none.
 */
export function fieldsOfMessage(packageName: string, name: string): Message | undefined {
  if (!Object.hasOwn(MESSAGES, packageName)) return undefined;
  let messages = parsed.get(packageName);
  if (messages === undefined) {
    messages = new Map(
      MESSAGES[packageName]!.split(/\n {4}(?! )/)
        .slice(1)
        .map(messageOf),
    );
    parsed.set(packageName, messages);
  }
  return messages.get(name);
}

/** The names that the fields have in JSON, in the order of the structure; undefined for a message that is not there. */
export function fieldOrder(packageName: string, name: string): readonly string[] | undefined {
  const fields = fieldsOfMessage(packageName, name);
  return fields && [...fields.values()].flatMap((field) => namesOf(packageName, field));
}

function namesOf(packageName: string, field: MessageField): readonly string[] {
  return 'name' in field ? [field.name] : fieldOrder(packageName, field.embedded)!;
}

function messageOf(text: string): [name: string, Message] {
  const [name = '', ...words] = text.trim().split(/\s+/);
  const fields = new Map<number, MessageField>();
  let last = 0;
  for (const word of words) {
    const [number, field = number!] = word.split(':') as [string, string?];
    last = field === number ? last + 1 : Number(number);
    fields.set(last, field.startsWith('.') ? { embedded: field.slice(1) } : { name: field });
  }
  return [name, fields];
}
