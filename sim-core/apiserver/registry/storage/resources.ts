import { AGE, column } from '../../printers/columns.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { forbidden, notSupported, required } from '../../../apimachinery/validation/field-error.ts';
import { validateImmutableField } from '../../../apimachinery/validation/object-meta.ts';
import { semanticEqual } from '../../../apimachinery/copy.ts';
import { nullTimes } from '../core/defaults/always-present.ts';
import { statusOnly } from '../generation.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('storage.k8s.io', 'v1', 'io.k8s.api.storage.v1');
const schema = (kind: string, field: string) => ({ of: `io.k8s.api.storage.v1.${kind}`, field });
const BINDING_MODES = ['Immediate', 'WaitForFirstConsumer'];
const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

/** Models pkg/apis/storage/validation ValidateStorageClass. */
function validateClass(object: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  if (!object.provisioner) errors.push(required('provisioner'));
  if (!['Delete', 'Retain'].includes(object.reclaimPolicy)) {
    errors.push(notSupported('reclaimPolicy', object.reclaimPolicy, ['Delete', 'Retain']));
  }
  if (!BINDING_MODES.includes(object.volumeBindingMode)) {
    errors.push(notSupported('volumeBindingMode', object.volumeBindingMode, BINDING_MODES));
  }
  return errors;
}

const text = (value: unknown) => String(value ?? false);

/** Models pkg/registry/storage. */
export const storageResources: readonly ResourceDefinition[] = [
  row({
    kind: 'CSIDriver',
    resource: 'csidrivers',
    namespaced: false,
    strategy: {
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
    },
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
    strategy: {
      fillDefaults(object) {
        object.spec ??= {};
        object.spec.drivers ??= null;
      },
      allowUnconditionalUpdate: false,
    },
    columns: [
      column(
        'Drivers',
        'integer',
        schema('CSINodeSpec', 'drivers'),
        ({ spec }) => (spec?.drivers ?? []).length,
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
    strategy: {
      fillDefaults(object) {
        object.reclaimPolicy ??= 'Delete';
        object.volumeBindingMode ??= 'Immediate';
      },
      validate: validateClass,
      validateUpdate: (object, old) => [
        ...validateClass(object),
        ...(semanticEqual(object.parameters, old.parameters)
          ? []
          : [forbidden('parameters', 'updates to parameters are forbidden.')]),
        ...(object.provisioner === old.provisioner
          ? []
          : [forbidden('provisioner', 'updates to provisioner are forbidden.')]),
        ...(object.reclaimPolicy === old.reclaimPolicy
          ? []
          : [forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.')]),
        ...validateImmutableField(object.volumeBindingMode, old.volumeBindingMode, 'volumeBindingMode'),
      ],
    },
    columns: [
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
    strategy: {
      fillDefaults(object) {
        object.spec ??= {};
        object.status ??= {};
        object.status.attached ??= false;
      },
      prepareForCreate(object) {
        object.status = { attached: false };
      },
      prepareForUpdate(object, old) {
        object.status = old.status;
      },
      allowUnconditionalUpdate: false,
    },
    status: statusOnly((object) => nullTimes(object.status?.conditions, [])),
    columns: [
      column(
        'Attacher',
        'string',
        schema('VolumeAttachmentSpec', 'attacher'),
        ({ spec }) => spec?.attacher ?? '',
      ),
      column(
        'PV',
        'string',
        schema('VolumeAttachmentSpec', 'source'),
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
];

/** True for the class that claims get which name none. */
export const isDefaultClass = (object: KubeObject) =>
  text(object.metadata.annotations?.[DEFAULT_CLASS]) === 'true';
