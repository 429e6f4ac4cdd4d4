import { LazyModule } from '../../../clock/lazy-module.ts';
import { AGE, column } from '../../printers/columns.ts';
import type { TableColumn } from '../rest/resource.ts';
import type { Subresource, SubresourceContext } from '../rest/subresource.ts';
import type { ScaleOptions } from './scale-rest.ts';

const module = new LazyModule(() => import('./scale-rest.ts'));

const KIND = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  schema: 'io.k8s.api.autoscaling.v1.Scale',
};
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
/** Models printers.go addScaleColumns. */
const COLUMNS: readonly TableColumn[] = [
  column('Name', 'string', { of: META, field: 'name' }, ({ metadata }) => metadata.name),
  column(
    'Desired',
    'integer',
    { of: 'io.k8s.api.autoscaling.v1.ScaleSpec', field: 'replicas' },
    ({ spec }) => spec?.replicas ?? 0,
  ),
  column(
    'Available',
    'integer',
    { of: 'io.k8s.api.autoscaling.v1.ScaleStatus', field: 'replicas' },
    ({ status }) => status?.replicas ?? 0,
  ),
  AGE,
];

/**
 * …/scale of a workload with spec.replicas.
 * Models pkg/registry/apps/deployment/storage/storage.go ScaleREST.
 */
export function scaleSubresource(options: ScaleOptions = {}): Subresource {
  const rest = async ({ services }: SubresourceContext) =>
    (await module.load(services.clock)).scaleRest(options);
  return {
    handler: 'object',
    name: 'scale',
    kind: KIND,
    columns: COLUMNS,
    fillDefaults(object) {
      object.spec ??= {};
      object.status ??= {};
      object.status.replicas ??= 0;
    },
    get: async (context) => (await rest(context)).get(context),
    current: async (context) => (await rest(context)).current(context),
    update: async (scale, context) => (await rest(context)).update(scale, context),
  };
}
