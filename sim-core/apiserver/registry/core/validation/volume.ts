import type {
  DownwardAPIVolumeFile,
  KeyToPath,
  ProjectedVolumeSource,
  Volume,
  VolumeDevice,
  VolumeMount,
} from 'kubernetes-types/core/v1';
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
import { isConfigMapKey } from '../../../../apimachinery/validation/names.ts';
import {
  validateDNS1123Label,
  validateLocalDescendingPath,
  validateLocalNonReservedPath,
  validatePathNoBacksteps,
} from './common.ts';
import { validateObjectFieldSelector, validateResourceFieldSelector, VOLUME_FIELD_PATHS } from './env.ts';

const FILE_MODE_RULE = 'must be a number between 0 and 0777 (octal), both inclusive';
const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];
const PROPAGATION_MODES = ['Bidirectional', 'HostToContainer', 'None'];

/** Volumes by name: those that are sound enough to be mounted. */
export type MatchedVolumes = ReadonlyMap<string, Volume>;

/** Models ValidateVolumes: errors, and the volumes that mounts may name. */
export function validateVolumes(
  volumes: readonly Volume[] | undefined,
  field: string,
): { errors: FieldError[]; matched: MatchedVolumes } {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  const matched = new Map<string, Volume>();
  (volumes ?? []).forEach((volume, index) => {
    const path = `${field}[${index}]`;
    const own = validateVolumeSource(volume, path);
    const name = volume.name ?? '';
    if (name === '') own.push(required(`${path}.name`));
    else own.push(...validateDNS1123Label(name, `${path}.name`));
    if (names.has(name)) own.push(duplicate(`${path}.name`, name));
    if (own.length === 0) {
      names.add(name);
      matched.set(name, volume);
    } else errors.push(...own);
  });
  return { errors, matched };
}

type SourceValidator = (source: never, field: string) => FieldError[];
const requiredText = (value: string | undefined, field: string) => (value ? [] : [required(field)]);

