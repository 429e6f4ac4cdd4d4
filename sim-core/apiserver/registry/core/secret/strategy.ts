import { JsonSyntaxError, parseJson } from '../../../../apimachinery/json/parse.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid, required, tooLong } from '../../../../apimachinery/validation/field-error.ts';
import { isConfigMapKey } from '../../../../apimachinery/validation/names.ts';
import { validateImmutableField } from '../../../../apimachinery/validation/object-meta.ts';
import { AGE, column } from '../../../printers/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy } from '../../rest/strategy.ts';
import { MAX_DATA_SIZE, validateImmutableData } from '../configmap/strategy.ts';
import { dropEmpty } from '../defaults/always-present.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { keyPairFault } from './key-pair.ts';

const ACCOUNT_ANNOTATION = 'kubernetes.io/service-account.name';
const REDACTED = '<secret contents redacted>';

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

/** What each type of secret must hold. Models validation.go ValidateSecret. */
function validateSecret(object: KubeObject): FieldError[] {
  const data: Record<string, string> = object.data ?? {};
  const errors: FieldError[] = [];
  let size = 0;
  for (const key of Object.keys(data).sort()) {
    for (const text of isConfigMapKey(key)) errors.push(invalid(`data[${key}]`, key, text));
    size += Math.floor((data[key]!.length * 3) / 4);
  }
  if (size > MAX_DATA_SIZE) errors.push(tooLong('data', MAX_DATA_SIZE));
  const need = (key: string) => {
    if (data[key] === undefined) errors.push(required(`data[${key}]`));
  };
  switch (object.type) {
    case 'kubernetes.io/service-account-token':
      if (!object.metadata.annotations?.[ACCOUNT_ANNOTATION]) {
        errors.push(required(`metadata.annotations[${ACCOUNT_ANNOTATION}]`));
      }
      break;
    case 'kubernetes.io/dockercfg':
      errors.push(...validateJson(data, '.dockercfg'));
      break;
    case 'kubernetes.io/dockerconfigjson':
      errors.push(...validateJson(data, '.dockerconfigjson'));
      break;
    case 'kubernetes.io/basic-auth':
      if (data['username'] === undefined && data['password'] === undefined) {
        need('username');
        need('password');
      }
      break;
    case 'kubernetes.io/ssh-auth':
      if (!data['ssh-privatekey']) errors.push(required('data[ssh-privatekey]'));
      break;
    case 'kubernetes.io/tls':
      need('tls.crt');
      need('tls.key');
      break;
  }
  return errors;
}

function validateJson(data: Readonly<Record<string, string>>, key: string): FieldError[] {
  const field = `data[${key}]`;
  if (data[key] === undefined) return [required(field)];
  try {
    const { value } = parseJson(decodeBase64(data[key]));
    if (value === null || (typeof value === 'object' && !Array.isArray(value))) return [];
    const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    const text = `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`;
    return [invalid(field, REDACTED, text)];
  } catch (error) {
    if (error instanceof JsonSyntaxError) return [invalid(field, REDACTED, error.message)];
    throw error;
  }
}

/** Models warningsForSecret. */
function warningsOf({ type, data = {} }: KubeObject): string[] {
  if (type !== 'kubernetes.io/tls') return [];
  const { 'tls.crt': certificate = '', 'tls.key': key = '' } = data as Record<string, string>;
  const fault = keyPairFault(decodeBase64(certificate), decodeBase64(key));
  return fault === undefined ? [] : [fault];
}

/** Models pkg/registry/core/secret/strategy.go. */
export const secretStrategy: Strategy = {
  fillDefaults,
  validate: (object) => validateSecret(object),
  validateUpdate: (object, old) => [
    ...validateImmutableField(object.type, old.type, 'type'),
    ...validateImmutableData(object, old, ['data']),
    ...validateSecret(object),
  ],
  warningsOnCreate: warningsOf,
  warningsOnUpdate: warningsOf,
  selectableFields: (object) => ({ type: object.type ?? '' }),
};

const SECRET = 'io.k8s.api.core.v1.Secret';

export const secretColumns: readonly TableColumn[] = [
  column('Type', 'string', { of: SECRET, field: 'type' }, (object) => object.type ?? ''),
  column('Data', 'string', { of: SECRET, field: 'data' }, (object) => Object.keys(object.data ?? {}).length),
  AGE,
];
