import type { KubeObject } from '../../../apimachinery/object.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { lazyColumns } from '../lazy-columns.ts';
import { lazyStrategy, lazyUpdate } from '../lazy-strategy.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('storage.k8s.io', 'v1', 'io.k8s.api.storage.v1');
const columns = new LazyModule(() => import('./columns.ts'));
const module = new LazyModule(() => import('./validation.ts'));

function defaultAttachment(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  object.status.attached ??= false;
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
    columns: lazyColumns(columns, (loaded) => loaded.csidrivers),
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
    columns: lazyColumns(columns, (loaded) => loaded.csinodes),
  }),
  row({
    kind: 'CSIStorageCapacity',
    resource: 'csistoragecapacities',
    strategy: lazyStrategy(module, ({ csiStorageCapacity }) => csiStorageCapacity, {
      allowUnconditionalUpdate: false,
    }),
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
    columns: lazyColumns(columns, (loaded) => loaded.storageclasses),
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
    columns: lazyColumns(columns, (loaded) => loaded.volumeattachments),
  }),
  row({
    kind: 'VolumeAttributesClass',
    resource: 'volumeattributesclasses',
    shortNames: ['vac'],
    namespaced: false,
    strategy: lazyStrategy(module, ({ volumeAttributesClass }) => volumeAttributesClass, {}),
    columns: lazyColumns(columns, (loaded) => loaded.volumeattributesclasses),
  }),
];
