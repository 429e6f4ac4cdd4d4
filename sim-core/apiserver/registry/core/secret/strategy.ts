import type { KubeObject } from '../../../../apimachinery/object.ts';
import { AGE, column } from '../../../printers/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy } from '../../rest/strategy.ts';
import { dropEmpty } from '../defaults/always-present.ts';
import { encodeBase64 } from './base64.ts';
import { checks } from '../../checks.ts';

/** Models SetDefaults_Secret and the conversion of stringData. */
function fillDefaults(object: KubeObject): void {
  object.type ||= 'Opaque';
  if (object.stringData !== undefined) {
    const data: Record<string, string> = { ...object.data };
    for (const [key, text] of Object.entries(object.stringData as Record<string, string>)) {
      data[key] = encodeBase64(text);
    }
    object.data = data;
    delete object.stringData;
  }
  dropEmpty(object, ['data']);
}

/** Models pkg/registry/core/secret/strategy.go. */
export const secretStrategy: Strategy = {
  needs: [checks.core],
  fillDefaults,
  validate: (object) => checks.core.loaded.validateSecret(object),
  validateUpdate: (object, old) => [
    ...checks.generic.loaded.validateImmutableField(object.type, old.type, 'type'),
    ...checks.core.loaded.validateImmutableData(object, old, ['data']),
    ...checks.core.loaded.validateSecret(object),
  ],
  warningsOnCreate: (object) => checks.core.loaded.secretWarnings(object),
  warningsOnUpdate: (object) => checks.core.loaded.secretWarnings(object),
  selectableFields: (object) => ({ type: object.type ?? '' }),
};

const SECRET = 'io.k8s.api.core.v1.Secret';

export const secretColumns: readonly TableColumn[] = [
  column('Type', 'string', { of: SECRET, field: 'type' }, (object) => object.type ?? ''),
  column('Data', 'string', { of: SECRET, field: 'data' }, (object) => Object.keys(object.data ?? {}).length),
  AGE,
];
