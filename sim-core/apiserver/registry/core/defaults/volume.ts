import type { Volume } from 'kubernetes-types/core/v1';

const FILE_MODE = 0o644;

/** Kinds of volumes, and what their fields are where they are missing; "" counts as missing. */
const TEXTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  iscsi: { iscsiInterface: 'default' },
  rbd: { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
  scaleIO: { storageMode: 'ThinProvisioned', fsType: 'xfs' },
};
/** The same for fields whose "" or false stays. */
const POINTERS: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>> = {
  azureDisk: { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false },
  configMap: { defaultMode: FILE_MODE },
  downwardAPI: { defaultMode: FILE_MODE },
  hostPath: { type: '' },
  projected: { defaultMode: FILE_MODE },
  secret: { defaultMode: FILE_MODE },
};

/**
 * Fills a pod's volume in place; one without a source is an empty directory.
 * Models pkg/apis/core/v1/defaults.go SetDefaults_Volume and those of the sources.
 */
export function defaultVolume(volume: Volume): void {
  if (Object.keys(volume).every((key) => key === 'name')) volume.emptyDir = {};
  const sources = volume as unknown as Record<string, Record<string, unknown> | undefined>;
  for (const [kind, fields] of Object.entries(TEXTS)) {
    const source = sources[kind];
    if (source) for (const [name, value] of Object.entries(fields)) source[name] ||= value;
  }
  for (const [kind, fields] of Object.entries(POINTERS)) {
    const source = sources[kind];
    if (source) for (const [name, value] of Object.entries(fields)) source[name] ??= value;
  }
  defaultFieldRefs(volume.downwardAPI?.items);
  for (const source of volume.projected?.sources ?? []) {
    if (source.serviceAccountToken) source.serviceAccountToken.expirationSeconds ??= 3600;
    defaultFieldRefs(source.downwardAPI?.items);
  }
  if (volume.ephemeral?.volumeClaimTemplate?.spec) {
    volume.ephemeral.volumeClaimTemplate.spec.volumeMode ??= 'Filesystem';
  }
}

function defaultFieldRefs(items: readonly { fieldRef?: { apiVersion?: string } }[] | undefined): void {
  for (const item of items ?? []) {
    if (item.fieldRef) item.fieldRef.apiVersion ||= 'v1';
  }
}
