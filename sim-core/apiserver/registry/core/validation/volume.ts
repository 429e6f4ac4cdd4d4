import type {
  CinderVolumeSource,
  ConfigMapVolumeSource,
  Container,
  CSIVolumeSource,
  DownwardAPIVolumeFile,
  DownwardAPIVolumeSource,
  EmptyDirVolumeSource,
  EphemeralContainer,
  EphemeralVolumeSource,
  ISCSIVolumeSource,
  KeyToPath,
  PersistentVolumeClaimVolumeSource,
  ProjectedVolumeSource,
  SecretVolumeSource,
  StorageOSVolumeSource,
  Volume,
} from 'kubernetes-types/core/v1';
import { goQuote } from '../../../../apimachinery/go-format.ts';
import { Quantity } from '../../../../apimachinery/quantity/quantity.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { nameIsDNSSubdomain } from '../../../../apimachinery/validation/names.ts';
import { validateClaimTemplate } from '../persistentvolumeclaim/claim-spec.ts';
import {
  validateCSIDriverName,
  validateDNS1123Label,
  validateLocalDescendingPath,
  validateLocalNonReservedPath,
  validateNameWith,
} from './common.ts';
import { validateObjectFieldSelector, validateResourceFieldSelector, VOLUME_FIELD_PATHS } from './env.ts';
import type { SourceValidator } from './volume-sources.ts';
import {
  requiredText,
  SHARED_SOURCES,
  validateISCSI,
  validateISCSIName,
  validateOneSource,
  validateSecretRef,
} from './volume-sources.ts';

const FILE_MODE_RULE = 'must be a number between 0 and 0777 (octal), both inclusive';
const PROPAGATION_MODES = ['Bidirectional', 'HostToContainer', 'None'];

/** Volumes by name: those that are sound enough to be mounted. */
export type MatchedVolumes = ReadonlyMap<string, Volume>;

/** Models ValidateVolumes: errors, and the volumes that mounts may name. */
export function validateVolumes(
  volumes: readonly Volume[] | undefined,
  field: string,
  podName?: string,
): { errors: FieldError[]; matched: MatchedVolumes } {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  const matched = new Map<string, Volume>();
  const created = new Set(
    podName
      ? (volumes ?? []).filter(({ ephemeral }) => ephemeral).map(({ name }) => `${podName}-${name}`)
      : [],
  );
  (volumes ?? []).forEach((volume, index) => {
    const path = `${field}[${index}]`;
    const name = volume.name ?? '';
    const own = [
      ...validateOneSource(volume as never, SOURCES, path),
      ...validateSourceWithName(volume, podName, path),
    ];
    if (name === '') own.push(required(`${path}.name`));
    else own.push(...validateDNS1123Label(name, `${path}.name`));
    if (names.has(name)) own.push(duplicate(`${path}.name`, name));
    if (own.length === 0) {
      names.add(name);
      matched.set(name, volume);
    } else errors.push(...own);
    const claim = volume.persistentVolumeClaim?.claimName ?? '';
    if (created.has(claim)) {
      errors.push(
        invalid(
          `${path}.persistentVolumeClaim.claimName`,
          claim,
          'must not reference a PVC that gets created for an ephemeral volume',
        ),
      );
    }
  });
  return { errors, matched };
}

/** What the volume's name means to its source: part of another name. */
function validateSourceWithName(volume: Volume, podName: string | undefined, field: string): FieldError[] {
  const { name = '', iscsi, ephemeral } = volume;
  const errors = iscsi ? validateISCSIName(iscsi, name, `${field}.name`) : [];
  const [first] = Object.keys(SOURCES).filter((key) => (volume as never)[key] != null);
  if (first !== 'ephemeral' || !podName || !name || !ephemeral) return errors;
  const claim = `${podName}-${name}`;
  return [
    ...errors,
    ...nameIsDNSSubdomain(claim, false).map((text) =>
      invalid(`${field}.name`, name, `PVC name ${goQuote(claim)}: ${text}`),
    ),
  ];
}

