import type { PersistentVolumeSpec } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { forbidden, notSupported, required } from '../../../../apimachinery/validation/field-error.ts';
import { AGE, column, wideColumn } from '../../../printers/columns.ts';
import { statusOnly } from '../../generation.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { validatePositiveQuantity } from '../validation/resources.ts';
import { validatePathNoBacksteps } from '../validation/common.ts';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};
/** Fields of a volume's spec that are not where its bytes are. */
const NOT_SOURCES = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeMode',
  'volumeAttributesClassName',
]);

/** "RWO,ROX". Models storageutil.GetAccessModesAsString. */
export function accessModesText(modes: readonly string[] | undefined): string {
  const present = new Set(modes ?? []);
  return Object.keys(SHORT_MODES)
    .filter((mode) => present.has(mode))
    .map((mode) => SHORT_MODES[mode])
    .join(',');
}

export function validateAccessModes(modes: readonly string[] | undefined, field: string): FieldError[] {
  if (!modes?.length) return [required(field)];
  return modes.flatMap((mode) =>
    ACCESS_MODES.includes(mode) ? [] : [notSupported(field, mode, ACCESS_MODES)],
  );
}

/** Models SetDefaults_PersistentVolume. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  object.status.phase ??= 'Pending';
  object.spec.persistentVolumeReclaimPolicy ??= 'Retain';
  object.spec.volumeMode ??= 'Filesystem';
  if (object.spec.hostPath) object.spec.hostPath.type ??= '';
}

/** Models ValidatePersistentVolumeSpec. */
function validate(object: KubeObject): FieldError[] {
  const spec = object.spec as PersistentVolumeSpec;
  const errors = validateAccessModes(spec.accessModes, 'spec.accessModes');
  const storage = (spec.capacity as Record<string, string> | undefined)?.['storage'];
  if (spec.capacity === undefined) errors.push(required('spec.capacity'));
  if (storage === undefined || Object.keys(spec.capacity ?? {}).length > 1) {
    errors.push(notSupported('spec.capacity', undefined, ['storage']));
  } else errors.push(...validatePositiveQuantity(storage, 'spec.capacity[storage]'));
  const sources = Object.keys(spec as object).filter((key) => !NOT_SOURCES.has(key));
  if (sources.length === 0) errors.push(required('spec', 'must specify a volume type'));
  for (const key of sources.slice(1)) {
    errors.push(forbidden(`spec.${key}`, 'may not specify more than 1 volume type'));
  }
  if (spec.hostPath) {
    if (!spec.hostPath.path) errors.push(required('spec.hostPath.path'));
    else errors.push(...validatePathNoBacksteps(spec.hostPath.path, 'spec.hostPath.path'));
  }
  return errors;
}

/** Models pkg/registry/core/persistentvolume/strategy.go. */
export const persistentVolumeStrategy: Strategy = {
  fillDefaults,
  prepareForCreate(object) {
    object.status = { phase: 'Pending' };
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  validate,
  validateUpdate(object, old) {
    const sourceOf = (spec: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(spec).filter(([key]) => !NOT_SOURCES.has(key)));
    const same = semanticEqual(sourceOf(object.spec), sourceOf(old.spec));
    return [
      ...validate(object),
      ...(same
        ? []
        : [
            forbidden(
              'spec.persistentvolumesource',
              'spec.persistentvolumesource is immutable after creation',
            ),
          ]),
    ];
  },
};

export const persistentVolumeStatusStrategy: UpdateStrategy = statusOnly(fillDefaults);

const SPEC = 'io.k8s.api.core.v1.PersistentVolumeSpec';
const STATUS = 'io.k8s.api.core.v1.PersistentVolumeStatus';

export const persistentVolumeColumns: readonly TableColumn[] = [
  column('Capacity', 'string', { of: SPEC, field: 'capacity' }, ({ spec }) => spec?.capacity?.storage ?? ''),
  column('Access Modes', 'string', { of: SPEC, field: 'accessModes' }, ({ spec }) =>
    accessModesText(spec?.accessModes),
  ),
  column(
    'Reclaim Policy',
    'string',
    { of: SPEC, field: 'persistentVolumeReclaimPolicy' },
    ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? '',
  ),
  column('Status', 'string', { of: STATUS, field: 'phase' }, ({ metadata, status }) =>
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
  ),
  column('Claim', 'string', { of: SPEC, field: 'claimRef' }, ({ spec }) =>
    spec?.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '',
  ),
  column('StorageClass', 'string', 'StorageClass of the pv', ({ spec }) => spec?.storageClassName ?? ''),
  column('Reason', 'string', { of: STATUS, field: 'reason' }, ({ status }) => status?.reason ?? ''),
  AGE,
  wideColumn(
    'VolumeMode',
    'string',
    { of: SPEC, field: 'volumeMode' },
    ({ spec }) => spec?.volumeMode ?? '<unset>',
  ),
];
