import { decodedEqual } from '../copy.ts';
import { goQuote, isPrintable } from '../go-format.ts';
import type { Json, ObjectMeta, OwnerReference } from '../object.ts';
import { parseApiVersion } from '../object.ts';
import type { FieldError } from './field-error.ts';
import { forbidden, goStrings, GoLiteral, invalid, notSupported, required, tooLong } from './field-error.ts';
import { validateLabels } from './labels.ts';
import type { ValidateName } from './names.ts';
import { byteLength, isQualifiedName, nameIsDNSLabel } from './names.ts';

const TOTAL_ANNOTATION_SIZE_LIMIT = 256 * 1024;
const FINALIZER_ORPHAN = 'orphan';
const FINALIZER_FOREGROUND = 'foregroundDeletion';
const STANDARD_FINALIZERS = ['kubernetes', FINALIZER_ORPHAN, FINALIZER_FOREGROUND];

/** What is said of a field that may not change. Models FieldImmutableErrorMsg. */
const FIELD_IMMUTABLE = 'field is immutable';

/**
 * All that is wrong with a new object's metadata; a generated name is made already.
 * `field` is "metadata", or a template's path.
 *
 * Models k8s.io/apimachinery/pkg/api/validation/objectmeta.go ValidateObjectMeta.
 */
export function validateObjectMeta(
  meta: ObjectMeta,
  namespaced: boolean,
  validateName: ValidateName,
  field = 'metadata',
): FieldError[] {
  return [
    ...validateObjectName(meta, validateName, field),
    ...validateObjectMetaBelowName(meta, namespaced, field),
  ];
}

/** What {@link validateObjectMeta} finds first: whether name and generateName are such as the kind's have to be. */
export function validateObjectName(
  { generateName = '', name = '' }: ObjectMeta,
  validateName: ValidateName,
  field = 'metadata',
): FieldError[] {
  const errors: FieldError[] = [];
  if (generateName !== '') {
    for (const text of validateName(generateName, true)) {
      errors.push(invalid(`${field}.generateName`, generateName, text));
    }
  }
  if (name === '') {
    errors.push(required(`${field}.name`, 'name or generateName is required'));
  } else {
    for (const text of validateName(name, false)) errors.push(invalid(`${field}.name`, name, text));
  }
  return errors;
}

/** What {@link validateObjectMeta} finds after that, which is the same for all names. */
export function validateObjectMetaBelowName(
  meta: ObjectMeta,
  namespaced: boolean,
  field = 'metadata',
): FieldError[] {
  const errors: FieldError[] = [];
  const { namespace = '' } = meta;
  if (namespaced) {
    if (namespace === '') errors.push(required(`${field}.namespace`));
    else {
      for (const text of nameIsDNSLabel(namespace, false)) {
        errors.push(invalid(`${field}.namespace`, namespace, text));
      }
    }
  } else if (namespace !== '') {
    errors.push(forbidden(`${field}.namespace`, 'not allowed on this type'));
  }
  if ((meta.generation ?? 0) < 0) {
    errors.push(invalid(`${field}.generation`, meta.generation, 'must be greater than or equal to 0'));
  }
  const { labels, annotations, ownerReferences, finalizers, managedFields } = meta;
  if (labels) errors.push(...validateLabels(labels, `${field}.labels`));
  if (annotations) errors.push(...validateAnnotations(annotations, `${field}.annotations`));
  if (ownerReferences) errors.push(...validateOwnerReferences(ownerReferences, `${field}.ownerReferences`));
  if (finalizers) errors.push(...validateFinalizers(finalizers, `${field}.finalizers`));
  if (managedFields) errors.push(...validateManagedFields(managedFields, `${field}.managedFields`));
  return errors;
}

/**
 * All that is wrong with a changed object's metadata.
 * Models k8s.io/apimachinery/pkg/api/validation/objectmeta.go ValidateObjectMetaUpdate.
 */
export function validateObjectMetaUpdate(
  meta: ObjectMeta,
  old: ObjectMeta,
  field = 'metadata',
): FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp !== undefined) {
    const added = [...new Set(meta.finalizers)]
      .filter((finalizer) => !old.finalizers?.includes(finalizer))
      .sort();
    if (added.length > 0) {
      errors.push(
        forbidden(
          `${field}.finalizers`,
          `no new finalizers can be added if the object is being deleted, found new finalizers ${goStrings(added).text}`,
        ),
      );
    }
  }
  if (!meta.resourceVersion) {
    errors.push(invalid(`${field}.resourceVersion`, '', 'must be specified for an update'));
  }
  if ((meta.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalid(`${field}.generation`, meta.generation ?? 0, 'must not be decremented'));
  }
  for (const name of IMMUTABLE_TEXTS) {
    if (meta[name] === old[name]) continue;
    errors.push(...validateImmutableField(meta[name] ?? '', old[name] ?? '', `${field}.${name}`));
  }
  for (const name of IMMUTABLE_TIMES) {
    if (meta[name] === old[name]) continue;
    errors.push(...validateImmutableTime(meta[name], old[name], `${field}.${name}`));
  }
  if (meta.deletionGracePeriodSeconds !== old.deletionGracePeriodSeconds) {
    const { deletionGracePeriodSeconds: seconds = null } = meta;
    const before = old.deletionGracePeriodSeconds ?? null;
    errors.push(...validateImmutableField(seconds, before, `${field}.deletionGracePeriodSeconds`));
  }
  const { labels, annotations, ownerReferences, managedFields } = meta;
  if (labels) errors.push(...validateLabels(labels, `${field}.labels`));
  if (annotations) errors.push(...validateAnnotations(annotations, `${field}.annotations`));
  if (ownerReferences) errors.push(...validateOwnerReferences(ownerReferences, `${field}.ownerReferences`));
  if (managedFields) errors.push(...validateManagedFields(managedFields, `${field}.managedFields`));
  return errors;
}

