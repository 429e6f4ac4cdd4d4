import { goStrings } from '../../../../apimachinery/validation/field-error.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { additionalSchema, fieldSchema, META_FIELDS } from '../../schema/traverse.ts';
import type { JSONSchemaProps, ValidationRule } from '../../types.ts';
import { structuralFault } from './structural.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];
const NEWLINES = /[\n\r]/;

/** Fields of JSON schema that Kubernetes does not take. */
const UNSUPPORTED = [
  'id',
  'additionalItems',
  'patternProperties',
  'definitions',
  'dependencies',
  '$ref',
] as const;
/** Those of them that are nothing while they are empty. */
const SIZED: ReadonlySet<string> = new Set(['patternProperties', 'definitions']);

/** What is known of a part of a schema by the parts around it. */
export interface SchemaContext {
  /** Why there may be no default: "in top-level metadata"; undefined where there may be one. */
  readonly noDefaults?: string;
  readonly insideMeta: boolean;
  readonly isRoot: boolean;
  /** Where the part is that old and new values cannot be told apart in; undefined if there is none. */
  readonly uncorrelatable?: string;
}

export const ROOT: SchemaContext = { insideMeta: false, isRoot: true };

/**
 * Checks one part of a schema and all parts below it.
 * Models pkg/apis/apiextensions/validation ValidateCustomResourceDefinitionOpenAPISchema.
 */
export function validateOpenAPISchema(
  schema: JSONSchemaProps,
  field: string,
  context: SchemaContext,
): FieldError[] {
  const errors = [...supported(schema, field, context)];
  const below = { ...context, isRoot: false };
  if (schema.uniqueItems) {
    const detail = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    errors.push(forbidden(`${field}.uniqueItems`, detail));
  }
  const { properties = {}, additionalProperties } = schema;
  if (additionalProperties !== undefined) {
    const at = `${field}.additionalProperties`;
    if (Object.keys(properties).length > 0 && additionalProperties !== true) {
      errors.push(forbidden(at, 'additionalProperties and properties are mutual exclusive'));
    }
    const inner = additionalSchema(schema);
    const noDefaults = context.insideMeta
      ? { noDefaults: 'inside additionalProperties applying to object metadata' }
      : {};
    if (inner !== undefined) errors.push(...validateOpenAPISchema(inner, at, { ...below, ...noDefaults }));
  }
  for (const [name, property] of Object.entries(properties)) {
    const isMeta =
      (context.isRoot || schema['x-kubernetes-embedded-resource'] === true) && META_FIELDS.includes(name);
    errors.push(
      ...validateOpenAPISchema(property, `${field}.properties[${name}]`, {
        ...below,
        ...(schema['x-kubernetes-map-type'] === 'atomic' && uncorrelatable(context, field)),
        ...(isMeta && { insideMeta: true }),
        ...(isMeta && context.isRoot && { noDefaults: `in top-level ${name}` }),
      }),
    );
  }
  for (const junctor of ['allOf', 'oneOf', 'anyOf'] as const) {
    (schema[junctor] ?? []).forEach((inner, index) => {
      errors.push(...validateOpenAPISchema(inner, `${field}.${junctor}[${index}]`, below));
    });
  }
  if (schema.not !== undefined) errors.push(...validateOpenAPISchema(schema.not, `${field}.not`, below));
  if (isSchema(schema.items)) {
    const items =
      schema['x-kubernetes-list-type'] === 'map' ? below : { ...below, ...uncorrelatable(context, field) };
    errors.push(...validateOpenAPISchema(schema.items, `${field}.items`, items));
  }
  for (const [name, inner] of Object.entries(schema.definitions ?? {})) {
    errors.push(...validateOpenAPISchema(inner, `${field}.definitions[${name}]`, below));
  }
  for (const [name, inner] of Object.entries(schema.dependencies ?? {})) {
    if (isSchema(inner)) {
      errors.push(...validateOpenAPISchema(inner, `${field}.dependencies[${name}]`, below));
    }
  }
  errors.push(...extensions(schema, field), ...listMap(schema, field), ...rules(schema, field));
  return errors;
}

