import { AGE, column } from '../../../printers/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy } from '../../rest/strategy.ts';
import { dropEmpty } from '../defaults/always-present.ts';
import { checks } from '../../checks.ts';

/** Models pkg/registry/core/configmap/strategy.go. */
export const configMapStrategy: Strategy = {
  needs: [checks.core],
  fillDefaults: (object) => dropEmpty(object, ['data', 'binaryData']),
  validate: (object) => checks.core.loaded.validateConfigMap(object),
  validateUpdate: (object, old) => [
    ...checks.core.loaded.validateImmutableData(object, old, ['data', 'binaryData']),
    ...checks.core.loaded.validateConfigMap(object),
  ],
};

export const configMapColumns: readonly TableColumn[] = [
  column(
    'Data',
    'string',
    { of: 'io.k8s.api.core.v1.ConfigMap', field: 'data' },
    ({ data = {}, binaryData = {} }) => Object.keys(data).length + Object.keys(binaryData).length,
  ),
  AGE,
];
