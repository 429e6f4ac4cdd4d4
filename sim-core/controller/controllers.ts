import { type BuiltInResource, RESOURCES } from '../client-go/kubernetes/resources.ts';
import { RootCaCertPublisher } from './certificates/rootcacertpublisher/publisher.ts';
import type { Controller, ControllerContext } from './controller-context.ts';
import type { ControllerManagerConfig } from './controller-manager.ts';
import { ClusterRoleAggregationController } from './clusterroleaggregation/cluster-role-aggregation-controller.ts';
import { DaemonSetController } from './daemon/daemon-set-controller.ts';
import { DeploymentController } from './deployment/deployment-controller.ts';
import { EndpointsController } from './endpoint/endpoints-controller.ts';
import { EndpointSliceController } from './endpointslice/endpointslice-controller.ts';
import { EndpointSliceMirroringController } from './endpointslicemirroring/endpointslice-mirroring-controller.ts';
import { GarbageCollector } from './garbagecollector/garbage-collector.ts';
import { LazyController } from './lazy-controller.ts';
import { NamespaceController } from './namespace/namespace-controller.ts';
import { RangeAllocator } from './nodeipam/range-allocator.ts';
import { NodeLifecycleController } from './nodelifecycle/node-lifecycle-controller.ts';
import { PodGarbageCollector } from './podgc/gc-controller.ts';
import { REPLICATION_CONTROLLERS, ReplicaSetController } from './replicaset/replica-set-controller.ts';
import { ServiceAccountsController } from './serviceaccount/service-accounts-controller.ts';
import { TokensController } from './serviceaccount/tokens-controller.ts';
import { TaintEvictionController } from './tainteviction/taint-eviction-controller.ts';
import { TtlController } from './ttl/ttl-controller.ts';

/** A controller by its name in --controllers, and the service account that it works as; undefined: the manager's own user. */
export interface ControllerDescriptor {
  readonly name: string;
  readonly serviceAccount: string | undefined;
  start(context: ControllerContext, config: ControllerManagerConfig): Controller;
}

/** A controller that is fetched when there is something of `kinds` for it to do. */
const lazy = (
  name: string,
  serviceAccount: string,
  kinds: readonly BuiltInResource[],
  load: () => Promise<(context: ControllerContext) => Controller>,
): ControllerDescriptor => ({
  name,
  serviceAccount,
  start: (context) => new LazyController(context, kinds, load),
});

const REQUESTS = [RESOURCES.certificateSigningRequests];
const TOKEN_SECRETS = [RESOURCES.secrets];
const VOLUMES = [RESOURCES.persistentVolumes, RESOURCES.persistentVolumeClaims];

