type Fields = Readonly<Record<string, string | boolean | null>>;

/** Texts of a kind of volume that count as missing while they are "". */
const TEXTS: Readonly<Record<string, Fields>> = {
  iscsi: { iscsiInterface: 'default' },
  rbd: { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
  scaleIO: { storageMode: 'ThinProvisioned', fsType: 'xfs' },
};
/** Pointers: whatever they point to stays. null is what Go prints for a pointer without omitempty. */
const POINTERS: Readonly<Record<string, Fields>> = {
  azureDisk: { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false },
  azureFile: { secretNamespace: null },
  hostPath: { type: '' },
  scaleIO: { secretRef: null },
};

/**
 * Fills the source of a volume's bytes in place. Models the SetDefaults functions of pkg/apis/core/v1/defaults.go
 * for the sources of persistent volumes.
 */
export function defaultSource(spec: Record<string, Record<string, unknown> | undefined>): void {
  for (const [kind, fields] of Object.entries(TEXTS)) {
    const source = spec[kind];
    if (source) for (const [name, value] of Object.entries(fields)) source[name] ||= value;
  }
  for (const [kind, fields] of Object.entries(POINTERS)) {
    const source = spec[kind];
    if (source) for (const [name, value] of Object.entries(fields)) source[name] ??= value;
  }
}
