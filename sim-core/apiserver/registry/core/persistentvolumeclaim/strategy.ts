import { deepCopy, semanticEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { forbidden, required } from '../../../../apimachinery/validation/field-error.ts';
import { validateLabelSelector } from '../../../../apimachinery/validation/labels.ts';
import { AGE, column, wideColumn } from '../../../printers/columns.ts';
import { statusOnly } from '../../generation.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { accessModesText, validateAccessModes } from '../persistentvolume/strategy.ts';
import { validatePositiveQuantity } from '../validation/resources.ts';

/** Models SetDefaults_PersistentVolumeClaim. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  object.status.phase ??= 'Pending';
  object.spec.resources ??= {};
  object.spec.volumeMode ??= 'Filesystem';
}

/** Models ValidatePersistentVolumeClaimSpec. */
function validate({ spec }: KubeObject): FieldError[] {
  const errors = [
    ...validateLabelSelector(spec.selector, 'spec.selector'),
    ...validateAccessModes(spec.accessModes, 'spec.accessModes'),
  ];
  const storage = spec.resources.requests?.storage;
  if (storage === undefined) errors.push(required('spec.resources[storage]'));
  else errors.push(...validatePositiveQuantity(storage, 'spec.resources[storage]'));
  return errors;
}

/** Only what is asked for may grow, and the binder names the volume. Models ValidatePersistentVolumeClaimUpdate. */
function validateUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  const munged = deepCopy(object.spec);
  if (!old.spec.volumeName && munged.volumeName) delete munged.volumeName;
  if (old.spec.storageClassName === undefined) delete munged.storageClassName;
  if (old.status?.phase === 'Bound') munged.resources = old.spec.resources;
  const before = deepCopy(old.spec);
  if (!before.volumeName) delete before.volumeName;
  return [
    ...validate(object),
    ...(semanticEqual(munged, before)
      ? []
      : [
          forbidden(
            'spec',
            'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
          ),
        ]),
  ];
}

/** Models pkg/registry/core/persistentvolumeclaim/strategy.go. */
export const persistentVolumeClaimStrategy: Strategy = {
  fillDefaults,
  prepareForCreate(object) {
    object.status = { phase: 'Pending' };
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  validate,
  validateUpdate,
};

export const persistentVolumeClaimStatusStrategy: UpdateStrategy = statusOnly(fillDefaults);

const SPEC = 'io.k8s.api.core.v1.PersistentVolumeClaimSpec';
const STATUS = 'io.k8s.api.core.v1.PersistentVolumeClaimStatus';
const bound = ({ spec }: KubeObject) => Boolean(spec?.volumeName);

export const persistentVolumeClaimColumns: readonly TableColumn[] = [
  column('Status', 'string', { of: STATUS, field: 'phase' }, ({ metadata, status }) =>
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
  ),
  column('Volume', 'string', { of: SPEC, field: 'volumeName' }, ({ spec }) => spec?.volumeName ?? ''),
  column('Capacity', 'string', { of: STATUS, field: 'capacity' }, (object) =>
    bound(object) ? (object.status?.capacity?.storage ?? '') : '',
  ),
  column('Access Modes', 'string', { of: STATUS, field: 'accessModes' }, (object) =>
    bound(object) ? accessModesText(object.status?.accessModes) : '',
  ),
  column('StorageClass', 'string', 'StorageClass of the pvc', ({ spec }) => spec?.storageClassName ?? ''),
  AGE,
  wideColumn(
    'VolumeMode',
    'string',
    { of: SPEC, field: 'volumeMode' },
    ({ spec }) => spec?.volumeMode ?? '<unset>',
  ),
];
