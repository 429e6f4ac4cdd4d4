import { goStrings, GoLiteral, goStruct } from '../../../../apimachinery/validation/field-error.ts';
import { decodedEqual } from '../../../../apimachinery/copy.ts';
import { isPrintable } from '../../../../apimachinery/go-format.ts';
import type { Json } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { isDNS1035Label, isDNS1123Subdomain } from '../../../../apimachinery/validation/names.ts';
import { validateImmutableField } from '../../../../apimachinery/validation/object-meta.ts';
import { validateClientConfig } from '../../../util/webhook/validation.ts';
import { isURI } from '../../../util/formats.ts';
import { partsOf } from '../../schema/traverse.ts';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceNames,
  CustomResourceVersion,
  JSONSchemaProps,
} from '../../types.ts';
import { isConditionTrue, NO_VERSIONS } from '../../types.ts';
import { validateDefaults } from './defaults.ts';
import { ROOT, validateOpenAPISchema } from './openapi-schema.ts';
import { structuralFault, validateStructural } from './structural.ts';
import { validateColumn, validateSelectableFields, validateSubresources } from './version-parts.ts';

/**
 * Compiles the rules of a schema; returns what does not compile. `field` is the schema's; `schemaErrors` are what
 * is wrong with it besides.
 */
export type CheckRules = (
  schema: JSONSchemaProps,
  field: string,
  schemaErrors: readonly FieldError[],
) => FieldError[];

const APPROVAL = 'api-approved.kubernetes.io';
const REVIEW_VERSIONS = ['v1', 'v1beta1'];

/** Models ValidateCustomResourceDefinition. */
export function validateDefinition(crd: CustomResourceDefinition, checkRules: CheckRules): FieldError[] {
  return [
    ...validateName(crd),
    ...validateSpec(crd.spec, checkRules),
    ...validateNames(crd.status.acceptedNames, 'status.acceptedNames'),
    ...validateStoredVersions(crd),
    ...validateApproval(crd, undefined),
    ...(crd.spec.preserveUnknownFields === true ? [preservesUnknown()] : []),
  ];
}

/** Models ValidateCustomResourceDefinitionUpdate. */
export function validateDefinitionUpdate(
  crd: CustomResourceDefinition,
  old: CustomResourceDefinition,
  checkRules: CheckRules,
): FieldError[] {
  const errors = validateSpec(crd.spec, checkRules);
  const immutable = (now: Json | undefined, before: Json | undefined, field: string) =>
    errors.push(...validateImmutableField(now, before, field));
  if (isConditionTrue(old, 'Established')) {
    immutable(crd.spec.scope, old.spec.scope, 'spec.scope');
    immutable(crd.spec.names.kind, old.spec.names.kind, 'spec.names.kind');
  }
  immutable(crd.spec.group, old.spec.group, 'spec.group');
  immutable(crd.spec.names.plural, old.spec.names.plural, 'spec.names.plural');
  return [
    ...errors,
    ...validateNames(crd.status.acceptedNames, 'status.acceptedNames'),
    ...validateStoredVersions(crd),
    ...validateApproval(crd, old),
    ...(crd.spec.preserveUnknownFields === true && old.spec.preserveUnknownFields !== true
      ? [preservesUnknown()]
      : []),
  ];
}

/** Of the status subresource. */
export function validateDefinitionStatus(crd: CustomResourceDefinition): FieldError[] {
  return validateNames(crd.status.acceptedNames, 'status.acceptedNames');
}

const preservesUnknown = () =>
  invalid(
    'spec.preserveUnknownFields',
    true,
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
  );

function validateName({ metadata, spec }: CustomResourceDefinition): FieldError[] {
  const wanted = `${spec.names.plural}.${spec.group}`;
  return (['generateName', 'name'] as const).flatMap((field) => {
    const value = metadata[field] ?? '';
    return value === '' || value === wanted
      ? []
      : [invalid(`metadata.${field}`, value, 'must be spec.names.plural+"."+spec.group')];
  });
}

/** A list of versions as Go prints it; nobody wants to read more of it. */
const versionsValue = (versions: readonly CustomResourceVersion[]) =>
  new GoLiteral(
    '[]apiextensions.CustomResourceDefinitionVersion' +
      (versions === NO_VERSIONS ? '(nil)' : `{${versions.map(({ name }) => name).join(', ')}}`),
  );

