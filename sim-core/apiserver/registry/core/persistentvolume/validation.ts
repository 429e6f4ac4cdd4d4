import { CLASS_ANNOTATION } from '../../../../client-go/component-helpers/storage/class.ts';
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
import { isEmptied } from '../../../../apimachinery/json/emptied.ts';
import { deepCopy, decodedEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  GoLiteral,
  goStruct,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { goResourceList } from '../../../../apimachinery/validation/go-syntax.ts';
import { nameIsDNSLabel, nameIsDNSSubdomain } from '../../../../apimachinery/validation/names.ts';
import { validateImmutableField } from '../../../../apimachinery/validation/object-meta.ts';
import type { Strategy } from '../../rest/strategy.ts';
import { validateAccessModes, VOLUME_MODES } from '../persistentvolumeclaim/claim-spec.ts';
import { BETA_CLASS_WARNING } from '../persistentvolumeclaim/validation.ts';
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

function validateCapacity(spec: PersistentVolumeSpec, field: string): FieldError[] {
  const capacity = (spec.capacity ?? {}) as Record<string, string>;
  const names = Object.keys(capacity).sort();
  const errors = names.length === 0 ? [required(field)] : [];
  if (!names.includes('storage') || names.length > 1) {
    const none = isEmptied(spec, 'capacity') ? 'core.ResourceList{}' : 'core.ResourceList(nil)';
    const shown = names.length === 0 ? new GoLiteral(none) : goResourceList('core.ResourceList', capacity);
    errors.push(notSupported(field, shown, ['storage']));
  }
  return [
    ...errors,
    ...validateBasicResources(capacity, field),
    ...names.flatMap((name) => validatePositiveQuantity(capacity[name]!, `${field}[${name}]`)),
  ];
}

/** What an attachment says of a volume that has no object of its own may be less, and must be CSI. */
function validateInline(spec: PersistentVolumeSpec, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (name: string, what = 'not be specified') => {
    errors.push(forbidden(`${field}.${name}`, `may ${what} in the context of inline volumes`));
  };
  if (spec.claimRef) refuse('claimRef');
  if (Object.keys(spec.capacity ?? {}).length > 0) refuse('capacity');
  if (!spec.csi)
    errors.push(required(`${field}.csi`, 'has to be specified in the context of inline volumes'));
  const { persistentVolumeReclaimPolicy: policy, volumeMode } = spec;
  if (policy && policy !== 'Retain') refuse('persistentVolumeReclaimPolicy', 'only be Retain');
  if (spec.nodeAffinity) refuse('nodeAffinity');
  if (spec.storageClassName) refuse('storageClassName');
  if (volumeMode !== undefined && volumeMode !== 'Filesystem') {
    refuse('volumeMode', 'not specify volumeMode other than Filesystem');
  }
  return errors;
}

function validateAffinity({ nodeAffinity }: PersistentVolumeSpec, field: string): FieldError[] {
  if (!nodeAffinity) return [];
  return nodeAffinity.required
    ? validateNodeSelector(nodeAffinity.required, field)
    : [required(field, 'must specify required node constraints')];
}

/**
 * What is wrong with a volume's spec; `inline` where it stands inside of an attachment.
 * Models validation.go ValidatePersistentVolumeSpec.
 */
export function validateVolumeSpec(
  spec: PersistentVolumeSpec,
  volumeName: string,
  field: string,
  inline = false,
): FieldError[] {
  const modes = `${field}.accessModes`;
  const policyField = `${field}.persistentVolumeReclaimPolicy`;
  const { persistentVolumeReclaimPolicy: policy, storageClassName, volumeMode } = spec;
  const errors = [
    ...(inline ? validateInline(spec, field) : []),
    ...(spec.accessModes?.length ? [] : [required(modes)]),
    ...validateAccessModes(spec.accessModes, modes),
    ...(inline ? [] : validateCapacity(spec, `${field}.capacity`)),
    ...(inline ? [] : validateAffinity(spec, `${field}.nodeAffinity.required`)),
  ];
  if (!inline && policy && !RECLAIM_POLICIES.includes(policy)) {
    errors.push(notSupported(policyField, policy, RECLAIM_POLICIES));
  }
  // A flex volume may stand beside one that comes before it: upstream counts it, but does not look at the count.
  errors.push(...validateOneSource(spec as never, sourcesOf(volumeName), field, 'flexVolume'));
  const first = SOURCE_NAMES.find((name) => spec[name as keyof typeof spec] != null);
  if (first === 'local' && !spec.nodeAffinity) {
    errors.push(required(`${field}.nodeAffinity`, 'Local volume requires node affinity'));
  }
  if (policy === 'Recycle' && /^\/*$/.test(spec.hostPath?.path || 'none')) {
    errors.push(forbidden(policyField, "may not be 'recycle' for a hostPath mount of '/'"));
  }
  if (!inline && storageClassName) {
    errors.push(...validateNameWith(nameIsDNSSubdomain, storageClassName, `${field}.storageClassName`));
  }
  if (!inline && volumeMode !== undefined && !VOLUME_MODES.includes(volumeMode)) {
    errors.push(notSupported(`${field}.volumeMode`, volumeMode, VOLUME_MODES));
  }
  return errors;
}

const validate = ({ metadata, spec }: KubeObject) =>
  validateVolumeSpec(spec as PersistentVolumeSpec, metadata.name ?? '', 'spec');

const sourceOf = (spec: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(SOURCE_NAMES.flatMap((name) => (spec[name] == null ? [] : [[name, spec[name]]])));

/** Models ValidatePersistentVolumeUpdate. */
function validateUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  // Upstream validates the new object, and then all of it again as part of the update.
  const errors = [...validate(object), ...validate(object)];
  const now = deepCopy(sourceOf(object.spec)) as { csi?: { controllerExpandSecretRef?: object } };
  const before = sourceOf(old.spec) as typeof now;
  if (before.csi && before.csi.controllerExpandSecretRef === undefined) {
    delete now.csi?.controllerExpandSecretRef;
  }
  if (!decodedEqual(now as never, before as never)) {
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
  if (affinity !== undefined && !decodedEqual(object.spec.nodeAffinity, affinity)) {
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
    ...(metadata.annotations?.[CLASS_ANNOTATION] === undefined ? [] : [BETA_CLASS_WARNING]),
    ...terms.flatMap((term, index) =>
      nodeSelectorTermWarnings(term, `spec.nodeAffinity.required.nodeSelectorTerms[${index}]`),
    ),
    // Nobody says that these two went.
    ...volumeWarnings({ ...spec, flocker: undefined, quobyte: undefined }, 'spec'),
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