/** The controllers, in the order in which they start. Models NewControllerDescriptors. */
export const CONTROLLERS: readonly ControllerDescriptor[] = [
  {
    name: 'serviceaccount-token-controller',
    // It starts before there are tokens for anybody, so it works as the manager itself.
    serviceAccount: undefined,
    start: (context, { tokenSigner, rootCa }) =>
      new LazyController(context, tokenSigner === undefined ? [] : TOKEN_SECRETS, () =>
        Promise.resolve((own) => new TokensController(own, tokenSigner!, rootCa)),
      ),
  },
  {
    name: 'serviceaccount-controller',
    serviceAccount: 'service-account-controller',
    start: (context) => new ServiceAccountsController(context),
  },
  {
    name: 'root-ca-certificate-publisher-controller',
    serviceAccount: 'root-ca-cert-publisher',
    start: (context, { rootCa }) => new RootCaCertPublisher(context, rootCa),
  },
  {
    name: 'namespace-controller',
    serviceAccount: 'namespace-controller',
    start: (context) => new NamespaceController(context),
  },
  {
    name: 'endpoints-controller',
    serviceAccount: 'endpoint-controller',
    start: (context) => new EndpointsController(context),
  },
  {
    name: 'endpointslice-controller',
    serviceAccount: 'endpointslice-controller',
    start: (context) => new EndpointSliceController(context),
  },
  {
    name: 'endpointslice-mirroring-controller',
    serviceAccount: 'endpointslicemirroring-controller',
    start: (context) => new EndpointSliceMirroringController(context),
  },
  {
    name: 'pod-garbage-collector-controller',
    serviceAccount: 'pod-garbage-collector',
    start: (context) => new PodGarbageCollector(context),
  },
  {
    name: 'garbage-collector-controller',
    serviceAccount: 'generic-garbage-collector',
    start: (context) => new GarbageCollector(context),
  },
  lazy('ephemeral-volume-controller', 'ephemeral-volume-controller', [RESOURCES.pods], async () => {
    const { EphemeralVolumeController } = await import('./volume/ephemeral/ephemeral-volume-controller.ts');
    return (context) => new EphemeralVolumeController(context);
  }),
  lazy(
    'persistentvolume-expander-controller',
    'expand-controller',
    [RESOURCES.persistentVolumeClaims],
    async () => {
      const { ExpandController } = await import('./volume/expand/expand-controller.ts');
      return (context) => new ExpandController(context);
    },
  ),
  lazy('persistentvolume-binder-controller', 'persistent-volume-binder', VOLUMES, async () => {
    const { PersistentVolumeController } = await import('./volume/persistentvolume/pv-controller.ts');
    return (context) => new PersistentVolumeController(context);
  }),
  lazy(
    'persistentvolumeclaim-protection-controller',
    'pvc-protection-controller',
    [RESOURCES.persistentVolumeClaims],
    async () => {
      const { PvcProtectionController } = await import('./volume/pvcprotection/pvc-protection-controller.ts');
      return (context) => new PvcProtectionController(context);
    },
  ),
  lazy(
    'persistentvolume-protection-controller',
    'pv-protection-controller',
    [RESOURCES.persistentVolumes],
    async () => {
      const { PvProtectionController } = await import('./volume/pvprotection/pv-protection-controller.ts');
      return (context) => new PvProtectionController(context);
    },
  ),
  lazy('certificatesigningrequest-approving-controller', 'certificate-controller', REQUESTS, async () => {
    const { CsrApprovingController } = await import('./certificates/approver/approving-controller.ts');
    return (context) => new CsrApprovingController(context);
  }),
  {
    name: 'certificatesigningrequest-signing-controller',
    serviceAccount: 'certificate-controller',
    start: (context, { signer }) =>
      new LazyController(context, signer === undefined ? [] : REQUESTS, async () => {
        const { CsrSigningController } = await import('./certificates/signer/signing-controller.ts');
        return (own) => new CsrSigningController(own, signer!);
      }),
  },
  lazy('certificatesigningrequest-cleaner-controller', 'certificate-controller', REQUESTS, async () => {
    const { CsrCleanerController } = await import('./certificates/cleaner/cleaner-controller.ts');
    return (context) => new CsrCleanerController(context);
  }),
  lazy(
    'horizontal-pod-autoscaler-controller',
    'horizontal-pod-autoscaler',
    [RESOURCES.horizontalPodAutoscalers],
    async () => {
      const { HorizontalController } = await import('./podautoscaler/horizontal-controller.ts');
      return (context) => new HorizontalController(context);
    },
  ),
  lazy('resourcequota-controller', 'resourcequota-controller', [RESOURCES.resourceQuotas], async () => {
    const { ResourceQuotaController } = await import('./resourcequota/resource-quota-controller.ts');
    return (context) => new ResourceQuotaController(context);
  }),
  lazy('disruption-controller', 'disruption-controller', [RESOURCES.podDisruptionBudgets], async () => {
    const { DisruptionController } = await import('./disruption/disruption-controller.ts');
    return (context) => new DisruptionController(context);
  }),
  lazy('replicationcontroller-controller', 'replication-controller', [RESOURCES.replicationControllers], () =>
    Promise.resolve((context) => new ReplicaSetController(context, REPLICATION_CONTROLLERS)),
  ),
  lazy('job-controller', 'job-controller', [RESOURCES.jobs], async () => {
    const { JobController } = await import('./job/job-controller.ts');
    return (context) => new JobController(context);
  }),
  lazy('statefulset-controller', 'statefulset-controller', [RESOURCES.statefulSets], async () => {
    const { StatefulSetController } = await import('./statefulset/stateful-set-controller.ts');
    return (context) => new StatefulSetController(context);
  }),
  lazy('cronjob-controller', 'cronjob-controller', [RESOURCES.cronJobs], async () => {
    const { CronJobController } = await import('./cronjob/cron-job-controller.ts');
    return (context) => new CronJobController(context);
  }),
  lazy('ttl-after-finished-controller', 'ttl-after-finished-controller', [RESOURCES.jobs], async () => {
    const { TtlAfterFinishedController } =
      await import('./ttlafterfinished/ttl-after-finished-controller.ts');
    return (context) => new TtlAfterFinishedController(context);
  }),
  {
    name: 'daemonset-controller',
    serviceAccount: 'daemon-set-controller',
    start: (context) => new DaemonSetController(context),
  },
  {
    name: 'deployment-controller',
    serviceAccount: 'deployment-controller',
    start: (context) => new DeploymentController(context),
  },
  {
    name: 'replicaset-controller',
    serviceAccount: 'replicaset-controller',
    start: (context) => new ReplicaSetController(context),
  },
  {
    name: 'ttl-controller',
    serviceAccount: 'ttl-controller',
    start: (context) => new TtlController(context),
  },
  {
    name: 'clusterrole-aggregation-controller',
    serviceAccount: 'clusterrole-aggregation-controller',
    start: (context) => new ClusterRoleAggregationController(context),
  },
  {
    name: 'node-ipam-controller',
    serviceAccount: 'node-controller',
    start: (context, { clusterCidr }) => new RangeAllocator(context, clusterCidr),
  },
  {
    name: 'node-lifecycle-controller',
    serviceAccount: 'node-controller',
    start: (context) => new NodeLifecycleController(context),
  },
  {
    name: 'taint-eviction-controller',
    serviceAccount: 'node-controller',
    start: (context) => new TaintEvictionController(context),
  },
];