/** What of an object's metadata never changes, in the order in which it is looked at. */
const IMMUTABLE_TEXTS = ['name', 'namespace', 'uid'] as const;
const IMMUTABLE_TIMES = ['creationTimestamp', 'deletionTimestamp'] as const;

/** Models ValidateImmutableField. A structure's Go form must come as a GoLiteral in `shown`. */
export function validateImmutableField(
  value: Json | undefined,
  old: Json | undefined,
  field: string,
  shown: Json | GoLiteral | undefined = value,
): FieldError[] {
  return decodedEqual(value, old) ? [] : [invalid(field, shown ?? null, FIELD_IMMUTABLE)];
}

function validateImmutableTime(
  value: string | undefined,
  old: string | undefined,
  field: string,
): FieldError[] {
  const shown =
    value === undefined ? null : new GoLiteral(value.replace(/^(\S+)T(\S+?)(?:\.\d+)?Z$/, '$1 $2 +0000 UTC'));
  return validateImmutableField(value, old, field, shown);
}

/** Models ValidateAnnotations: keys are qualified names in any case; all of it is at most 256 KiB. */
export function validateAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const key of Object.keys(annotations ?? {}).sort()) {
    for (const text of isQualifiedName(key.toLowerCase())) errors.push(invalid(field, key, text));
    size += byteLength(key) + byteLength(annotations![key]!);
  }
  if (size > TOTAL_ANNOTATION_SIZE_LIMIT) {
    errors.push(tooLong(field, TOTAL_ANNOTATION_SIZE_LIMIT));
  }
  return errors;
}

/** Models ValidateOwnerReferences. */
function validateOwnerReferences(
  references: readonly OwnerReference[] | undefined,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  let controller: string | undefined;
  for (const reference of references ?? []) {
    errors.push(...validateOwnerReference(reference, field));
    if (reference.controller !== true) continue;
    const name = `${reference.kind}/${reference.name}`;
    if (controller === undefined) controller = name;
    else {
      errors.push(
        invalid(
          field,
          new GoLiteral(`[]v1.OwnerReference{${references!.map(goOwnerReference).join(', ')}}`),
          `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`,
        ),
      );
    }
  }
  return errors;
}

function validateOwnerReference(reference: OwnerReference, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const { apiVersion = '', kind = '', name = '', uid = '' } = reference;
  const { group, version } =
    apiVersion.split('/').length > 2 ? { group: '', version: '' } : parseApiVersion(apiVersion);
  if (version === '') errors.push(invalid(`${field}.apiVersion`, apiVersion, 'version must not be empty'));
  if (kind === '') errors.push(invalid(`${field}.kind`, kind, 'kind must not be empty'));
  if (name === '') errors.push(invalid(`${field}.name`, name, 'name must not be empty'));
  if (uid === '') errors.push(invalid(`${field}.uid`, uid, 'uid must not be empty'));
  if (group === '' && version === 'v1' && kind === 'Event') {
    errors.push(
      invalid(
        field,
        new GoLiteral(goOwnerReference(reference)),
        '/v1, Kind=Event is disallowed from being an owner',
      ),
    );
  }
  return errors;
}

// Go prints pointers to booleans by their address; any address is as good as another.
const goPointer = (value: boolean | undefined) =>
  value === undefined ? '(*bool)(nil)' : '(*bool)(0xc000000000)';
const goOwnerReference = (reference: OwnerReference) =>
  `v1.OwnerReference{APIVersion:${goQuote(reference.apiVersion ?? '')}, ` +
  `Kind:${goQuote(reference.kind ?? '')}, Name:${goQuote(reference.name ?? '')}, ` +
  `UID:${goQuote(reference.uid ?? '')}, Controller:${goPointer(reference.controller)}, ` +
  `BlockOwnerDeletion:${goPointer(reference.blockOwnerDeletion)}}`;

/** Models ValidateFinalizers: qualified names, and not both ways to treat dependents. */
function validateFinalizers(finalizers: readonly string[] | undefined, field: string): FieldError[] {
  const errors = (finalizers ?? []).flatMap((finalizer) =>
    isQualifiedName(finalizer).map((text) => invalid(field, finalizer, text)),
  );
  if (finalizers?.includes(FINALIZER_ORPHAN) && finalizers.includes(FINALIZER_FOREGROUND)) {
    errors.push(
      invalid(
        field,
        goStrings(finalizers),
        `finalizer ${FINALIZER_ORPHAN} and ${FINALIZER_FOREGROUND} cannot be both set`,
      ),
    );
  }
  return errors;
}

