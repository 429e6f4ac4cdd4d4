import { CLASS_ANNOTATION } from '../../../../client-go/component-helpers/storage/class.ts';
import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1';
import { deepCopy, decodedEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { Quantity } from '../../../../apimachinery/quantity/quantity.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { validateImmutableField } from '../../../../apimachinery/validation/object-meta.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { claimSpecWarnings } from '../pod/warnings.ts';
import { specDifference } from '../validation/spec-difference.ts';
import { validateQualifiedName } from '../validation/common.ts';
import {
  isNativeResource,
  validateBasicResources,
  validateResourceQuantityValue,
} from '../validation/resources.ts';
import { validateClaimSpec } from './claim-spec.ts';

export const BETA_CLASS_WARNING = `metadata.annotations[${CLASS_ANNOTATION}]: deprecated since v1.8; use "storageClassName" attribute instead`;
const SIZE = 'spec.resources.requests.storage';
const RESIZE_STATUSES = [
  'ControllerResizeFailed',
  'ControllerResizeInProgress',
  'NodeResizeFailed',
  'NodeResizeInProgress',
  'NodeResizePending',
];
type Claim = PersistentVolumeClaim & { spec: NonNullable<PersistentVolumeClaim['spec']> };

/**
 * A data source in another namespace is not supported; one that upstream would not know becomes none, unless
 * the claim had one before; and either of the two fields fills the other.
 * Models pkg/api/persistentvolumeclaim DropDisabledFields, EnforceDataSourceBackwardsCompatibility and
 * NormalizeDataSources.
 */
function normalizeDataSources({ spec }: KubeObject, old: KubeObject | undefined): void {
  if (spec.dataSourceRef?.namespace && old?.spec.dataSourceRef === undefined) delete spec.dataSourceRef;
  const { dataSource, dataSourceRef } = spec;
  const hadSource = old?.spec.dataSource !== undefined || old?.spec.dataSourceRef !== undefined;
  if (dataSource !== undefined && dataSourceRef === undefined && !hadSource) {
    const group = dataSource.apiGroup ?? '';
    const isClaim = dataSource.kind === 'PersistentVolumeClaim' && group === '';
    const isSnapshot = dataSource.kind === 'VolumeSnapshot' && group === 'snapshot.storage.k8s.io';
    if (!isClaim && !isSnapshot) delete spec.dataSource;
  }
  if (spec.dataSource !== undefined && dataSourceRef === undefined) {
    spec.dataSourceRef = deepCopy(spec.dataSource);
  } else if (spec.dataSource === undefined && dataSourceRef !== undefined && !dataSourceRef.namespace) {
    const { apiGroup, kind, name } = dataSourceRef;
    spec.dataSource = { apiGroup, kind, name };
  }
}

const requested = ({ spec }: Claim) =>
  Quantity.parse((spec.resources?.requests as Record<string, string> | undefined)?.['storage'] ?? '0');

/** The class may be named where an annotation named it, or nothing did. */
function mayNameClass(
  claim: Claim,
  old: Claim,
): { readonly allowed: boolean; readonly fromAnnotation: boolean } {
  const now = claim.spec.storageClassName;
  const before = old.metadata?.annotations?.[CLASS_ANNOTATION];
  const annotation = claim.metadata?.annotations?.[CLASS_ANNOTATION];
  const unset = old.spec.storageClassName === undefined && now !== undefined;
  const fromAnnotation =
    unset && before !== undefined && now === before && (annotation === undefined || annotation === before);
  return { allowed: fromAnnotation || (unset && (before === undefined || now === before)), fromAnnotation };
}

/** Only what is asked for may grow, and the binder names the volume. Models ValidatePersistentVolumeClaimUpdate. */
function validateUpdate(claim: Claim, old: Claim): FieldError[] {
  // Upstream validates the new object, and then all of it again as part of the update.
  const errors = [...validateClaimSpec(claim.spec, 'spec'), ...validateClaimSpec(claim.spec, 'spec')];
  const munged = deepCopy(claim.spec);
  const before = deepCopy(old.spec);
  if (!before.volumeName) copy(munged, before, 'volumeName');
  const { allowed, fromAnnotation } = mayNameClass(claim, old);
  if (allowed) copy(before, munged, 'storageClassName');
  if (!fromAnnotation) {
    errors.push(
      ...validateImmutableField(
        claim.metadata?.annotations?.[CLASS_ANNOTATION] ?? '',
        old.metadata?.annotations?.[CLASS_ANNOTATION] ?? '',
        `metadata.annotations[${CLASS_ANNOTATION}]`,
      ),
    );
  }
  const requests = munged.resources?.requests as Record<string, string> | undefined;
  if (claim.status?.phase === 'Bound' && requests !== undefined) {
    requests['storage'] = (before.resources?.requests as Record<string, string>)['storage']!;
  }
  if (!decodedEqual(munged, before)) {
    const text = 'spec is immutable after creation except resources.requests for bound claims';
    errors.push(
      forbidden('spec', `${text}\n${specDifference('core.PersistentVolumeClaimSpec', before, munged)}`),
    );
  }
  if (requested(claim).compare(requested(old)) < 0) {
    errors.push(forbidden(SIZE, 'field can not be less than previous value'));
  }
  return [...errors, ...validateImmutableField(claim.spec.volumeMode, old.spec.volumeMode, 'volumeMode')];
}

function copy<T extends object, K extends keyof T>(from: T, to: T, key: K): void {
  if (from[key] === undefined) delete to[key];
  else to[key] = from[key];
}

/** Models validatePersistentVolumeClaimResourceKey. */
function validateResourceKey(name: string, field: string): FieldError[] {
  const errors = validateQualifiedName(name, field);
  if (errors.length > 0 || !isNativeResource(name) || name === 'storage') return errors;
  return [notSupported(field, name, ['storage'])];
}

/** Models ValidatePersistentVolumeClaimStatusUpdate. */
function validateStatusUpdate(claim: Claim & { status?: Record<string, never> }): FieldError[] {
  const status = (claim.status ?? {}) as Record<string, Record<string, string> | undefined>;
  const errors = claim.spec.accessModes?.length ? [] : [required('Spec.accessModes')];
  errors.push(...validateBasicResources(status['capacity'], 'status.capacity'));
  const statuses = status['allocatedResourceStatuses'] ?? {};
  for (const name of Object.keys(statuses).sort()) {
    const field = 'status.allocatedResourceStatus';
    errors.push(...validateResourceKey(name, field));
    if (!RESIZE_STATUSES.includes(statuses[name]!)) errors.push(notSupported(field, name, RESIZE_STATUSES));
  }
  const allocated = status['allocatedResources'] ?? {};
  for (const name of Object.keys(allocated).sort()) {
    const field = `status.allocatedResources`;
    const wrongName = validateResourceKey(name, field);
    errors.push(...wrongName);
    if (wrongName.length > 0) continue;
    const value = Quantity.parse(allocated[name]!);
    errors.push(
      ...(value.value() < 0
        ? [invalid(`${field}[${name}]`, value.value(), 'must be a valid resource quantity')]
        : validateResourceQuantityValue('storage', allocated[name]!, `${field}[${name}]`)),
    );
  }
  return errors;
}

const warningsOf = ({ metadata, spec }: KubeObject): string[] => [
  ...(metadata.annotations?.[CLASS_ANNOTATION] === undefined ? [] : [BETA_CLASS_WARNING]),
  ...claimSpecWarnings(spec, 'spec'),
];

/** Models pkg/registry/core/persistentvolumeclaim/strategy.go. */
export const strategy: Strategy = {
  prepareForCreate(object) {
    object.status = { phase: 'Pending' };
    normalizeDataSources(object, undefined);
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
    normalizeDataSources(object, old);
  },
  warningsOnCreate: warningsOf,
  warningsOnUpdate: warningsOf,
  validate: (object) => validateClaimSpec(object.spec, 'spec'),
  validateUpdate: (object, old) => validateUpdate(object as never, old as never),
};

export const status: UpdateStrategy = {
  prepareForUpdate(object, old) {
    object.spec = old.spec;
  },
  validateUpdate: (object) => validateStatusUpdate(object as never),
};
