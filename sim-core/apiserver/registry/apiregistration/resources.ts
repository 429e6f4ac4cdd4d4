import type { KubeObject } from '../../../apimachinery/object.ts';
import { nameIsPathSegment } from '../../../apimachinery/validation/names.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { AGE, column } from '../../printers/columns.ts';
import { lazyStrategy, lazyUpdate } from '../lazy-strategy.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('apiregistration.k8s.io', 'v1', 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1');
const module = new LazyModule(() => import('./strategy.ts'));

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}

/** Models pkg/apis/apiregistration/v1/defaults.go. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  if (object.spec.service) object.spec.service.port ??= 443;
}

function available({ status }: KubeObject): string {
  const found = ((status?.conditions ?? []) as Condition[]).find(({ type }) => type === 'Available');
  if (found === undefined) return 'Unknown';
  return found.status === 'True' || !found.reason ? found.status : `${found.status} (${found.reason})`;
}

/** Models k8s.io/kube-aggregator/pkg/registry/apiservice. */
export const apiregistrationResources: readonly ResourceDefinition[] = [
  row({
    kind: 'APIService',
    resource: 'apiservices',
    namespaced: false,
    storagePrefix: 'apiregistration.k8s.io/apiservices',
    categories: ['api-extensions'],
    strategy: lazyStrategy(module, ({ strategy }) => strategy, {
      fillDefaults,
      validateName: nameIsPathSegment,
      allowUnconditionalUpdate: false,
    }),
    status: lazyUpdate(module, ({ status }) => status, { fillDefaults, allowUnconditionalUpdate: false }),
    columns: [
      column('Service', 'string', 'The reference to the service that hosts this API endpoint.', ({ spec }) =>
        spec?.service ? `${spec.service.namespace}/${spec.service.name}` : 'Local',
      ),
      column('Available', 'string', 'Whether this service is available.', available),
      AGE,
    ],
  }),
];