const isSchema = (items: unknown): items is JSONSchemaProps =>
  typeof items === 'object' && items !== null && !Array.isArray(items);

/** The outermost part counts. */
const uncorrelatable = (context: SchemaContext, field: string) => ({
  uncorrelatable: context.uncorrelatable ?? field,
});

/** Models specStandardValidatorV3 validate. */
function supported(schema: JSONSchemaProps, field: string, context: SchemaContext): FieldError[] {
  const errors: FieldError[] = [];
  const { type } = schema;
  if (type !== undefined && type !== '' && !TYPES.includes(type)) {
    errors.push(notSupported(`${field}.type`, type, TYPES));
  }
  if (schema.default !== undefined && context.noDefaults !== undefined) {
    errors.push(forbidden(`${field}.default`, `must not be set ${context.noDefaults}`));
  }
  for (const name of UNSUPPORTED) {
    const value = (schema as Record<string, unknown>)[name];
    if (value === undefined || (SIZED.has(name) && Object.keys(value as object).length === 0)) continue;
    errors.push(forbidden(`${field}.${name}`, `${name} is not supported`));
  }
  if (type === 'null') {
    const detail = 'type cannot be set to null, use nullable as an alternative';
    errors.push(forbidden(`${field}.type`, detail));
  }
  if (Array.isArray(schema.items)) {
    errors.push(forbidden(`${field}.items`, 'items must be a schema object and not an array'));
  }
  if (context.insideMeta && schema['x-kubernetes-embedded-resource']) {
    const detail = 'must not be used inside of resource meta';
    errors.push(forbidden(`${field}.x-kubernetes-embedded-resource`, detail));
  }
  return errors;
}

