import { AGE, column } from '../../../printers/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy } from '../../rest/strategy.ts';
import { dropEmpty } from '../defaults/always-present.ts';

/** Models pkg/registry/core/serviceaccount/strategy.go: of the secrets only the names are kept. */
export const serviceAccountStrategy: Strategy = {
  fillDefaults: (object) => dropEmpty(object, ['secrets', 'imagePullSecrets']),
  prepareForCreate(object) {
    if (!object.secrets) return;
    object.secrets = object.secrets.map(({ name }: { name?: string }) => ({ name }));
  },
};

export const serviceAccountColumns: readonly TableColumn[] = [
  column(
    'Secrets',
    'string',
    { of: 'io.k8s.api.core.v1.ServiceAccount', field: 'secrets' },
    (object) => (object.secrets ?? []).length,
  ),
  AGE,
];
