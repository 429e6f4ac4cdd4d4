import type { KubeObject } from '../../../apimachinery/object.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { AGE, column } from '../../printers/columns.ts';
import { canonicalizeResources } from '../core/defaults/pod-spec.ts';
import { lazyStrategy } from '../lazy-strategy.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('node.k8s.io', 'v1', 'io.k8s.api.node.v1');
const module = new LazyModule(() => import('./validation.ts'));

/** Models pkg/registry/node/runtimeclass. */
export const nodeResources: readonly ResourceDefinition[] = [
  row({
    kind: 'RuntimeClass',
    resource: 'runtimeclasses',
    namespaced: false,
    strategy: lazyStrategy(module, ({ runtimeClass }) => runtimeClass, {
      fillDefaults: (object: KubeObject) => canonicalizeResources(object.overhead?.podFixed),
      allowCreateOnUpdate: true,
      allowUnconditionalUpdate: false,
      validatesUpdateAsNew: true,
    }),
    columns: [
      column(
        'Handler',
        'string',
        { of: 'io.k8s.api.node.v1.RuntimeClass', field: 'handler' },
        (object) => object.handler ?? '',
      ),
      AGE,
    ],
  }),
];