function validateSpec(spec: CustomResourceDefinitionSpec, checkRules: CheckRules): FieldError[] {
  const errors: FieldError[] = [];
  const { group, scope, names, versions } = spec;
  if (!group) errors.push(required('spec.group'));
  else {
    const faults = isDNS1123Subdomain(group);
    if (faults.length > 0) errors.push(invalid('spec.group', group, faults.join(',')));
    else if (!group.includes('.')) {
      errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'));
    }
  }
  if (!scope) errors.push(required('spec.scope'));
  else if (!['Cluster', 'Namespaced'].includes(scope)) {
    errors.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']));
  }
  const shared = sharedParts(versions);
  versions.forEach((version, index) => {
    if (version.schema?.openAPIV3Schema === undefined) {
      const field = `spec.versions[${index}].schema.openAPIV3Schema`;
      errors.push(required(field, 'schemas are required'));
    }
  });
  if (spec.preserveUnknownFields === true && versions.some(hasDefaults)) {
    const detail = 'must be false in order to use defaults in the schema';
    errors.push(invalid('spec.preserveUnknownFields', true, detail));
  }
  versions.forEach((version, index) => {
    errors.push(...validateVersion(version, `spec.versions[${index}]`, shared, checkRules));
  });
  if (new Set(versions.map(({ name }) => name)).size < versions.length) {
    errors.push(invalid('spec.versions', versionsValue(versions), 'must contain unique version names'));
  }
  if (versions.filter(({ storage }) => storage).length !== 1) {
    const detail = 'must have exactly one version marked as storage version';
    errors.push(invalid('spec.versions', versionsValue(versions), detail));
  }
  // The internal form repeats the name of the first version.
  const faults = versions[0]?.name ? isDNS1035Label(versions[0].name) : [];
  if (faults.length > 0) errors.push(invalid('spec.version', versions[0]!.name, faults.join(',')));
  for (const name of ['plural', 'singular', 'kind', 'listKind'] as const) {
    if (!names[name]) errors.push(required(`spec.names.${name}`));
  }
  errors.push(...validateNames(names, 'spec.names'));
  const first = versions[0];
  if (first !== undefined)
    errors.push(...validateParts(first, shared, 'spec', 'spec.validation', checkRules));
  const { strategy = 'None' } = spec.conversion ?? {};
  if (spec.preserveUnknownFields === true && strategy !== 'None') {
    const detail = 'must be None if spec.preserveUnknownFields is true';
    errors.push(invalid('spec.conversion.strategy', strategy, detail));
  }
  errors.push(...validateConversion(spec.conversion));
  return errors;
}

/**
 * Parts that all versions have alike: upstream keeps them once, outside of the versions, and its errors
 * point there. Models the conversion to the internal version.
 */
interface SharedParts {
  readonly schema: boolean;
  readonly subresources: boolean;
  readonly additionalPrinterColumns: boolean;
  readonly selectableFields: boolean;
}

function sharedParts(versions: readonly CustomResourceVersion[]): SharedParts {
  const alike = (part: keyof SharedParts) =>
    versions.every((version) => decodedEqual(version[part], versions[0]![part]));
  return {
    schema: alike('schema'),
    subresources: alike('subresources'),
    additionalPrinterColumns: alike('additionalPrinterColumns'),
    selectableFields: alike('selectableFields'),
  };
}

function validateVersion(
  version: CustomResourceVersion,
  field: string,
  shared: SharedParts,
  checkRules: CheckRules,
): FieldError[] {
  const errors: FieldError[] = [];
  const faults = isDNS1035Label(version.name ?? '');
  if (faults.length > 0) errors.push(invalid(`${field}.name`, version.name ?? '', faults.join(',')));
  for (const text of deprecationFaults(version)) {
    errors.push(invalid(`${field}.deprecationWarning`, version.deprecationWarning, text));
  }
  const own: SharedParts = {
    schema: !shared.schema,
    subresources: !shared.subresources,
    additionalPrinterColumns: !shared.additionalPrinterColumns,
    selectableFields: !shared.selectableFields,
  };
  return [...errors, ...validateParts(version, own, field, `${field}.schema`, checkRules)];
}

/** Models validateDeprecationWarning. */
function deprecationFaults({ deprecated, deprecationWarning: text }: CustomResourceVersion): string[] {
  if (text === undefined) return [];
  if (deprecated !== true) return ['can only be set for deprecated versions'];
  const faults: string[] = [];
  if (text.length > 256) faults.push('must be <= 256 characters long');
  if (text === '') faults.push('must not be an empty string');
  const index = [...text].findIndex((character) => !isPrintable(character));
  if (index >= 0) {
    faults.push(
      `must only contain printable UTF-8 characters; non-printable character found at index ${index}`,
    );
  }
  return faults;
}

