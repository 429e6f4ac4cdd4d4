import type { KubeObject } from '../../../../apimachinery/object.ts';
import { AGE, column } from '../../../printers/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';
import { checks } from '../../checks.ts';
import type { Strategy } from '../../rest/strategy.ts';
import type { Subresource } from '../../rest/subresource.ts';
import { dropEmpty } from '../defaults/always-present.ts';
import { TOKEN_KIND } from './token-kind.ts';

const HOUR = 60 * 60;

/** Models pkg/registry/core/serviceaccount/strategy.go: of the secrets only the names are kept. */
export const serviceAccountStrategy: Strategy = {
  fillDefaults: (object) => dropEmpty(object, ['secrets', 'imagePullSecrets']),
  prepareForCreate: cleanSecretReferences,
  prepareForUpdate: cleanSecretReferences,
};

function cleanSecretReferences(object: KubeObject): void {
  if (!object.secrets) return;
  object.secrets = object.secrets.map(({ name }: { name?: string }) => ({ name }));
}

export const serviceAccountColumns: readonly TableColumn[] = [
  column(
    'Secrets',
    'string',
    { of: 'io.k8s.api.core.v1.ServiceAccount', field: 'secrets' },
    (object) => (object.secrets ?? []).length,
  ),
  AGE,
];

/** POST …/serviceaccounts/{name}/token. */
export const tokenSubresource: Subresource = {
  handler: 'object',
  name: 'token',
  kind: TOKEN_KIND,
  needs: [checks.access],
  fillDefaults(object) {
    object.spec ??= {};
    object.spec.expirationSeconds ??= HOUR;
    object.status ??= {};
  },
  create: (object, context) => checks.access.loaded.createToken(object, context),
};
