import { deepCopy, deepEqual } from '../../../../apimachinery/copy.ts';
import { DecodeError } from '../../../../apimachinery/json/decode.ts';
import type { Json } from '../../../../apimachinery/object.ts';
import { FieldError, invalid } from '../../../../apimachinery/validation/field-error.ts';
import { coerceMetadata, validateEmbedded } from '../../schema/embedded-resource.ts';
import { prune } from '../../schema/prune.ts';
import { SchemaValidator } from '../../schema/validate.ts';
import type { JSONSchemaProps } from '../../types.ts';

/**
 * Defaults must themselves be valid, with no field that the schema does not know.
 * Models pkg/apiserver/schema/defaulting/validation.go ValidateDefaults.
 */
export function validateDefaults(schema: JSONSchemaProps, field: string): FieldError[] {
  return [
    ...(schema.default === undefined ? [] : validateDefault(schema, schema.default, `${field}.default`)),
    ...(schema.items === undefined ? [] : validateDefaults(schema.items, `${field}.items`)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      validateDefaults(property, `${field}.properties[${name}]`),
    ),
  ];
}

function validateDefault(schema: JSONSchemaProps, value: Json, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const pruned = deepCopy(value);
  prune(pruned, schema);
  if (!deepEqual(pruned, value)) errors.push(invalid(field, value, 'must not have unknown fields'));
  try {
    coerceMetadata(deepCopy(value), schema);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [...errors, invalid(field, value, error.message)];
  }
  const embedded = validateEmbedded(value, schema);
  if (embedded.length > 0) {
    return [
      ...errors,
      ...embedded.map(
        (error) => new FieldError(error.type, `${field}.${error.field}`, error.value, error.detail),
      ),
    ];
  }
  return [...errors, ...new SchemaValidator(schema, { keepsFormats: true }).validate(value, field)];
}