/** Those parts of a version that stand at `field`. */
function validateParts(
  version: CustomResourceVersion,
  which: SharedParts,
  field: string,
  schemaField: string,
  checkRules: CheckRules,
): FieldError[] {
  const errors: FieldError[] = [];
  const schema = version.schema?.openAPIV3Schema;
  if (which.schema && schema !== undefined) {
    const hasStatus = version.subresources?.status !== undefined;
    errors.push(...validateSchema(schema, schemaField, hasStatus, checkRules));
  }
  if (which.subresources) errors.push(...validateSubresources(version, `${field}.subresources`));
  if (which.additionalPrinterColumns) {
    (version.additionalPrinterColumns ?? []).forEach((column, index) => {
      errors.push(...validateColumn(column, `${field}.additionalPrinterColumns[${index}]`));
    });
  }
  if (which.selectableFields) {
    errors.push(...validateSelectableFields(version, `${field}.selectableFields`));
  }
  return errors;
}

/** Fields that a schema with a status subresource may have at its root. */
const ROOT_FIELDS = [
  'Description',
  'Type',
  'Format',
  'Title',
  'Maximum',
  'ExclusiveMaximum',
  'Minimum',
  'ExclusiveMinimum',
  'MaxLength',
  'MinLength',
  'Pattern',
  'MaxItems',
  'MinItems',
  'UniqueItems',
  'MultipleOf',
  'Required',
  'Items',
  'Properties',
  'ExternalDocs',
  'Example',
  'XPreserveUnknownFields',
  'XValidations',
];
const goName = (name: string) =>
  name.startsWith('x-kubernetes-')
    ? `X${name
        .slice('x-kubernetes-'.length)
        .split('-')
        .map((word) => word[0]!.toUpperCase() + word.slice(1))
        .join('')}`
    : name[0]!.toUpperCase() + name.slice(1);

/** Models validateCustomResourceDefinitionValidation. */
function validateSchema(
  schema: JSONSchemaProps,
  field: string,
  hasStatus: boolean,
  checkRules: CheckRules,
): FieldError[] {
  const at = `${field}.openAPIV3Schema`;
  const errors: FieldError[] = [];
  if (hasStatus) {
    if (schema.type !== undefined && schema.type !== 'object') {
      const detail =
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
      errors.push(invalid(`${at}.type`, schema.type, detail));
    } else if (Object.keys(schema).some((name) => !ROOT_FIELDS.includes(goName(name)))) {
      const detail = `only [${ROOT_FIELDS.join(' ')}] fields are allowed at the root of the schema if the status subresource is enabled`;
      errors.push(invalid(at, goStruct('apiextensions.JSONSchemaProps', schema), detail));
    }
  }
  if (schema.nullable) errors.push(forbidden(`${at}.nullable`, 'nullable cannot be true at the root'));
  const fault = structuralFault(schema);
  const structure = fault === undefined ? structureErrors(schema, at) : [];
  const form = validateOpenAPISchema(schema, at, ROOT);
  errors.push(...structure, ...form);
  // Rules are compiled against types: those must be right first.
  const hasTypes = fault === undefined && structure.length === 0;
  if (hasTypes && someSchema(schema, hasRules)) errors.push(...checkRules(schema, at, form));
  if (errors.length === 0 && fault !== undefined) errors.push(invalid(at, '', fault));
  return errors;
}

function structureErrors(schema: JSONSchemaProps, field: string): FieldError[] {
  const errors = validateStructural(schema, field);
  return errors.length > 0 ? errors : validateDefaults(schema, field);
}

const hasRules = (part: JSONSchemaProps) => (part['x-kubernetes-validations'] ?? []).length > 0;

function hasDefaults({ schema }: CustomResourceVersion): boolean {
  const root = schema?.openAPIV3Schema;
  return root !== undefined && someSchema(root, (part) => part.default !== undefined);
}

/** True if a schema or a part of it is such a one. */
const someSchema = (schema: JSONSchemaProps, isSuch: (part: JSONSchemaProps) => boolean): boolean =>
  isSuch(schema) || partsOf(schema).some((part) => someSchema(part, isSuch));