function extensions(schema: JSONSchemaProps, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const { type = '' } = schema;
  const mapType = schema['x-kubernetes-map-type'];
  const listType = schema['x-kubernetes-list-type'];
  const mustBe = (wanted: string, extension: string) => {
    const detail = `must be ${wanted} if ${extension} is specified`;
    errors.push(type === '' ? required(`${field}.type`, detail) : invalid(`${field}.type`, type, detail));
  };
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    errors.push(invalid(`${field}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
  }
  if (mapType !== undefined) {
    if (type !== 'object') mustBe('object', 'x-kubernetes-map-type');
    if (mapType !== 'atomic' && mapType !== 'granular') {
      errors.push(notSupported(`${field}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']));
    }
  }
  if (listType === undefined) return errors;
  if (type !== 'array') mustBe('array', 'x-kubernetes-list-type');
  else if (listType === 'set' && isSchema(schema.items))
    errors.push(...setItems(schema.items, `${field}.items`));
  if (!['atomic', 'set', 'map'].includes(listType)) {
    errors.push(notSupported(`${field}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map']));
  }
  if (['set', 'map'].includes(listType) && isSchema(schema.items) && schema.items.nullable) {
    const detail = `cannot be nullable when x-kubernetes-list-type is ${listType}`;
    errors.push(forbidden(`${field}.items.nullable`, detail));
  }
  return errors;
}

/** The items of a set are compared as a whole. */
function setItems(items: JSONSchemaProps, field: string): FieldError[] {
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const listType = items['x-kubernetes-list-type'];
  if (items.type === 'array' && listType !== undefined && listType !== 'atomic') {
    return [invalid(`${field}.x-kubernetes-list-type`, listType, detail)];
  }
  return items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic'
    ? [invalid(`${field}.x-kubernetes-map-type`, items['x-kubernetes-map-type'] ?? null, detail)]
    : [];
}

function listMap(schema: JSONSchemaProps, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (keys.length > 0 && listType !== 'map') {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty';
    const at = `${field}.x-kubernetes-list-type`;
    errors.push(listType === undefined ? required(at, detail) : invalid(at, listType, detail));
  }
  if (listType !== 'map') return errors;
  if (keys.length === 0) {
    const detail = 'must not be empty if x-kubernetes-list-type is map';
    errors.push(required(`${field}.x-kubernetes-list-map-keys`, detail));
  }
  const { items } = schema;
  if (items === undefined) {
    errors.push(required(`${field}.items`, 'must have a schema if x-kubernetes-list-type is map'));
    return errors;
  }
  if (items.type !== 'object') {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    errors.push(invalid(`${field}.items.type`, items.type ?? '', detail));
    return errors;
  }
  keys.forEach((key, index) => {
    const property = items.properties?.[key];
    const at = `${field}.items.properties[${key}]`;
    if (property === undefined) {
      const detail = 'entries must all be names of item properties';
      errors.push(invalid(`${field}.x-kubernetes-list-map-keys`, goStrings(keys), detail));
    } else if (property.type === 'array' || property.type === 'object') {
      const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      errors.push(invalid(`${at}.type`, items.type!, detail));
    }
    if (keys.indexOf(key) < index) {
      const detail = 'must not contain duplicate entries';
      errors.push(invalid(`${field}.x-kubernetes-list-map-keys`, goStrings(keys), detail));
    }
    if (property === undefined) return;
    if (!(items.required ?? []).includes(key) && property.default === undefined) {
      const detail =
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
      errors.push(required(`${at}.default`, detail));
    }
    if (property.nullable) {
      const detail = 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable';
      errors.push(forbidden(`${at}.nullable`, detail));
    }
  });
  return errors;
}

/** The form of rules; whether they compile is another matter. */
function rules(schema: JSONSchemaProps, field: string): FieldError[] {
  return (schema['x-kubernetes-validations'] ?? []).flatMap((rule, index) =>
    ruleForm(rule, schema, `${field}.x-kubernetes-validations[${index}]`),
  );
}

function ruleForm(rule: ValidationRule, schema: JSONSchemaProps, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const { message = '', messageExpression = '', reason, fieldPath = '' } = rule;
  const expression = (rule.rule ?? '').trim();
  const text = message.trim();
  if (expression === '') errors.push(required(`${field}.rule`, 'rule is not specified'));
  else if (message !== '' && text === '') {
    errors.push(invalid(`${field}.message`, message, 'message must be non-empty if specified'));
  } else if (NEWLINES.test(text)) {
    errors.push(invalid(`${field}.message`, message, 'message must not contain line breaks'));
  } else if (NEWLINES.test(expression) && text === '') {
    const detail = 'message must be specified if rule contains line breaks';
    errors.push(required(`${field}.message`, detail));
  }
  if (messageExpression !== '' && messageExpression.trim() === '') {
    const detail = 'messageExpression must be non-empty if specified';
    errors.push(required(`${field}.messageExpression`, detail));
  }
  if (reason !== undefined && !REASONS.includes(reason)) {
    errors.push(notSupported(`${field}.reason`, reason, REASONS));
  }
  if (fieldPath !== '' && fieldPath.trim() === '') {
    errors.push(invalid(`${field}.fieldPath`, fieldPath, 'fieldPath must be non-empty if specified'));
  }
  if (NEWLINES.test(fieldPath)) {
    errors.push(invalid(`${field}.fieldPath`, fieldPath, 'fieldPath must not contain line breaks'));
  }
  if (fieldPath !== '' && !isFieldPath(fieldPath, schema)) {
    errors.push(invalid(`${field}.fieldPath`, fieldPath, 'fieldPath must be a valid path'));
  }
  return errors;
}

const PATH_STEP = /\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/y;

/**
 * True for a path such as ".spec.names['a.b']" that leads to a field of the schema.
 * Models pkg/apiserver/schema/cel/validation.go ValidFieldPath.
 */
function isFieldPath(path: string, schema: JSONSchemaProps): boolean {
  if (structuralFault(schema) !== undefined) return true;
  let part: JSONSchemaProps | undefined = schema;
  PATH_STEP.lastIndex = 0;
  while (PATH_STEP.lastIndex < path.length) {
    const step = PATH_STEP.exec(path);
    if (step === null) return false;
    const name = step[1] ?? step[2]!.replace(/\\(.)/g, '$1');
    part = fieldSchema(part, name);
    if (part === undefined) return false;
  }
  return true;
}