/** The kinds of volumes in upstream's order, each with what must hold for it. */
const SOURCES: Readonly<Record<string, SourceValidator>> = {
  emptyDir: (source: NonNullable<Volume['emptyDir']>, field) =>
    source.sizeLimit !== undefined && Quantity.parse(source.sizeLimit).sign < 0
      ? [forbidden(`${field}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
      : [],
  hostPath: (source: NonNullable<Volume['hostPath']>, field) => [
    ...(source.path ? validatePathNoBacksteps(source.path, `${field}.path`) : [required(`${field}.path`)]),
    ...(HOST_PATH_TYPES.includes(source.type ?? '')
      ? []
      : [notSupported(`${field}.type`, source.type, HOST_PATH_TYPES)]),
  ],
  gcePersistentDisk: (source: NonNullable<Volume['gcePersistentDisk']>, field) =>
    requiredText(source.pdName, `${field}.pdName`),
  awsElasticBlockStore: (source: NonNullable<Volume['awsElasticBlockStore']>, field) =>
    requiredText(source.volumeID, `${field}.volumeID`),
  secret: (source: NonNullable<Volume['secret']>, field) => [
    ...requiredText(source.secretName, `${field}.secretName`),
    ...validateFileMode(source.defaultMode, `${field}.defaultMode`),
    ...validateItems(source.items, `${field}.items`),
  ],
  nfs: (source: NonNullable<Volume['nfs']>, field) => [
    ...requiredText(source.server, `${field}.server`),
    ...requiredText(source.path, `${field}.path`),
    ...(source.path?.startsWith('/')
      ? []
      : [invalid(`${field}.path`, source.path ?? '', 'must be an absolute path')]),
  ],
  iscsi: (source: NonNullable<Volume['iscsi']>, field) => [
    ...requiredText(source.targetPortal, `${field}.targetPortal`),
    ...requiredText(source.iqn, `${field}.iqn`),
  ],
  persistentVolumeClaim: (source: NonNullable<Volume['persistentVolumeClaim']>, field) =>
    requiredText(source.claimName, `${field}.claimName`),
  downwardAPI: (source: NonNullable<Volume['downwardAPI']>, field) => [
    ...validateFileMode(source.defaultMode, `${field}.defaultMode`),
    ...(source.items ?? []).flatMap((item) => validateDownwardFile(item, field)),
  ],
  configMap: (source: NonNullable<Volume['configMap']>, field) => [
    ...requiredText(source.name, `${field}.name`),
    ...validateFileMode(source.defaultMode, `${field}.defaultMode`),
    ...validateItems(source.items, `${field}.items`),
  ],
  projected: (source: ProjectedVolumeSource, field) => [
    ...validateFileMode(source.defaultMode, `${field}.defaultMode`),
    ...validateProjectionSources(source, field),
  ],
  csi: (source: NonNullable<Volume['csi']>, field) => requiredText(source.driver, `${field}.driver`),
  ephemeral: (source: NonNullable<Volume['ephemeral']>, field) =>
    source.volumeClaimTemplate ? [] : [required(`${field}.volumeClaimTemplate`)],
};

/** Models validateVolumeSource: exactly one source. */
function validateVolumeSource(volume: Volume, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const fields = volume as unknown as Record<string, unknown>;
  const given = Object.keys(fields).filter((key) => key !== 'name' && fields[key] != null);
  const order = Object.keys(SOURCES);
  given.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  given.forEach((key, index) => {
    if (index > 0) errors.push(forbidden(`${field}.${key}`, 'may not specify more than 1 volume type'));
    else errors.push(...(SOURCES[key]?.(fields[key] as never, `${field}.${key}`) ?? []));
  });
  if (given.length === 0) errors.push(required(field, 'must specify a volume type'));
  return errors;
}

function validateFileMode(mode: number | undefined, field: string): FieldError[] {
  return mode !== undefined && (mode < 0 || mode > 0o777) ? [invalid(field, mode, FILE_MODE_RULE)] : [];
}

function validateItems(items: readonly KeyToPath[] | undefined, field: string): FieldError[] {
  return (items ?? []).flatMap((item, index) => validateKeyToPath(item, `${field}[${index}]`));
}

/** Models validateKeyToPath. */
function validateKeyToPath(item: KeyToPath, field: string): FieldError[] {
  const errors = requiredText(item.key, `${field}.key`);
  for (const text of item.key ? isConfigMapKey(item.key) : []) {
    errors.push(invalid(`${field}.key`, item.key, text));
  }
  errors.push(...requiredText(item.path, `${field}.path`));
  if (item.path) errors.push(...validateLocalNonReservedPath(item.path, `${field}.path`));
  return [...errors, ...validateFileMode(item.mode, `${field}.mode`)];
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

/** Models validateProjectionSources: one source each, and no path twice. */
function validateProjectionSources(projected: ProjectedVolumeSource, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const paths = new Set<string>();
  const claim = (path: string | undefined, at: string) => {
    if (!path) return;
    if (paths.has(path)) errors.push(invalid(at, path, 'conflicting duplicate paths'));
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
        claim(item.path, `${path}.${key}.items[${itemIndex}].path`);
      });
    }
    for (const item of source.downwardAPI?.items ?? []) {
      errors.push(...validateDownwardFile(item, `${path}.downwardAPI`));
      claim(item.path, `${path}.downwardAPI.path`);
    }
    if (source.serviceAccountToken) {
      errors.push(...validateTokenProjection(source.serviceAccountToken, `${path}.serviceAccountToken`));
      claim(source.serviceAccountToken.path, `${path}.serviceAccountToken.path`);
    }
    if (given > 1) errors.push(forbidden(path, 'may not specify more than 1 volume type'));
    else if (given === 0) errors.push(required(path, 'must specify a volume type'));
  });
  return errors;
}

function validateTokenProjection(
  token: { readonly expirationSeconds?: number; readonly path?: string },
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const seconds = token.expirationSeconds ?? 0;
  if (seconds < 10 * 60) {
    errors.push(
      invalid(`${field}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes'),
    );
  } else if (seconds > 2 ** 32) {
    errors.push(
      invalid(`${field}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds'),
    );
  }
  if (!token.path) errors.push(required(`${field}.path`));
  else errors.push(...validateLocalNonReservedPath(token.path, `${field}.path`));
  return errors;
}

/** Models ValidateVolumeMounts. */
export function validateVolumeMounts(
  mounts: readonly VolumeMount[] | undefined,
  devices: readonly VolumeDevice[] | undefined,
  volumes: MatchedVolumes,
  field: string,
): FieldError[] {
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
    if (mount.subPath) errors.push(...validateLocalDescendingPath(mount.subPath, `${path}.subPath`));
    if (mount.subPathExpr) {
      if (mount.subPath) {
        errors.push(
          invalid(`${path}.subPathExpr`, mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive'),
        );
      }
      errors.push(...validateLocalDescendingPath(mount.subPathExpr, `${path}.subPathExpr`));
    }
    const mode = mount.mountPropagation;
    if (mode !== undefined && !PROPAGATION_MODES.includes(mode)) {
      errors.push(notSupported(`${path}.mountPropagation`, mode, PROPAGATION_MODES));
    }
  });
  return errors;
}

/** Models ValidateVolumeDevices. */
export function validateVolumeDevices(
  devices: readonly VolumeDevice[] | undefined,
  volumes: MatchedVolumes,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  const paths = new Set<string>();
  (devices ?? []).forEach((device, index) => {
    const path = `${field}[${index}]`;
    errors.push(...requiredText(device.name, `${path}.name`));
    if (names.has(device.name)) errors.push(invalid(`${path}.name`, device.name, 'must be unique'));
    const volume = volumes.get(device.name);
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral) {
      errors.push(
        invalid(
          `${path}.name`,
          device.name,
          'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
        ),
      );
    }
    if (!volume) errors.push(notFound(`${path}.name`, device.name ?? ''));
    errors.push(...requiredText(device.devicePath, `${path}.devicePath`));
    if (device.devicePath && paths.has(device.devicePath)) {
      errors.push(invalid(`${path}.devicePath`, device.devicePath, 'must be unique'));
    }
    if (device.devicePath?.split('/').includes('..')) {
      errors.push(invalid(`${path}.devicePath`, device.devicePath, "can not contain backsteps ('..')"));
    } else if (device.devicePath) paths.add(device.devicePath);
    names.add(device.name);
  });
  return errors;
}
