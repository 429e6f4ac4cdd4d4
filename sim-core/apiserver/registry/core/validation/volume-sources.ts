import type {
  AWSElasticBlockStoreVolumeSource,
  AzureDiskVolumeSource,
  FCVolumeSource,
  FlexVolumeSource,
  FlockerVolumeSource,
  GCEPersistentDiskVolumeSource,
  GitRepoVolumeSource,
  HostPathVolumeSource,
  ISCSIVolumeSource,
  NFSVolumeSource,
  QuobyteVolumeSource,
} from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  goStrings,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { inclusiveRangeError } from '../../../../apimachinery/validation/names.ts';
import { validateLocalDescendingPath, validatePathNoBacksteps } from './common.ts';

/** What must hold for one source of a volume; `source` is the value of its field. */
export type SourceValidator = (source: never, field: string) => FieldError[];

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
const PARTITION_RULE = inclusiveRangeError(1, 255);
const ISCSI_NAMES: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.[-A-Za-z0-9.]+:[^,;*&$|\s]+$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
};
const DISK_CACHING = ['None', 'ReadOnly', 'ReadWrite'];
const DISK_KINDS = ['Dedicated', 'Managed', 'Shared'];

export const requiredText = (value: string | undefined, field: string): FieldError[] =>
  value ? [] : [required(field)];

/** Texts and lists that a source must have. */
const requires =
  (...keys: readonly string[]): SourceValidator =>
  (source: Record<string, string | readonly string[] | undefined>, field) =>
    keys.flatMap((key) => (source[key]?.length ? [] : [required(`${field}.${key}`)]));

const partition = (value: number | undefined, field: string) =>
  value !== undefined && (value < 0 || value > 255)
    ? [invalid(`${field}.partition`, value, PARTITION_RULE)]
    : [];

const lun = (value: number | undefined, field: string) =>
  value !== undefined && (value < 0 || value > 255)
    ? [invalid(`${field}.lun`, value, inclusiveRangeError(0, 255))]
    : [];

/** An initiator's or a target's name. `unknown` is said of one of no known format. */
function iscsiName(name: string, field: string, unknown: string): FieldError[] {
  const pattern = ISCSI_NAMES[name.slice(0, 3)];
  if (pattern === undefined) return [invalid(field, name, unknown)];
  return pattern.test(name) ? [] : [invalid(field, name, 'must be valid format')];
}

/** What holds for iSCSI in pods and in volumes. Models validateISCSIVolumeSource. */
export function validateISCSI(
  source: Omit<ISCSIVolumeSource, 'secretRef'> & { readonly secretRef?: object },
  field: string,
  unknown: string,
  between: readonly FieldError[] = [],
): FieldError[] {
  return [
    ...requiredText(source.targetPortal, `${field}.targetPortal`),
    ...between,
    ...(source.iqn ? iscsiName(source.iqn, `${field}.iqn`, unknown) : [required(`${field}.iqn`)]),
    ...lun(source.lun, field),
    ...((source.chapAuthDiscovery || source.chapAuthSession) && !source.secretRef
      ? [required(`${field}.secretRef`)]
      : []),
    ...(source.initiatorName === undefined
      ? []
      : iscsiName(source.initiatorName, `${field}.initiatorname`, unknown)),
  ];
}

/** The directory of a volume holds its name and its portal. */
export function validateISCSIName(
  { initiatorName, targetPortal = '' }: Pick<ISCSIVolumeSource, 'initiatorName' | 'targetPortal'>,
  name: string,
  field: string,
): FieldError[] {
  if (initiatorName === undefined || `${name}:${targetPortal}`.length <= 64) return [];
  const text =
    'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
  return [invalid(field, name, text)];
}

/** Models validateQuobyteVolumeSource. */
function validateQuobyte(source: QuobyteVolumeSource, field: string): FieldError[] {
  const pairs = 'must be a host:port pair or multiple pairs separated by commas';
  const errors: FieldError[] = [];
  if (!source.registry) errors.push(required(`${field}.registry`, pairs));
  else if ((source.tenant ?? '').length >= 65) {
    errors.push(required(`${field}.tenant`, 'must be a UUID and may not exceed a length of 64 characters'));
  } else {
    for (const pair of source.registry.split(',')) {
      if (!/^([^:[\]]*|\[[^[\]]*\]):[^:]*$/.test(pair)) {
        errors.push(invalid(`${field}.registry`, source.registry, pairs));
      }
    }
  }
  return [...errors, ...requiredText(source.volume, `${field}.volume`)];
}

