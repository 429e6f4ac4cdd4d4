import { AGE, column, NAME } from '../../printers/columns.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { lazyStrategy, lazyUpdate } from '../lazy-strategy.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('storage.k8s.io', 'v1', 'io.k8s.api.storage.v1');
const schema = (kind: string, field: string) => ({ of: `io.k8s.api.storage.v1.${kind}`, field });
const module = new LazyModule(() => import('./validation.ts'));

function defaultAttachment(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  object.status.attached ??= false;
}

const DEFAULT_CLASS = ['storageclass.kubernetes.io', 'storageclass.beta.kubernetes.io'].map(
  (prefix) => `${prefix}/is-default-class`,
);

/** "fast (default)". Models pkg/printers/internalversion printStorageClass. */
function classText({ metadata: { name = '', annotations = {} } }: KubeObject): string {
  return DEFAULT_CLASS.some((key) => annotations[key] === 'true') ? `${name} (default)` : name;
}

/** Models pkg/registry/storage. */
export const storageResources: readonly ResourceDefinition[] = [
  row({
    kind: 'CSIDriver',
    resource: 'csidrivers',
    namespaced: false,
    returnDeletedObject: true,
    strategy: lazyStrategy(module, ({ csiDriver }) => csiDriver, {
      fillDefaults(object) {
        const spec = (object.spec ??= {});
        spec.attachRequired ??= true;
        spec.podInfoOnMount ??= false;
        spec.storageCapacity ??= false;
        spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
        spec.volumeLifecycleModes ??= ['Persistent'];
        spec.requiresRepublish ??= false;
        spec.seLinuxMount ??= false;
      },
      allowUnconditionalUpdate: false,
    }),
    columns: [
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
    ],
  }),
  row({
    kind: 'CSINode',
    resource: 'csinodes',
    namespaced: false,
    returnDeletedObject: true,
    strategy: lazyStrategy(module, ({ csiNode }) => csiNode, {
      fillDefaults(object) {
        object.spec ??= {};
        if (!object.spec.drivers?.length) object.spec.drivers = null;
      },
      allowUnconditionalUpdate: false,
    }),
    columns: [
      column(
        'Drivers',
        'integer',
        'Drivers indicates the number of CSI drivers registered on the node',
        ({ spec }) => (spec?.drivers ?? []).length,
      ),
      AGE,
    ],
  }),
  row({
    kind: 'CSIStorageCapacity',
    resource: 'csistoragecapacities',
    strategy: lazyStrategy(module, ({ csiStorageCapacity }) => csiStorageCapacity, {
      allowUnconditionalUpdate: false,
    }),
    columns: [
      column(
        'StorageClassName',
        'string',
        schema('CSIStorageCapacity', 'storageClassName'),
        (object) => object.storageClassName ?? '',
      ),
      column(
        'Capacity',
        'string',
        schema('CSIStorageCapacity', 'capacity'),
        (object) => object.capacity ?? '<unset>',
      ),
      AGE,
    ],
  }),
  row({
    kind: 'StorageClass',
    resource: 'storageclasses',
    shortNames: ['sc'],
    namespaced: false,
    returnDeletedObject: true,
    strategy: lazyStrategy(module, ({ storageClass }) => storageClass, {
      fillDefaults(object) {
        object.reclaimPolicy ??= 'Delete';
        object.volumeBindingMode ??= 'Immediate';
      },
    }),
    columns: [
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
    ],
  }),
  row({
    kind: 'VolumeAttachment',
    resource: 'volumeattachments',
    namespaced: false,
    returnDeletedObject: true,
    strategy: lazyStrategy(module, (loaded) => loaded.volumeAttachment, {
      fillDefaults: defaultAttachment,
      allowUnconditionalUpdate: false,
    }),
    status: lazyUpdate(module, (loaded) => loaded.volumeAttachmentStatus, {
      fillDefaults: defaultAttachment,
      allowUnconditionalUpdate: false,
      resetFields: ['metadata', 'spec'],
    }),
    columns: [
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
      column(
        'Node',
        'string',
        schema('VolumeAttachmentSpec', 'nodeName'),
        ({ spec }) => spec?.nodeName ?? '',
      ),
      column(
        'Attached',
        'boolean',
        schema('VolumeAttachmentStatus', 'attached'),
        ({ status }) => status?.attached ?? false,
      ),
      AGE,
    ],
  }),
  row({
    kind: 'VolumeAttributesClass',
    resource: 'volumeattributesclasses',
    shortNames: ['vac'],
    namespaced: false,
    strategy: lazyStrategy(module, ({ volumeAttributesClass }) => volumeAttributesClass, {}),
    columns: [
      column(
        'DriverName',
        'string',
        schema('VolumeAttributesClass', 'driverName'),
        (object) => object.driverName ?? '',
      ),
      AGE,
    ],
  }),
];

/** True for the class that claims get which name none. */
