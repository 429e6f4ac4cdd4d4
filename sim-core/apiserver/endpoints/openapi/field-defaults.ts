import type { Json } from '../../../apimachinery/object.ts';

/** Fields that upstream's types mark with +default, or whose reference to another object may have an empty name. */
const FIELDS: readonly (readonly [value: Json, ...fields: string[]])[] = [
  [
    '',
    'batch.v1.PodFailurePolicyOnPodConditionsPattern.status',
    'core.v1.ConfigMapEnvSource.name',
    'core.v1.ConfigMapKeySelector.name',
    'core.v1.ConfigMapProjection.name',
    'core.v1.ConfigMapVolumeSource.name',
    'core.v1.GRPCAction.service',
    'core.v1.HostAlias.ip',
    'core.v1.HostIP.ip',
    'core.v1.LocalObjectReference.name',
    'core.v1.PodIP.ip',
    'core.v1.SecretEnvSource.name',
    'core.v1.SecretKeySelector.name',
    'core.v1.SecretProjection.name',
  ],
  [0, 'autoscaling.v1.ScaleSpec.replicas', 'core.v1.ReplicationControllerSpec.minReadySeconds'],
  [1, 'core.v1.ReplicationControllerSpec.replicas'],
  [false, 'core.v1.AzureDiskVolumeSource.readOnly', 'core.v1.FileKeySelector.optional'],
  ['ReadWrite', 'core.v1.AzureDiskVolumeSource.cachingMode'],
  ['Shared', 'core.v1.AzureDiskVolumeSource.kind'],
  [
    'ThinProvisioned',
    'core.v1.ScaleIOPersistentVolumeSource.storageMode',
    'core.v1.ScaleIOVolumeSource.storageMode',
  ],
  ['admin', 'core.v1.RBDPersistentVolumeSource.user', 'core.v1.RBDVolumeSource.user'],
  [
    'default',
    'core.v1.ISCSIPersistentVolumeSource.iscsiInterface',
    'core.v1.ISCSIVolumeSource.iscsiInterface',
  ],
  ['/etc/ceph/keyring', 'core.v1.RBDPersistentVolumeSource.keyring', 'core.v1.RBDVolumeSource.keyring'],
  ['ext4', 'core.v1.AzureDiskVolumeSource.fsType'],
  ['rbd', 'core.v1.RBDPersistentVolumeSource.pool', 'core.v1.RBDVolumeSource.pool'],
  ['xfs', 'core.v1.ScaleIOPersistentVolumeSource.fsType', 'core.v1.ScaleIOVolumeSource.fsType'],
];

/** Defaults that OpenAPI documents show, by "core.v1.RBDVolumeSource.pool". */
export const FIELD_DEFAULTS: ReadonlyMap<string, Json> = new Map(
  FIELDS.flatMap(([value, ...fields]) => fields.map((field) => [field, value] as const)),
);
