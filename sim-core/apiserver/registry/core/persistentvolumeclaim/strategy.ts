import { classOf } from '../../../../client-go/component-helpers/storage/class.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { AGE, column, wideColumn } from '../../../printers/columns.ts';
import { LazyModule } from '../../../../clock/lazy-module.ts';
import { lazyStrategy, lazyUpdate } from '../../lazy-strategy.ts';
import type { TableColumn } from '../../rest/resource.ts';
import { canonicalizeResources } from '../defaults/pod-spec.ts';
import { accessModesText } from '../persistentvolume/strategy.ts';

/** Models SetDefaults_PersistentVolumeClaim. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  object.status.phase ??= 'Pending';
  object.spec.resources ??= {};
  canonicalizeResources(object.spec.resources.limits);
  canonicalizeResources(object.spec.resources.requests);
  canonicalizeResources(object.status.capacity);
  canonicalizeResources(object.status.allocatedResources);
  object.spec.volumeMode ??= 'Filesystem';
  for (const source of [object.spec.dataSource, object.spec.dataSourceRef])
    if (source) source.apiGroup ??= null;
}

const module = new LazyModule(() => import('./validation.ts'));

export const persistentVolumeClaim = {
  strategy: lazyStrategy(module, ({ strategy }) => strategy, { fillDefaults }),
  status: lazyUpdate(module, ({ status }) => status, { fillDefaults }),
};

const SPEC = 'io.k8s.api.core.v1.PersistentVolumeClaimSpec';
const STATUS = 'io.k8s.api.core.v1.PersistentVolumeClaimStatus';
const bound = ({ spec }: KubeObject) => Boolean(spec?.volumeName);

export const persistentVolumeClaimColumns: readonly TableColumn[] = [
  column('Status', 'string', { of: STATUS, field: 'phase' }, ({ metadata, status }) =>
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
  ),
  column('Volume', 'string', { of: SPEC, field: 'volumeName' }, ({ spec }) => spec?.volumeName ?? ''),
  column('Capacity', 'string', { of: STATUS, field: 'capacity' }, (object) =>
    bound(object) ? (object.status?.capacity?.storage ?? '0') : '',
  ),
  column('Access Modes', 'string', { of: STATUS, field: 'accessModes' }, (object) =>
    bound(object) ? accessModesText(object.status?.accessModes) : '',
  ),
  column('StorageClass', 'string', 'StorageClass of the pvc', classOf),
  AGE,
  wideColumn(
    'VolumeMode',
    'string',
    { of: SPEC, field: 'volumeMode' },
    ({ spec }) => spec?.volumeMode ?? '<unset>',
  ),
];
