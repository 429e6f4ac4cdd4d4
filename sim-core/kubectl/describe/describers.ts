import type { KubeObject } from '../../apimachinery/object.ts';
import type { Invocation } from '../invocation.ts';
import { describeHorizontalPodAutoscaler } from './autoscaler.ts';
import { describeCertificateSigningRequest } from './certificate-signing-request.ts';
import { describeConfigMap, describeSecret, describeServiceAccount } from './configuration.ts';
import { describeEndpoints, describeEndpointSlice } from './endpoints.ts';
import { describeIngress, describeIngressClass } from './ingress.ts';
import { describeCronJob, describeJob } from './jobs.ts';
import { describeLimitRange, describeNamespace, describeQuota } from './limits.ts';
import { describeNetworkPolicy } from './network-policy.ts';
import { describeNode } from './node.ts';
import { describePod } from './pod.ts';
import { describePodDisruptionBudget, describePriorityClass, describeServiceCidr } from './policies.ts';
import { describeRole, describeRoleBinding } from './rbac.ts';
import { describeService } from './service.ts';
import { describeCsiNode, describePersistentVolume, describeStorageClass } from './storage.ts';
import { describePersistentVolumeClaim } from './volume-claim.ts';
import {
  describeDaemonSet,
  describeDeployment,
  describeReplicaSet,
  describeReplicationController,
  describeStatefulSet,
} from './workloads.ts';
import type { DescribeWriter } from './writer.ts';

/** Writes what describe says of an object, without its events. */
type Describer = (object: KubeObject, writer: DescribeWriter, invocation: Invocation) => void | Promise<void>;

export interface DescriberEntry {
  readonly describe: Describer;
  readonly withEvents: boolean;
}

const withEvents = (describe: Describer): DescriberEntry => ({ describe, withEvents: true });
const alone = (describe: Describer): DescriberEntry => ({ describe, withEvents: false });

/** By group and kind: "/Pod", "apps/Deployment". Models pkg/describe describerMap. */
export const DESCRIBERS: Readonly<Record<string, DescriberEntry>> = {
  '/ConfigMap': withEvents(describeConfigMap),
  '/Endpoints': withEvents(describeEndpoints),
  '/LimitRange': alone(describeLimitRange),
  '/Namespace': alone(describeNamespace),
  '/Node': withEvents(describeNode),
  '/PersistentVolume': withEvents(describePersistentVolume),
  '/PersistentVolumeClaim': withEvents(describePersistentVolumeClaim),
  '/Pod': withEvents(describePod),
  '/ReplicationController': withEvents(describeReplicationController),
  '/ResourceQuota': alone(describeQuota),
  '/Secret': alone(describeSecret),
  '/Service': withEvents(describeService),
  '/ServiceAccount': withEvents(describeServiceAccount),
  'apps/DaemonSet': withEvents(describeDaemonSet),
  'apps/Deployment': withEvents(describeDeployment),
  'apps/ReplicaSet': withEvents(describeReplicaSet),
  'apps/StatefulSet': withEvents(describeStatefulSet),
  'autoscaling/HorizontalPodAutoscaler': withEvents(describeHorizontalPodAutoscaler),
  'batch/CronJob': withEvents(describeCronJob),
  'batch/Job': withEvents(describeJob),
  'certificates.k8s.io/CertificateSigningRequest': withEvents(describeCertificateSigningRequest),
  'discovery.k8s.io/EndpointSlice': withEvents(describeEndpointSlice),
  'networking.k8s.io/Ingress': withEvents(describeIngress),
  'networking.k8s.io/IngressClass': withEvents(describeIngressClass),
  'networking.k8s.io/NetworkPolicy': alone(describeNetworkPolicy),
  'networking.k8s.io/ServiceCIDR': withEvents(describeServiceCidr),
  'policy/PodDisruptionBudget': withEvents(describePodDisruptionBudget),
  'rbac.authorization.k8s.io/ClusterRole': alone(describeRole),
  'rbac.authorization.k8s.io/ClusterRoleBinding': alone(describeRoleBinding),
  'rbac.authorization.k8s.io/Role': alone(describeRole),
  'rbac.authorization.k8s.io/RoleBinding': alone(describeRoleBinding),
  'scheduling.k8s.io/PriorityClass': withEvents(describePriorityClass),
  'storage.k8s.io/CSINode': withEvents(describeCsiNode),
  'storage.k8s.io/StorageClass': withEvents(describeStorageClass),
};
