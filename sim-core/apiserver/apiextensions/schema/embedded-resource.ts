import type { Json, JsonObject, ObjectMeta } from '../../../apimachinery/object.ts';
import { decodeObject, DecodeError } from '../../../apimachinery/json/decode.ts';
import { parsedValue } from '../../../apimachinery/json/parse.ts';
import { schemaOf } from '../../../apimachinery/schema/schema.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { invalid, required } from '../../../apimachinery/validation/field-error.ts';
import { isDNS1035Label, nameIsPathSegment } from '../../../apimachinery/validation/names.ts';
import { validateObjectMeta } from '../../../apimachinery/validation/object-meta.ts';
import type { JSONSchemaProps } from '../types.ts';
import { additionalSchema, isObject, joinIndex, joinKey } from './traverse.ts';

const OBJECT_META = schemaOf('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')!;

/**
 * Gives metadata, kind and apiVersion of a resource and of the resources inside of it their types.
 * Changes `value`; returns the paths of unknown fields of metadata. Throws a DecodeError for a value of the
 * wrong type, which names the field of an inner resource.
 *
 * Models pkg/apiserver/schema/objectmeta/algorithm.go.
 */
export function coerceMetadata(value: Json, schema: JSONSchemaProps | undefined, path = ''): string[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => coerceMetadata(item, schema.items, joinIndex(path, index)));
  }
  if (!isObject(value)) return [];
  const unknown = schema['x-kubernetes-embedded-resource'] ? coerceOne(value, path) : [];
  const additional = additionalSchema(schema);
  for (const key of Object.keys(value)) {
    const isNamed = schema.properties !== undefined && Object.hasOwn(schema.properties, key);
    unknown.push(
      ...coerceMetadata(value[key]!, isNamed ? schema.properties![key] : additional, joinKey(path, key)),
    );
  }
  return unknown;
}

function coerceOne(value: JsonObject, path: string): string[] {
  const refuse = (field: string, text: string) =>
    new DecodeError(invalid(joinKey(path, field), value[field], text).message);
  for (const field of ['apiVersion', 'kind']) {
    if (value[field] !== undefined && typeof value[field] !== 'string')
      throw refuse(field, 'must be a string');
  }
  const { metadata } = value;
  if (metadata === undefined) return [];
  try {
    const { object, strictErrors } = decodeObject(parsedValue(metadata), OBJECT_META);
    value['metadata'] = object;
    return strictErrors.flatMap((text) => {
      const field = /^unknown field "(.*)"$/.exec(text)?.[1];
      return field === undefined ? [] : [joinKey(joinKey(path, 'metadata'), field)];
    });
  } catch (error) {
    if (error instanceof DecodeError) throw path === '' ? error : refuse('metadata', error.message);
    throw error;
  }
}

/** What is wrong with the resources inside of a resource. Models objectmeta/validation.go. */
export function validateEmbedded(value: Json, schema: JSONSchemaProps | undefined, path = ''): FieldError[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => validateEmbedded(item, schema.items, `${path}[${index}]`));
  }
  if (!isObject(value)) return [];
  const additional = additionalSchema(schema);
  return [
    ...(schema['x-kubernetes-embedded-resource'] ? validateOne(value, path) : []),
    ...Object.keys(value).flatMap((key) =>
      schema.properties !== undefined && Object.hasOwn(schema.properties, key)
        ? validateEmbedded(value[key]!, schema.properties[key], joinKey(path, key))
        : validateEmbedded(value[key]!, additional, `${path}[${key}]`),
    ),
  ];
}

function validateOne(value: JsonObject, path: string): FieldError[] {
  const at = (field: string) => joinKey(path, field);
  const errors: FieldError[] = [];
  const { apiVersion, kind, metadata } = value;
  if (apiVersion === undefined) errors.push(required(at('apiVersion'), 'must not be empty'));
  else if (apiVersion === '') errors.push(invalid(at('apiVersion'), apiVersion, 'must not be empty'));
  else if (typeof apiVersion === 'string' && apiVersion.split('/').length > 2) {
    errors.push(invalid(at('apiVersion'), apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  }
  if (kind === undefined) errors.push(required(at('kind'), 'must not be empty'));
  else if (kind === '') errors.push(invalid(at('kind'), kind, 'must not be empty'));
  else if (typeof kind === 'string') {
    const faults = isDNS1035Label(kind.toLowerCase());
    if (faults.length > 0) {
      const detail = `may have mixed case, but should otherwise match: ${faults.join(',')}`;
      errors.push(invalid(at('kind'), kind, detail));
    }
  }
  if (isObject(metadata)) {
    const meta = { ...metadata, name: metadata['name'] || 'fakename' } as ObjectMeta;
    errors.push(
      ...validateObjectMeta(meta, (meta.namespace ?? '') !== '', nameIsPathSegment, at('metadata')),
    );
  }
  return errors;
}
