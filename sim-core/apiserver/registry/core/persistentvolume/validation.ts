import type {
  CinderPersistentVolumeSource,
  CSIPersistentVolumeSource,
  GlusterfsPersistentVolumeSource,
  ISCSIPersistentVolumeSource,
  LocalVolumeSource,
  PersistentVolumeSpec,
  SecretReference,
  StorageOSPersistentVolumeSource,
} from 'kubernetes-types/core/v1';
import { deepCopy, semanticEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  goStruct,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { nameIsDNSLabel, nameIsDNSSubdomain } from '../../../../apimachinery/validation/names.ts';
import { validateImmutableField } from '../../../../apimachinery/validation/object-meta.ts';
import type { Strategy } from '../../rest/strategy.ts';
import { validateAccessModes, VOLUME_MODES } from '../persistentvolumeclaim/claim-spec.ts';
import { BETA_CLASS, BETA_CLASS_WARNING } from '../persistentvolumeclaim/validation.ts';
import { nodeSelectorTermWarnings, volumeWarnings } from '../pod/warnings.ts';
import { validateNodeSelector } from '../validation/affinity.ts';
import {
  validateCSIDriverName,
  validateDNS1123Label,
  validateNameWith,
  validatePathNoBacksteps,
} from '../validation/common.ts';
import { validateBasicResources, validatePositiveQuantity } from '../validation/resources.ts';
import { specDifference } from '../validation/spec-difference.ts';
import type { SourceValidator } from '../validation/volume-sources.ts';
import {
  requiredText,
  SHARED_SOURCES,
  validateISCSI,
  validateOneSource,
  validateSecretRef,
} from '../validation/volume-sources.ts';

const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];
const NAME_LIMIT = 64;

/** Models validatePVSecretReference. */
function validateNamedSecret(reference: SecretReference | undefined, field: string): FieldError[] {
  if (!reference) return [];
  const { name, namespace } = reference;
  return [
    ...(name ? validateNameWith(nameIsDNSSubdomain, name, `${field}.name`) : [required(`${field}.name`)]),
    ...(namespace ? validateDNS1123Label(namespace, `${field}.namespace`) : [required(`${field}.namespace`)]),
  ];
}

/** Models validateCSIPersistentVolumeSource. */
function validateCSI(source: CSIPersistentVolumeSource, field: string): FieldError[] {
  const secrets = [
    'controllerPublishSecretRef',
    'controllerExpandSecretRef',
    'nodePublishSecretRef',
    'nodeExpandSecretRef',
  ] as const;
  return [
    ...validateCSIDriverName(source.driver ?? '', `${field}.driver`),
    ...requiredText(source.volumeHandle, `${field}.volumeHandle`),
    ...secrets.flatMap((key) => validateNamedSecret(source[key], `${field}.${key}`)),
  ];
}

const shared = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, SHARED_SOURCES[name]!]));

/** Where a volume's bytes may be, in upstream's order, each with what must hold for it. */
const sourcesOf = (volumeName: string): Readonly<Record<string, SourceValidator>> => ({
  ...shared('hostPath', 'gcePersistentDisk', 'awsElasticBlockStore'),
  glusterfs: (source: GlusterfsPersistentVolumeSource, field) => {
    const path = `${field}.endpointsNamespace`;
    const { endpointsNamespace: namespace } = source;
    const own = SHARED_SOURCES['glusterfs']!(source as never, field);
    if (namespace === undefined) return own;
    return namespace === ''
      ? [...own, invalid(path, '', 'if the endpointnamespace is set, it must be a valid namespace name')]
      : [...own, ...validateNameWith(nameIsDNSLabel, namespace, path)];
  },
  ...shared('flocker', 'nfs', 'rbd', 'quobyte', 'cephfs'),
  iscsi: (source: ISCSIPersistentVolumeSource, field) => {
    const { targetPortal = '', initiatorName, secretRef } = source;
    const tooLong = initiatorName !== undefined && `${volumeName}:${targetPortal}`.length > NAME_LIMIT;
    const text =
      'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
    return [
      ...validateISCSI(
        source,
        field,
        'must be valid format',
        tooLong ? [invalid(`${field}.targetportal`, targetPortal, text)] : [],
      ),
      ...validateSecretRef(secretRef, `${field}.secretRef`, false),
    ];
  },
  cinder: (source: CinderPersistentVolumeSource, field) => [
    ...requiredText(source.volumeID, `${field}.volumeID`),
    ...validateSecretRef(source.secretRef, `${field}.secretRef`, true),
  ],
  ...shared('fc', 'flexVolume'),
  azureFile: (source: { readonly secretNamespace?: string }, field) => [
    ...SHARED_SOURCES['azureFile']!(source as never, field),
    ...(source.secretNamespace === '' ? [required(`${field}.secretNamespace`)] : []),
  ],
  ...shared('vsphereVolume', 'photonPersistentDisk', 'portworxVolume', 'azureDisk', 'scaleIO'),
  local: (source: LocalVolumeSource, field) =>
    source.path ? validatePathNoBacksteps(source.path, `${field}.path`) : [required(`${field}.path`)],
  storageos: (source: StorageOSPersistentVolumeSource, field) => [
    ...(source.volumeName
      ? validateDNS1123Label(source.volumeName, `${field}.volumeName`)
      : [required(`${field}.volumeName`)]),
    ...(source.volumeNamespace
      ? validateDNS1123Label(source.volumeNamespace, `${field}.volumeNamespace`)
      : []),
    ...validateSecretRef(source.secretRef, `${field}.secretRef`, true),
  ],
  csi: validateCSI,
});
const SOURCE_NAMES = Object.keys(sourcesOf(''));