/** The kinds of volumes in upstream's order, each with what must hold for it. */
const SOURCES: Readonly<Record<string, SourceValidator>> = {
  emptyDir: (source: EmptyDirVolumeSource, field) =>
    source.sizeLimit !== undefined && Quantity.parse(source.sizeLimit).sign < 0
      ? [forbidden(`${field}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
      : [],
  ...pick('hostPath', 'gitRepo', 'gcePersistentDisk', 'awsElasticBlockStore'),
  secret: (source: SecretVolumeSource, field) => [
    ...requiredText(source.secretName, `${field}.secretName`),
    ...validateFileMode(source.defaultMode, `${field}.defaultMode`),
    ...validateItems(source.items, `${field}.items`),
  ],
  ...pick('nfs'),
  iscsi: (source: ISCSIVolumeSource, field) =>
    validateISCSI(source, field, 'must be valid format starting with iqn, eui, or naa'),
  ...pick('glusterfs', 'flocker'),
  persistentVolumeClaim: (source: PersistentVolumeClaimVolumeSource, field) =>
    requiredText(source.claimName, `${field}.claimName`),
  ...pick('rbd'),
  cinder: (source: CinderVolumeSource, field) => [
    ...requiredText(source.volumeID, `${field}.volumeID`),
    ...validateSecretRef(source.secretRef, `${field}.secretRef`, false),
  ],
  ...pick('cephfs', 'quobyte'),
  downwardAPI: (source: DownwardAPIVolumeSource, field) => [
    ...validateFileMode(source.defaultMode, `${field}.defaultMode`),
    ...(source.items ?? []).flatMap((item) => validateDownwardFile(item, field)),
  ],
  ...pick('fc', 'flexVolume'),
  configMap: (source: ConfigMapVolumeSource, field) => [
    ...requiredText(source.name, `${field}.name`),
    ...validateFileMode(source.defaultMode, `${field}.defaultMode`),
    ...validateItems(source.items, `${field}.items`),
  ],
  ...pick('azureFile', 'vsphereVolume', 'photonPersistentDisk', 'portworxVolume', 'azureDisk'),
  storageos: (source: StorageOSVolumeSource, field) => [
    ...(source.volumeName
      ? validateDNS1123Label(source.volumeName, `${field}.volumeName`)
      : [required(`${field}.volumeName`)]),
    ...(source.volumeNamespace
      ? validateDNS1123Label(source.volumeNamespace, `${field}.volumeNamespace`)
      : []),
    ...validateSecretRef(source.secretRef, `${field}.secretRef`, false),
  ],
  projected: (source: ProjectedVolumeSource, field) => [
    ...validateFileMode(source.defaultMode, `${field}.defaultMode`),
    ...validateProjectionSources(source, field),
  ],
  ...pick('scaleIO'),
  csi: (source: CSIVolumeSource, field) => [
    ...validateCSIDriverName(source.driver ?? '', `${field}.driver`),
    ...(source.nodePublishSecretRef === undefined
      ? []
      : source.nodePublishSecretRef.name
        ? validateNameWith(nameIsDNSSubdomain, source.nodePublishSecretRef.name, `${field}.name`)
        : [required(`${field}.nodePublishSecretRef.name`)]),
  ],
  ephemeral: (source: EphemeralVolumeSource, field) => {
    const path = `${field}.volumeClaimTemplate`;
    const template = source.volumeClaimTemplate;
    return template ? validateClaimTemplate(template, path) : [required(path)];
  },
  image: (source: { readonly reference?: string }, field) =>
    requiredText(source.reference, `${field}.reference`),
};

function pick(...names: readonly string[]): Record<string, SourceValidator> {
  return Object.fromEntries(names.map((name) => [name, SHARED_SOURCES[name]!]));
}

function validateFileMode(mode: number | undefined, field: string): FieldError[] {
  return mode !== undefined && (mode < 0 || mode > 0o777) ? [invalid(field, mode, FILE_MODE_RULE)] : [];
}

function validateItems(items: readonly KeyToPath[] | undefined, field: string): FieldError[] {
  return (items ?? []).flatMap((item, index) => validateKeyToPath(item, `${field}[${index}]`));
}

/** Models validateKeyToPath. */
function validateKeyToPath(item: KeyToPath, field: string): FieldError[] {
  return [
    ...requiredText(item.key, `${field}.key`),
    ...requiredText(item.path, `${field}.path`),
    ...validateLocalNonReservedPath(item.path ?? '', `${field}.path`),
    ...validateFileMode(item.mode, `${field}.mode`),
  ];
}

/** Models validateDownwardAPIVolumeFile. */
function validateDownwardFile(file: DownwardAPIVolumeFile, field: string): FieldError[] {
  const errors = requiredText(file.path, `${field}.path`);
  errors.push(...validateLocalNonReservedPath(file.path ?? '', `${field}.path`));
  if (file.fieldRef) {
    errors.push(...validateObjectFieldSelector(file.fieldRef, VOLUME_FIELD_PATHS, `${field}.fieldRef`));
    if (file.resourceFieldRef) {
      errors.push(
        invalid(field, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'),
      );
    }
  } else if (file.resourceFieldRef) {
    errors.push(...validateResourceFieldSelector(file.resourceFieldRef, true, `${field}.resourceFieldRef`));
  } else {
    errors.push(required(field, 'one of fieldRef and resourceFieldRef is required'));
  }
  return [...errors, ...validateFileMode(file.mode, `${field}.mode`)];
}

/** Models validateProjectionSources: at most one source each, and no path twice. */
function validateProjectionSources(projected: ProjectedVolumeSource, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const paths = new Set<string>();
  const claim = (path: string | undefined, shown: string | undefined) => {
    if (!path) return;
    if (paths.has(path)) errors.push(invalid(field, shown ?? '', 'conflicting duplicate paths'));
    else paths.add(path);
  };
  (projected.sources ?? []).forEach((source, index) => {
    const path = `${field}.sources[${index}]`;
    const given = Object.values(source as Record<string, unknown>).filter((value) => value != null).length;
    for (const key of ['secret', 'configMap'] as const) {
      const named = source[key];
      if (!named) continue;
      errors.push(...requiredText(named.name, `${path}.${key}.name`));
      (named.items ?? []).forEach((item, itemIndex) => {
        errors.push(...validateKeyToPath(item, `${path}.${key}.items[${itemIndex}]`));
        claim(item.path, named.name);
      });
    }
    for (const item of source.downwardAPI?.items ?? []) {
      errors.push(...validateDownwardFile(item, `${path}.downwardAPI`));
      claim(item.path, item.path);
    }
    if (source.serviceAccountToken) {
      errors.push(
        ...validateTokenProjection(source.serviceAccountToken, field, `${path}.serviceAccountToken`),
      );
    }
    if (given > 1) errors.push(forbidden(path, 'may not specify more than 1 volume type'));
  });
  return errors;
}

function validateTokenProjection(
  token: { readonly expirationSeconds?: number; readonly path?: string },
  projected: string,
  field: string,
): FieldError[] {
  const seconds = token.expirationSeconds ?? 0;
  const wrong = (text: string) => invalid(`${field}.expirationSeconds`, seconds, text);
  return [
    ...(seconds < 10 * 60 ? [wrong('may not specify a duration less than 10 minutes')] : []),
    ...(seconds > 2 ** 32 ? [wrong('may not specify a duration larger than 2^32 seconds')] : []),
    ...requiredText(token.path, `${projected}.path`),
  ];
}

/** Models ValidateVolumeMounts. */
export function validateVolumeMounts(
  container: Container | EphemeralContainer,
  volumes: MatchedVolumes,
  field: string,
): FieldError[] {
  const { volumeMounts: mounts, volumeDevices: devices } = container;
  const errors: FieldError[] = [];
  const paths = new Set<string>();
  (mounts ?? []).forEach((mount, index) => {
    const path = `${field}[${index}]`;
    const mountPath = mount.mountPath ?? '';
    errors.push(...requiredText(mount.name, `${path}.name`));
    if (!volumes.has(mount.name)) errors.push(notFound(`${path}.name`, mount.name ?? ''));
    errors.push(...requiredText(mountPath, `${path}.mountPath`));
    if (paths.has(mountPath)) errors.push(invalid(`${path}.mountPath`, mountPath, 'must be unique'));
    paths.add(mountPath);
    if ((devices ?? []).some((device) => device.name === mount.name)) {
      errors.push(invalid(`${path}.name`, mount.name, 'must not already exist in volumeDevices'));
    }
    if ((devices ?? []).some((device) => device.devicePath === mountPath)) {
      errors.push(
        invalid(`${path}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'),
      );
    }
    // Upstream leaves the index out of the paths from here on.
    if (mount.subPath) errors.push(...validateLocalDescendingPath(mount.subPath, `${field}.subPath`));
    if (mount.subPathExpr) {
      if (mount.subPath) {
        errors.push(
          invalid(`${path}.subPathExpr`, mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive'),
        );
      }
      errors.push(...validateLocalDescendingPath(mount.subPathExpr, `${field}.subPathExpr`));
    }
    const mode = mount.mountPropagation;
    if (mode === undefined) return;
    if (!PROPAGATION_MODES.includes(mode)) {
      errors.push(notSupported(`${field}.mountPropagation`, mode, PROPAGATION_MODES));
    }
    if (mode === 'Bidirectional' && !container.securityContext?.privileged) {
      errors.push(
        forbidden(
          `${field}.mountPropagation`,
          'Bidirectional mount propagation is available only to privileged containers',
        ),
      );
    }
  });
  return errors;
}

