import type {
  PersistentVolumeClaimSpec,
  PersistentVolumeClaimTemplate,
  TypedLocalObjectReference,
} from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  goStruct,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateLabels, validateLabelSelector } from '../../../../apimachinery/validation/labels.ts';
import { nameIsDNSLabel, nameIsDNSSubdomain } from '../../../../apimachinery/validation/names.ts';
import { validateAnnotations } from '../../../../apimachinery/validation/object-meta.ts';
import { validateNameWith } from '../validation/common.ts';
import { validatePositiveQuantity } from '../validation/resources.ts';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const VOLUME_MODES = ['Block', 'Filesystem'];

/** Each mode is known, and ReadWriteOncePod stands alone. */
export function validateAccessModes(modes: readonly string[] | undefined, field: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const mode of modes ?? []) {
    if (!ACCESS_MODES.includes(mode)) errors.push(notSupported(field, mode, ACCESS_MODES));
  }
  const others = (modes ?? []).some((mode) => mode !== 'ReadWriteOncePod' && ACCESS_MODES.includes(mode));
  if (others && modes?.includes('ReadWriteOncePod')) {
    errors.push(forbidden(field, 'may not use ReadWriteOncePod with other access modes'));
  }
  return errors;
}

/** Models validateDataSource and validateDataSourceRef. */
function validateDataSource(
  source: TypedLocalObjectReference & { readonly namespace?: string },
  field: string,
): FieldError[] {
  const { name, kind = '', apiGroup, namespace } = source;
  const errors: FieldError[] = [];
  if (!name) errors.push(required(`${field}.name`));
  if (!kind) errors.push(required(`${field}.kind`));
  if (!apiGroup && kind !== 'PersistentVolumeClaim') {
    errors.push(
      invalid(field, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"),
    );
  }
  if (namespace) errors.push(...validateNameWith(nameIsDNSLabel, namespace, `${field}.namespace`));
  return errors;
}

/** Models validation.go ValidatePersistentVolumeClaimSpec. */
export function validateClaimSpec(spec: PersistentVolumeClaimSpec, field: string): FieldError[] {
  const modes = `${field}.accessModes`;
  const errors = spec.accessModes?.length ? [] : [required(modes, 'at least 1 access mode is required')];
  errors.push(
    ...validateLabelSelector(spec.selector, `${field}.selector`),
    ...validateAccessModes(spec.accessModes, modes),
  );
  const storage = (spec.resources?.requests as Record<string, string> | undefined)?.['storage'];
  const path = `${field}.resources[storage]`;
  errors.push(...(storage === undefined ? [required(path)] : validatePositiveQuantity(storage, path)));
  if (spec.storageClassName) {
    errors.push(...validateNameWith(nameIsDNSSubdomain, spec.storageClassName, `${field}.storageClassName`));
  }
  if (spec.volumeMode !== undefined && !VOLUME_MODES.includes(spec.volumeMode)) {
    errors.push(notSupported(`${field}.volumeMode`, spec.volumeMode, VOLUME_MODES));
  }
  const { dataSource, dataSourceRef } = spec;
  if (dataSource) errors.push(...validateDataSource(dataSource, `${field}.dataSource`));
  if (!dataSourceRef) return errors;
  errors.push(...validateDataSource(dataSourceRef, `${field}.dataSourceRef`));
  if (!dataSource) return errors;
  const { apiGroup, kind, name, namespace } = dataSourceRef as TypedLocalObjectReference & {
    readonly namespace?: string;
  };
  // Upstream gives the path itself as the value.
  const shown = goStruct('field.Path', { name: 'dataSource' });
  const same = dataSource.apiGroup === apiGroup && dataSource.kind === kind && dataSource.name === name;
  if (namespace) {
    errors.push(invalid(field, shown, 'may not be specified when dataSourceRef.namespace is specified'));
  } else if (!same) errors.push(invalid(field, shown, 'must match dataSourceRef'));
  return errors;
}

/** The claim that a pod's volume makes. Models ValidatePersistentVolumeClaimTemplate. */
export function validateClaimTemplate(template: PersistentVolumeClaimTemplate, field: string): FieldError[] {
  const { labels, annotations, ...others } = (template.metadata ?? {}) as Record<string, never>;
  const metadata = `${field}.metadata`;
  return [
    ...validateAnnotations(annotations, `${metadata}.annotations`),
    ...validateLabels(labels, `${metadata}.labels`),
    ...Object.keys(others)
      .filter((key) => others[key] != null)
      .map((key) => forbidden(`${metadata}.${key}`, 'cannot be set')),
    ...validateClaimSpec(template.spec ?? {}, `${field}.spec`),
  ];
}
