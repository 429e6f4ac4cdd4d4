import type { KubeObject } from '../../../apimachinery/object.ts';
import { AGE, column, NAME } from '../../printers/columns.ts';
import type { TableColumn } from '../rest/resource.ts';

const schema = (kind: string, field: string) => ({ of: `io.k8s.api.storage.v1.${kind}`, field });
const DEFAULT_CLASS = ['storageclass.kubernetes.io', 'storageclass.beta.kubernetes.io'].map(
  (prefix) => `${prefix}/is-default-class`,
);

/** "fast (default)". Models pkg/printers/internalversion printStorageClass. */
function classText({ metadata: { name = '', annotations = {} } }: KubeObject): string {
  return DEFAULT_CLASS.some((key) => annotations[key] === 'true') ? `${name} (default)` : name;
}

export const csidrivers: readonly TableColumn[] = [
  column(
    'AttachRequired',
    'boolean',
    schema('CSIDriverSpec', 'attachRequired'),
    ({ spec }) => spec?.attachRequired ?? true,
  ),
  column(
    'PodInfoOnMount',
    'boolean',
    schema('CSIDriverSpec', 'podInfoOnMount'),
    ({ spec }) => spec?.podInfoOnMount ?? false,
  ),
  column(
    'StorageCapacity',
    'boolean',
    schema('CSIDriverSpec', 'storageCapacity'),
    ({ spec }) => spec?.storageCapacity ?? false,
  ),
  column(
    'TokenRequests',
    'string',
    schema('CSIDriverSpec', 'tokenRequests'),
    ({ spec }) =>
      (spec?.tokenRequests ?? [])
        .map(({ audience }: { audience?: string }) => audience || '<unset>')
        .join(',') || '<unset>',
  ),
  column(
    'RequiresRepublish',
    'boolean',
    schema('CSIDriverSpec', 'requiresRepublish'),
    ({ spec }) => spec?.requiresRepublish ?? false,
  ),
  column(
    'Modes',
    'string',
    schema('CSIDriverSpec', 'volumeLifecycleModes'),
    ({ spec }) => (spec?.volumeLifecycleModes ?? []).join(',') || '<none>',
  ),
  AGE,
];

export const csinodes: readonly TableColumn[] = [
  column(
    'Drivers',
    'integer',
    'Drivers indicates the number of CSI drivers registered on the node',
    ({ spec }) => (spec?.drivers ?? []).length,
  ),
  AGE,
];

export const storageclasses: readonly TableColumn[] = [
  { ...NAME, cell: classText },
  column(
    'Provisioner',
    'string',
    schema('StorageClass', 'provisioner'),
    (object) => object.provisioner ?? '',
  ),
  column(
    'ReclaimPolicy',
    'string',
    schema('StorageClass', 'reclaimPolicy'),
    (object) => object.reclaimPolicy ?? 'Delete',
  ),
  column(
    'VolumeBindingMode',
    'string',
    schema('StorageClass', 'volumeBindingMode'),
    (object) => object.volumeBindingMode ?? '<unset>',
  ),
  column(
    'AllowVolumeExpansion',
    'string',
    schema('StorageClass', 'allowVolumeExpansion'),
    (object) => object.allowVolumeExpansion ?? false,
  ),
  AGE,
];

export const volumeattachments: readonly TableColumn[] = [
  {
    ...column(
      'Attacher',
      'string',
      schema('VolumeAttachmentSpec', 'attacher'),
      ({ spec }) => spec?.attacher ?? '',
    ),
    format: 'name',
  },
  column(
    'PV',
    'string',
    'persistentVolumeName represents the name of the persistent volume to attach.',
    ({ spec }) => spec?.source?.persistentVolumeName ?? '',
  ),
  column('Node', 'string', schema('VolumeAttachmentSpec', 'nodeName'), ({ spec }) => spec?.nodeName ?? ''),
  column(
    'Attached',
    'boolean',
    schema('VolumeAttachmentStatus', 'attached'),
    ({ status }) => status?.attached ?? false,
  ),
  AGE,
];

export const volumeattributesclasses: readonly TableColumn[] = [
  column(
    'DriverName',
    'string',
    schema('VolumeAttributesClass', 'driverName'),
    (object) => object.driverName ?? '',
  ),
  AGE,
];