/** Models ValidateCustomResourceDefinitionNames. */
function validateNames(names: CustomResourceNames, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const check = (name: string | undefined, at: string, mixedCase: boolean) => {
    if (!name) return;
    const faults = isDNS1035Label(mixedCase ? name.toLowerCase() : name);
    if (faults.length === 0) return;
    const said = mixedCase ? 'may have mixed case, but should otherwise match: ' : '';
    errors.push(invalid(`${field}.${at}`, name, said + faults.join(',')));
  };
  const checkItem = (name: string, at: string) => {
    const faults = isDNS1035Label(name);
    if (faults.length > 0) errors.push(invalid(`${field}.${at}`, name, faults.join(',')));
  };
  check(names.plural, 'plural', false);
  check(names.singular, 'singular', false);
  check(names.kind, 'kind', true);
  check(names.listKind, 'listKind', true);
  (names.shortNames ?? []).forEach((name, index) => checkItem(name, `shortNames[${index}]`));
  if (names.kind && names.kind === names.listKind) {
    errors.push(invalid(`${field}.listKind`, names.listKind, 'kind and listKind may not be the same'));
  }
  (names.categories ?? []).forEach((name, index) => checkItem(name, `categories[${index}]`));
  return errors;
}

function validateConversion(conversion: CustomResourceDefinitionSpec['conversion']): FieldError[] {
  if (conversion === undefined) return [];
  const field = 'spec.conversion';
  const { strategy, webhook } = conversion;
  if (strategy === 'Webhook') {
    return [
      ...(webhook?.clientConfig === undefined
        ? [required(`${field}.webhookClientConfig`, 'required when strategy is set to Webhook')]
        : validateClientConfig(webhook.clientConfig, `${field}.webhookClientConfig`)),
      ...reviewVersions(webhook?.conversionReviewVersions ?? [], `${field}.conversionReviewVersions`),
    ];
  }
  const errors: FieldError[] = [];
  if (!strategy) errors.push(required(`${field}.strategy`));
  else if (strategy !== 'None') {
    errors.push(notSupported(`${field}.strategy`, strategy, ['None', 'Webhook']));
  }
  const detail = 'should not be set when strategy is not set to Webhook';
  if (webhook?.clientConfig !== undefined) errors.push(forbidden(`${field}.webhookClientConfig`, detail));
  if ((webhook?.conversionReviewVersions ?? []).length > 0) {
    errors.push(forbidden(`${field}.conversionReviewVersions`, detail));
  }
  return errors;
}

/** Models validateConversionReviewVersions. */
function reviewVersions(versions: readonly string[], field: string): FieldError[] {
  if (versions.length === 0) return [required(field)];
  const errors = versions.flatMap((version, index) =>
    versions.indexOf(version) < index
      ? [invalid(`${field}[${index}]`, version, 'duplicate version')]
      : isDNS1035Label(version).map((text) => invalid(`${field}[${index}]`, version, text)),
  );
  return versions.some((version) => REVIEW_VERSIONS.includes(version))
    ? errors
    : [
        ...errors,
        invalid(field, goStrings(versions), `must include at least one of ${REVIEW_VERSIONS.join(', ')}`),
      ];
}

function validateStoredVersions({ spec, status }: CustomResourceDefinition): FieldError[] {
  const field = 'status.storedVersions';
  const stored = status.storedVersions ?? [];
  if (stored.length === 0) {
    return [invalid(field, new GoLiteral('[]string(nil)'), 'must have at least one stored version')];
  }
  const left = new Map(stored.map((name, index) => [name, index]));
  const errors: FieldError[] = [];
  for (const { name, storage } of spec.versions) {
    if (storage && !left.has(name)) {
      errors.push(invalid(field, goStrings(stored), `must have the storage version ${name}`));
    }
    left.delete(name);
  }
  return [
    ...errors,
    ...[...left].map(([name, index]) => invalid(`${field}[${index}]`, name, 'must appear in spec.versions')),
  ];
}

/** Groups of the community need its approval. Models validateAPIApproval. */
function validateApproval(
  { metadata, spec }: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): FieldError[] {
  const { group = '' } = spec;
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return [];
  const approval = metadata.annotations?.[APPROVAL] ?? '';
  if (old !== undefined && (old.metadata.annotations?.[APPROVAL] ?? '') === approval) return [];
  const field = `metadata.annotations[${APPROVAL}]`;
  const see = 'see https://github.com/kubernetes/enhancements/pull/1111';
  if (approval === '') {
    return [
      required(field, `protected groups must have approval annotation ${JSON.stringify(APPROVAL)}, ${see}`),
    ];
  }
  const isURL = isURI(approval) && /^[a-z][a-z0-9+.-]*:\/\/[^/]+/i.test(approval);
  return approval.startsWith('unapproved') || isURL
    ? []
    : [
        invalid(
          field,
          approval,
          `protected groups must have approval annotation ${JSON.stringify(APPROVAL)} with either a URL or a reason starting with "unapproved", ${see}`,
        ),
      ];
}
