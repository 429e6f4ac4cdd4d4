import { validateImmutableField } from '../../../apimachinery/validation/object-meta.ts';
import { isDNS1123Label } from '../../../apimachinery/validation/names.ts';
import { invalid } from '../../../apimachinery/validation/field-error.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { AGE, column } from '../../printers/columns.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('node.k8s.io', 'v1', 'io.k8s.api.node.v1');

const validate = (object: KubeObject) =>
  isDNS1123Label(object.handler ?? '').map((text) => invalid('handler', object.handler ?? '', text));

/** Models pkg/registry/node/runtimeclass. */
export const nodeResources: readonly ResourceDefinition[] = [
  row({
    kind: 'RuntimeClass',
    resource: 'runtimeclasses',
    namespaced: false,
    strategy: {
      validate,
      validateUpdate: (object, old) => validateImmutableField(object.handler, old.handler, 'handler'),
    },
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
