import { deepEqual } from '../../../../apimachinery/copy.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { forbidden, invalid, required } from '../../../../apimachinery/validation/field-error.ts';
import { compilePattern, PatternError } from '../../../util/regexp.ts';
import { additionalSchema, partsOf } from '../../schema/traverse.ts';
import type { JSONSchemaProps } from '../../types.ts';

type Level = 'root' | 'item' | 'field';

const INT_OR_STRING = [{ type: 'integer' }, { type: 'string' }];

const WITHOUT_TYPE: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

/** What may not stand below allOf, anyOf, oneOf and not, with upstream's words. */
const FORBIDDEN_BELOW_JUNCTORS: readonly (readonly [keyof JSONSchemaProps, string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

/**
 * Checks that a schema is structural: it says of every field what type it has, outside of allOf, anyOf,
 * oneOf and not. Models pkg/apiserver/schema/{validation,complete}.go ValidateStructural.
 */
export function validateStructural(schema: JSONSchemaProps, field: string): FieldError[] {
  const errors = [...invariants(schema, 'root', field), ...completeness(schema, schema, field, field)];
  return errors.sort((a, b) => (a.message < b.message ? -1 : a.message > b.message ? 1 : 0));
}

/** Fields that no structural schema can express, in the order in which upstream looks for them. */
const INEXPRESSIBLE: readonly (readonly [field: string, name: string])[] = [
  ['id', 'id'],
  ['$schema', 'schema'],
  ['$ref', '$ref'],
  ['patternProperties', 'patternProperties'],
  ['dependencies', 'dependencies'],
  ['additionalItems', 'additionalItems'],
  ['definitions', 'definitions'],
];

/**
 * Why a schema cannot be made structural at all; undefined if it can. Models pkg/apiserver/schema/convert.go
 * NewStructural.
 */
export function structuralFault(schema: JSONSchemaProps): string | undefined {
  for (const [field, name] of INEXPRESSIBLE) {
    const value = (schema as Record<string, unknown>)[field];
    if (value === undefined || value === '') continue;
    const isMap = typeof value === 'object' && value !== null && field !== 'additionalItems';
    if (isMap && Object.keys(value).length === 0) continue;
    return `OpenAPIV3Schema '${name}' is not supported`;
  }
  if (Array.isArray(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  for (const part of partsOf(schema)) {
    const fault = structuralFault(part);
    if (fault !== undefined) return fault;
  }
  return schema['x-kubernetes-preserve-unknown-fields'] === false
    ? "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined"
    : undefined;
}

const propertiesOf = (schema: JSONSchemaProps) => Object.entries(schema.properties ?? {});

function invariants(schema: JSONSchemaProps, level: Level, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const { type = '', items, properties = {}, additionalProperties } = schema;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const keepsUnknown = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  if (type === 'array' && items === undefined) errors.push(required(`${field}.items`, 'must be specified'));
  if (items !== undefined) errors.push(...invariants(items, 'item', `${field}.items`));
  for (const [name, property] of propertiesOf(schema)) {
    errors.push(...invariants(property, 'field', `${field}.properties[${name}]`));
  }
  if (additionalProperties !== undefined) {
    const at = `${field}.additionalProperties`;
    if (level === 'root') errors.push(forbidden(at, 'must not be used at the root'));
    const inner = additionalSchema(schema);
    if (inner !== undefined) errors.push(...invariants(inner, 'field', at));
  }
  if (intOrString && keepsUnknown) {
    const detail = 'must be false if x-kubernetes-int-or-string is true';
    errors.push(invalid(`${field}.x-kubernetes-preserve-unknown-fields`, true, detail));
  }
  if (intOrString && embedded) {
    const detail = 'must be false if x-kubernetes-int-or-string is true';
    errors.push(invalid(`${field}.x-kubernetes-embedded-resource`, true, detail));
  }
  errors.push(...junctors(schema, field, deepEqual(schema.anyOf, INT_OR_STRING), isAllOfPattern(schema)));
  if (embedded && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(type === '' ? required(`${field}.type`, detail) : invalid(`${field}.type`, type, detail));
  } else if (type === '' && !intOrString && !keepsUnknown) {
    errors.push(required(`${field}.type`, WITHOUT_TYPE[level]));
  }
  if (embedded && additionalProperties !== undefined) {
    const detail = 'must not be used if x-kubernetes-embedded-resource is set';
    errors.push(forbidden(`${field}.additionalProperties`, detail));
  }
  if (level === 'root' && type !== '' && type !== 'object') {
    errors.push(invalid(`${field}.type`, type, 'must be object at the root'));
  }
  const isResource = level === 'root' || embedded;
  for (const name of ['kind', 'apiVersion']) {
    const found = properties[name];
    if (!isResource || found === undefined || found.type === 'string') continue;
    errors.push(invalid(`${field}.properties[${name}].type`, found.type ?? '', 'must be string'));
  }
  if (properties['metadata'] !== undefined) {
    errors.push(
      ...metadataInvariants(properties['metadata'], isResource, level, `${field}.properties[metadata]`),
    );
  }
  if (embedded && !keepsUnknown && Object.keys(properties).length === 0) {
    const detail =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.push(required(`${field}.properties`, detail));
  }
  return errors;
}

/** metadata is known: a schema may restrict names only. */
function metadataInvariants(
  metadata: JSONSchemaProps,
  isResource: boolean,
  level: Level,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (isResource && metadata.type !== 'object') {
    errors.push(invalid(`${field}.type`, metadata.type ?? '', 'must be object'));
  }
  if (level !== 'root') return errors;
  const { type: _type, default: _default, properties = {}, ...rest } = metadata;
  const others = Object.keys(properties).filter((name) => name !== 'name' && name !== 'generateName');
  if (others.length > 0 || Object.keys(rest).length > 0) {
    const detail =
      'must not specify anything other than name and generateName, but metadata is implicitly specified';
    errors.push(forbidden(field, detail));
  }
  return errors;
}

const isAllOfPattern = ({ allOf }: JSONSchemaProps) => deepEqual(allOf?.[0]?.anyOf, INT_OR_STRING);

function junctors(
  { anyOf = [], allOf = [], oneOf = [], not, pattern }: JSONSchemaProps,
  field: string,
  skipAnyOf: boolean,
  skipFirstAllOf: boolean,
): FieldError[] {
  return [
    ...(skipAnyOf ? [] : anyOf.flatMap((inner, index) => nested(inner, `${field}.anyOf[${index}]`, false))),
    ...allOf.flatMap((inner, index) =>
      nested(inner, `${field}.allOf[${index}]`, skipFirstAllOf && index === 0),
    ),
    ...oneOf.flatMap((inner, index) => nested(inner, `${field}.oneOf[${index}]`, false)),
    ...(not === undefined ? [] : nested(not, `${field}.not`, false)),
    ...patternErrors(pattern, `${field}.pattern`),
  ];
}

function patternErrors(pattern: string | undefined, field: string): FieldError[] {
  if (pattern === undefined || pattern === '') return [];
  try {
    compilePattern(pattern);
    return [];
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return [invalid(field, pattern, `must be a valid regular expression, but isn't: ${error.message}`)];
  }
}

/** A part below a junctor. Models validateNestedValueValidation. */
function nested(schema: JSONSchemaProps, field: string, skipAnyOf: boolean): FieldError[] {
  const errors = junctors(schema, field, skipAnyOf, false);
  if (schema.items !== undefined) errors.push(...nested(schema.items, `${field}.items`, false));
  for (const [name, property] of propertiesOf(schema)) {
    errors.push(...nested(property, `${field}.properties[${name}]`, false));
  }
  for (const [name, detail] of FORBIDDEN_BELOW_JUNCTORS) {
    if (isSet(schema[name])) errors.push(forbidden(`${field}.${name}`, detail));
  }
  if (schema.properties?.['metadata'] !== undefined) {
    errors.push(forbidden(`${field}.properties[metadata]`, 'must not be specified in a nested context'));
  }
  return errors;
}

function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== false && value !== '';
}

/** Whatever a junctor speaks of must be specified outside of it, too. Models complete.go. */
function completeness(
  part: JSONSchemaProps,
  schema: JSONSchemaProps | undefined,
  schemaField: string,
  partField: string,
): FieldError[] {
  const inside = (junctor: string, inner: JSONSchemaProps) =>
    nestedCompleteness(inner, schema, schemaField, `${partField}.${junctor}`);
  return [
    ...(part.not === undefined ? [] : inside('not', part.not)),
    ...(part.allOf ?? []).flatMap((inner, index) => inside(`allOf[${index}]`, inner)),
    ...(part.anyOf ?? []).flatMap((inner, index) => inside(`anyOf[${index}]`, inner)),
    ...(part.oneOf ?? []).flatMap((inner, index) => inside(`oneOf[${index}]`, inner)),
  ];
}

function nestedCompleteness(
  part: JSONSchemaProps,
  schema: JSONSchemaProps | undefined,
  schemaField: string,
  partField: string,
): FieldError[] {
  if (schema === undefined) return [required(schemaField, `because it is defined in ${partField}`)];
  return [
    ...completeness(part, schema, schemaField, partField),
    ...(part.items === undefined
      ? []
      : nestedCompleteness(part.items, schema.items, `${schemaField}.items`, `${partField}.items`)),
    ...propertiesOf(part).flatMap(([name, property]) =>
      nestedCompleteness(
        property,
        schema.properties?.[name],
        `${schemaField}.properties[${name}]`,
        `${partField}.properties[${name}]`,
      ),
    ),
  ];
}
