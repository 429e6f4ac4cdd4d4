import { JsonSyntaxError, parseJson } from '../../../../apimachinery/json/parse.ts';
import { jsonKind, unmarshalTypeError } from '../../../../apimachinery/json/unmarshal-type-error.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid, required, tooLong } from '../../../../apimachinery/validation/field-error.ts';
import { isConfigMapKey } from '../../../../apimachinery/validation/names.ts';
import { MAX_DATA_SIZE } from '../configmap/validation.ts';
import { decodeBase64 } from './base64.ts';
import { keyPairFault } from './key-pair.ts';

const ACCOUNT_ANNOTATION = 'kubernetes.io/service-account.name';
const REDACTED = '<secret contents redacted>';

/** What each type of secret must hold. Models validation.go ValidateSecret. */
export function validateSecret(object: KubeObject): FieldError[] {
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
    return [invalid(field, REDACTED, unmarshalTypeError(jsonKind(value), 'map[string]interface {}'))];
  } catch (error) {
    if (error instanceof JsonSyntaxError) return [invalid(field, REDACTED, error.message)];
    throw error;
  }
}

/** Models warningsForSecret. */
export function secretWarnings({ type, data = {} }: KubeObject): string[] {
  if (type !== 'kubernetes.io/tls') return [];
  const { 'tls.crt': certificate = '', 'tls.key': key = '' } = data as Record<string, string>;
  const fault = keyPairFault(decodeBase64(certificate), decodeBase64(key));
  return fault === undefined ? [] : [fault];
}