/**
 * A finalizer without a domain must be one of the standard ones. Kinds of the core group and those
 * that share their validation check it; custom resources do not.
 *
 * Models pkg/apis/core/validation/validation.go ValidateObjectMeta and validateKubeFinalizerName.
 */
export function validateStandardFinalizers(
  finalizers: readonly string[] | undefined,
  field = 'metadata.finalizers',
): FieldError[] {
  return (finalizers ?? []).flatMap((finalizer, index) =>
    finalizer.includes('/') || STANDARD_FINALIZERS.includes(finalizer)
      ? []
      : [
          invalid(
            `${field}[${index}]`,
            finalizer,
            'name is neither a standard finalizer name nor is it fully qualified',
          ),
        ],
  );
}

/** Models k8s.io/apimachinery/pkg/apis/meta/v1/validation ValidateManagedFields. */
function validateManagedFields(entries: readonly Json[] | undefined, field: string): FieldError[] {
  const errors: FieldError[] = [];
  (entries ?? []).forEach((entry, index) => {
    const { operation, fieldsType, manager, subresource } = entry as Record<string, string | undefined>;
    const at = (name: string) => `${field}[${index}].${name}`;
    if (operation !== 'Apply' && operation !== 'Update') {
      errors.push(invalid(at('operation'), operation ?? '', 'must be `Apply` or `Update`'));
    }
    if (fieldsType !== undefined && fieldsType !== '' && fieldsType !== 'FieldsV1') {
      errors.push(invalid(at('fieldsType'), fieldsType, 'must be `FieldsV1`'));
    }
    if (!PLAIN_MANAGER.test(manager ?? '')) errors.push(...validateFieldManager(manager!, at('manager')));
    if (byteLength(subresource ?? '') > 256) errors.push(tooLong(at('subresource'), 256));
  });
  return errors;
}

/** What nothing can be wrong with. */
const PLAIN_MANAGER = /^[ -~]{0,128}$/;

/** Models k8s.io/apimachinery/pkg/apis/meta/v1/validation ValidateFieldManager. */
function validateFieldManager(manager: string, field: string): FieldError[] {
  if (PLAIN_MANAGER.test(manager)) return [];
  const errors = byteLength(manager) > 128 ? [tooLong(field, 128)] : [];
  let position = 0;
  for (const character of manager) {
    if (!isPrintable(character)) {
      const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      errors.push(invalid(field, manager, `invalid character U+${code} (at position ${position})`));
    }
    position += byteLength(character);
  }
  return errors;
}

/** The options that every write takes. */
export interface WriteOptions {
  readonly fieldManager?: string;
  readonly dryRun?: readonly string[];
  readonly fieldValidation?: string;
}

/** Models ValidateCreateOptions and ValidateUpdateOptions, which are the same. */
export function validateWriteOptions(options: WriteOptions): FieldError[] {
  return [
    ...validateFieldManager(options.fieldManager ?? '', 'fieldManager'),
    ...validateDryRun(options.dryRun ?? [], 'dryRun'),
    ...(['', 'Ignore', 'Strict', 'Warn'].includes(options.fieldValidation ?? '')
      ? []
      : [notSupported('fieldValidation', options.fieldValidation, ['', 'Ignore', 'Strict', 'Warn'])]),
  ];
}

/** Models ValidatePatchOptions. `apply` is true for a server-side apply. */
export function validatePatchOptions(
  options: WriteOptions & { readonly force?: boolean },
  apply: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  if (apply && !options.fieldManager) errors.push(required('fieldManager', 'is required for apply patch'));
  if (!apply && options.force !== undefined) {
    errors.push(forbidden('force', 'may not be specified for non-apply patch'));
  }
  return [...errors, ...validateWriteOptions(options)];
}

/** Models ValidateDeleteOptions. */
export function validateDeleteOptions(options: {
  readonly orphanDependents?: boolean;
  readonly propagationPolicy?: string;
  readonly dryRun?: readonly string[];
}): FieldError[] {
  const errors: FieldError[] = [];
  const policy = options.propagationPolicy;
  if (options.orphanDependents !== undefined && policy !== undefined) {
    errors.push(
      invalid('propagationPolicy', policy, 'orphanDependents and deletionPropagation cannot be both set'),
    );
  }
  const policies = ['Foreground', 'Background', 'Orphan'];
  if (policy !== undefined && !policies.includes(policy)) {
    errors.push(notSupported('propagationPolicy', policy, [...policies, 'nil']));
  }
  return [...errors, ...validateDryRun(options.dryRun ?? [], 'dryRun')];
}

/** Models ValidateDryRun. */
function validateDryRun(values: readonly string[], field: string): FieldError[] {
  return values.every((value) => value === 'All') ? [] : [notSupported(field, goStrings(values), ['All'])];
}