/** Models ValidateVolumeDevices. */
export function validateVolumeDevices(
  { volumeDevices, volumeMounts = [] }: Container | EphemeralContainer,
  volumes: MatchedVolumes,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  const paths = new Set<string>();
  (volumeDevices ?? []).forEach(({ name = '', devicePath = '' }, index) => {
    const path = `${field}[${index}]`;
    const wrongName = (text: string) => errors.push(invalid(`${path}.name`, name, text));
    const wrongPath = (text: string) => errors.push(invalid(`${path}.devicePath`, devicePath, text));
    errors.push(...requiredText(name, `${path}.name`));
    if (names.has(name)) wrongName('must be unique');
    const volume = volumes.get(name);
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral) {
      wrongName('can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode');
    }
    if (!volume) errors.push(notFound(`${path}.name`, name));
    errors.push(...requiredText(devicePath, `${path}.devicePath`));
    if (paths.has(devicePath)) wrongPath('must be unique');
    if (devicePath.split('/').includes('..')) wrongPath("can not contain backsteps ('..')");
    else paths.add(devicePath);
    if (volumeMounts.some((mount) => mount.name === name))
      wrongName('must not already exist in volumeMounts');
    if (volumeMounts.some(({ mountPath }) => mountPath === devicePath)) {
      wrongPath('must not already exist as a path in volumeMounts');
    }
    if (name) names.add(name);
  });
  return errors;
}