/** Models validateAzureDisk. */
function validateAzureDisk(source: AzureDiskVolumeSource, field: string): FieldError[] {
  const { diskName, diskURI = '', cachingMode, kind } = source;
  const errors = [
    ...requiredText(diskName, `${field}.diskName`),
    ...requiredText(diskURI, `${field}.diskURI`),
  ];
  if (cachingMode !== undefined && !DISK_CACHING.includes(cachingMode)) {
    errors.push(notSupported(`${field}.cachingMode`, cachingMode, DISK_CACHING));
  }
  if (kind === undefined) return errors;
  if (!DISK_KINDS.includes(kind)) errors.push(notSupported(`${field}.kind`, kind, DISK_KINDS));
  const [start, example] =
    kind === 'Managed'
      ? [
          '/subscriptions/',
          '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}',
        ]
      : ['https://', 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd'];
  if (!diskURI.startsWith(start)) errors.push(notSupported(`${field}.diskURI`, diskURI, [example]));
  return errors;
}

/** Models validateFCVolumeSource. */
function validateFC(source: FCVolumeSource, field: string): FieldError[] {
  const { targetWWNs = [], wwids = [] } = source;
  const path = `${field}.targetWWNs`;
  const errors: FieldError[] = [];
  if (targetWWNs.length === 0 && wwids.length === 0) {
    errors.push(required(path, 'must specify either targetWWNs or wwids, but not both'));
  }
  if (targetWWNs.length === 0) return errors;
  if (wwids.length > 0) {
    errors.push(
      invalid(path, goStrings(targetWWNs), 'targetWWNs and wwids can not be specified simultaneously'),
    );
  }
  return source.lun === undefined
    ? [...errors, required(`${field}.lun`, 'lun is required if targetWWNs is specified')]
    : [...errors, ...lun(source.lun, field)];
}

/** Models validateFlexVolumeSource. */
function validateFlex(source: FlexVolumeSource, field: string): FieldError[] {
  const reserved = Object.keys(source.options ?? {}).filter((key) =>
    /\.(kubernetes|k8s)\.io$/.test(
      `.${key.split('/', 2).length === 2 ? key.split('/')[0] : key}`.toLowerCase(),
    ),
  );
  return [
    ...requiredText(source.driver, `${field}.driver`),
    ...reserved
      .sort()
      .map((key) =>
        invalid(`${field}.options[${key}]`, key, 'kubernetes.io and k8s.io namespaces are reserved'),
      ),
  ];
}

function validateFlocker(source: FlockerVolumeSource, field: string): FieldError[] {
  const { datasetName = '', datasetUUID = '' } = source;
  const errors: FieldError[] = [];
  if (!datasetName && !datasetUUID) {
    errors.push(required(field, 'one of datasetName and datasetUUID is required'));
  }
  if (datasetName && datasetUUID) {
    errors.push(
      invalid(field, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'),
    );
  }
  if (datasetName.includes('/')) {
    errors.push(invalid(`${field}.datasetName`, datasetName, "must not contain '/'"));
  }
  return errors;
}

/** Sources that pods and persistent volumes have in common, and those of pods that nobody uses any more. */
export const SHARED_SOURCES: Readonly<Record<string, SourceValidator>> = {
  hostPath: (source: HostPathVolumeSource, field) =>
    source.path
      ? [
          ...validatePathNoBacksteps(source.path, `${field}.path`),
          ...(HOST_PATH_TYPES.includes(source.type ?? '')
            ? []
            : [notSupported(`${field}.type`, source.type, HOST_PATH_TYPES)]),
        ]
      : [required(`${field}.path`)],
  gitRepo: (source: GitRepoVolumeSource, field) => [
    ...requiredText(source.repository, `${field}.repository`),
    ...validateLocalDescendingPath(source.directory ?? '', `${field}.directory`),
  ],
  // Upstream names this one otherwise in paths.
  gcePersistentDisk: (source: GCEPersistentDiskVolumeSource, field) => {
    const path = field.replace(/gcePersistentDisk$/, 'persistentDisk');
    return [...requiredText(source.pdName, `${path}.pdName`), ...partition(source.partition, path)];
  },
  awsElasticBlockStore: (source: AWSElasticBlockStoreVolumeSource, field) => [
    ...requiredText(source.volumeID, `${field}.volumeID`),
    ...partition(source.partition, field),
  ],
  nfs: (source: NFSVolumeSource, field) => [
    ...requiredText(source.server, `${field}.server`),
    ...requiredText(source.path, `${field}.path`),
    ...(source.path?.startsWith('/')
      ? []
      : [invalid(`${field}.path`, source.path ?? '', 'must be an absolute path')]),
  ],
  glusterfs: requires('endpoints', 'path'),
  flocker: validateFlocker,
  rbd: requires('monitors', 'image'),
  cephfs: requires('monitors'),
  quobyte: validateQuobyte,
  fc: validateFC,
  flexVolume: validateFlex,
  vsphereVolume: requires('volumePath'),
  photonPersistentDisk: requires('pdID'),
  portworxVolume: requires('volumeID'),
  azureDisk: validateAzureDisk,
  azureFile: requires('secretName', 'shareName'),
  scaleIO: requires('gateway', 'system', 'volumeName'),
};

/** A secret that a source names; `namespaced` where it may be in another namespace. */
export function validateSecretRef(
  reference: { readonly name?: string; readonly namespace?: string } | undefined,
  field: string,
  namespaced: boolean,
): FieldError[] {
  if (!reference) return [];
  return [
    ...requiredText(reference.name, `${field}.name`),
    ...(namespaced ? requiredText(reference.namespace, `${field}.namespace`) : []),
  ];
}

/**
 * More than one source, or none. The first one that is there is checked, in the order of `sources`; so is
 * `unrestricted`, wherever it comes.
 */
export function validateOneSource(
  fields: Readonly<Record<string, unknown>>,
  sources: Readonly<Record<string, SourceValidator>>,
  field: string,
  unrestricted?: string,
): FieldError[] {
  const given = Object.keys(sources).filter((key) => fields[key] != null);
  if (given.length === 0) return [required(field, 'must specify a volume type')];
  return given.flatMap((key, index) =>
    index === 0 || key === unrestricted
      ? sources[key]!(fields[key] as never, `${field}.${key}`)
      : [tooManySources(`${field}.${PATHS[key] ?? key}`)],
  );
}

/** Paths of errors that upstream spells in another way than the field. */
const PATHS: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };
const tooManySources = (field: string) => forbidden(field, 'may not specify more than 1 volume type');