function validateCapacity(spec: PersistentVolumeSpec): FieldError[] {
  const capacity = (spec.capacity ?? {}) as Record<string, string>;
  const names = Object.keys(capacity).sort();
  const errors = names.length === 0 ? [required('spec.capacity')] : [];
  if (!names.includes('storage') || names.length > 1) {
    const shown = goStruct('core.ResourceList', capacity);
    errors.push(notSupported('spec.capacity', shown, ['storage']));
  }
  return [
    ...errors,
    ...validateBasicResources(capacity, 'spec.capacity'),
    ...names.flatMap((name) => validatePositiveQuantity(capacity[name]!, `spec.capacity[${name}]`)),
  ];
}

/** Models validation.go ValidatePersistentVolumeSpec. */
function validate({ metadata, spec: given }: KubeObject): FieldError[] {
  const spec = given as PersistentVolumeSpec;
  const modes = 'spec.accessModes';
  const errors = [
    ...(spec.accessModes?.length ? [] : [required(modes)]),
    ...validateAccessModes(spec.accessModes, modes),
    ...validateCapacity(spec),
  ];
  const policy = spec.persistentVolumeReclaimPolicy;
  if (policy && !RECLAIM_POLICIES.includes(policy)) {
    errors.push(notSupported('spec.persistentVolumeReclaimPolicy', policy, RECLAIM_POLICIES));
  }
  if (spec.nodeAffinity) {
    const path = 'spec.nodeAffinity.required';
    errors.push(
      ...(spec.nodeAffinity.required
        ? validateNodeSelector(spec.nodeAffinity.required, path)
        : [required(path, 'must specify required node constraints')]),
    );
  }
  errors.push(...validateOneSource(spec as never, sourcesOf(metadata.name ?? ''), 'spec'));
  if (spec.local && !spec.nodeAffinity) {
    errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
  }
  if (policy === 'Recycle' && /^\/*$/.test(spec.hostPath?.path || 'none')) {
    errors.push(
      forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"),
    );
  }
  if (spec.storageClassName) {
    errors.push(...validateNameWith(nameIsDNSSubdomain, spec.storageClassName, 'spec.storageClassName'));
  }
  if (spec.volumeMode !== undefined && !VOLUME_MODES.includes(spec.volumeMode)) {
    errors.push(notSupported('spec.volumeMode', spec.volumeMode, VOLUME_MODES));
  }
  return errors;
}

const sourceOf = (spec: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(SOURCE_NAMES.flatMap((name) => (spec[name] == null ? [] : [[name, spec[name]]])));

/** Models ValidatePersistentVolumeUpdate. */
function validateUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  const errors = validate(object);
  const now = deepCopy(sourceOf(object.spec)) as { csi?: { controllerExpandSecretRef?: object } };
  const before = sourceOf(old.spec) as typeof now;
  if (before.csi && before.csi.controllerExpandSecretRef === undefined) {
    delete now.csi?.controllerExpandSecretRef;
  }
  if (!semanticEqual(now as never, before as never)) {
    const text = 'spec.persistentvolumesource is immutable after creation';
    errors.push(
      forbidden(
        'spec.persistentvolumesource',
        `${text}\n${specDifference('core.PersistentVolumeSource', before, now)}`,
      ),
    );
  }
  errors.push(...validateImmutableField(object.spec.volumeMode, old.spec.volumeMode, 'volumeMode'));
  const affinity = old.spec.nodeAffinity;
  if (affinity !== undefined && !semanticEqual(object.spec.nodeAffinity, affinity)) {
    const shown =
      object.spec.nodeAffinity === undefined
        ? null
        : goStruct('core.VolumeNodeAffinity', object.spec.nodeAffinity);
    errors.push(
      invalid('nodeAffinity', shown, 'field is immutable, except for updating from beta label to GA'),
    );
  }
  return errors;
}

/** Models pkg/api/persistentvolume GetWarningsForPersistentVolume. */
function warningsOf({ metadata, spec }: KubeObject): string[] {
  const terms = (spec as PersistentVolumeSpec).nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return [
    ...(metadata.annotations?.[BETA_CLASS] === undefined ? [] : [BETA_CLASS_WARNING]),
    ...terms.flatMap((term, index) =>
      nodeSelectorTermWarnings(term, `spec.nodeAffinity.required.nodeSelectorTerms[${index}]`),
    ),
    ...volumeWarnings(spec, 'spec'),
  ];
}

/** Models pkg/registry/core/persistentvolume/strategy.go. */
export const strategy: Strategy = {
  prepareForCreate(object) {
    object.status = { phase: 'Pending' };
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  warningsOnCreate: warningsOf,
  warningsOnUpdate: warningsOf,
  validate,
  validateUpdate,
};
