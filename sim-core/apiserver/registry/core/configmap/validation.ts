import { deepEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { forbidden, invalid, tooLong } from '../../../../apimachinery/validation/field-error.ts';
import { byteLength, isConfigMapKey } from '../../../../apimachinery/validation/names.ts';

/** The most that a ConfigMap or a Secret may hold, in bytes. Models MaxSecretSize. */
export const MAX_DATA_SIZE = 1024 * 1024;
const IMMUTABLE = 'field is immutable when `immutable` is set';

/** Models validation.go ValidateConfigMap. */
export function validateConfigMap({ data = {}, binaryData = {} }: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const key of Object.keys(data).sort()) {
    for (const text of isConfigMapKey(key)) errors.push(invalid(`data[${key}]`, key, text));
    if (Object.hasOwn(binaryData, key)) {
      errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    }
    size += byteLength(data[key]);
  }
  for (const key of Object.keys(binaryData).sort()) {
    for (const text of isConfigMapKey(key)) errors.push(invalid(`binaryData[${key}]`, key, text));
    size += Math.floor((binaryData[key].length * 3) / 4);
  }
  if (size > MAX_DATA_SIZE) errors.push(tooLong('[]', MAX_DATA_SIZE));
  return errors;
}

/** What an immutable ConfigMap or Secret refuses, field by field. */
export function validateImmutableData(
  object: KubeObject,
  old: KubeObject,
  fields: readonly string[],
): FieldError[] {
  if (old.immutable !== true) return [];
  return [
    ...(object.immutable === true ? [] : [forbidden('immutable', IMMUTABLE)]),
    ...fields.flatMap((field) =>
      deepEqual(object[field] ?? {}, old[field] ?? {}) ? [] : [forbidden(field, IMMUTABLE)],
    ),
  ];
}
