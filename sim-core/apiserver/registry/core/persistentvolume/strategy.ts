import { classOf } from '../../../../client-go/component-helpers/storage/class.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { AGE, column, wideColumn } from '../../../printers/columns.ts';
import { LazyModule } from '../../../../clock/lazy-module.ts';
import { defaultSource } from './source-defaults.ts';
import { lazyStrategy } from '../../lazy-strategy.ts';
import { statusOnly } from '../../generation.ts';
import { canonicalizeResources } from '../defaults/pod-spec.ts';
import type { TableColumn } from '../../rest/resource.ts';

const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

/** "RWO,ROX". Models storageutil.GetAccessModesAsString. */
export function accessModesText(modes: readonly string[] | undefined): string {
  const present = new Set(modes ?? []);
  return Object.keys(SHORT_MODES)
    .filter((mode) => present.has(mode))
    .map((mode) => SHORT_MODES[mode])
    .join(',');
}

/** Models SetDefaults_PersistentVolume. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  object.status.phase ??= 'Pending';
  object.spec.persistentVolumeReclaimPolicy ??= 'Retain';
  object.spec.volumeMode ??= 'Filesystem';
  canonicalizeResources(object.spec.capacity);
  defaultSource(object.spec as Record<string, Record<string, unknown>>);
}

export const persistentVolume = {
  strategy: lazyStrategy(new LazyModule(() => import('./validation.ts')), ({ strategy }) => strategy, {
    fillDefaults,
  }),
  status: statusOnly(fillDefaults),
};

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
  column('StorageClass', 'string', 'StorageClass of the pv', classOf),
  column('Reason', 'string', { of: STATUS, field: 'reason' }, ({ status }) => status?.reason ?? ''),
  AGE,
  wideColumn(
    'VolumeMode',
    'string',
    { of: SPEC, field: 'volumeMode' },
    ({ spec }) => spec?.volumeMode ?? '<unset>',
  ),
];
