import type {
  PersistentVolumeClaimTemplate,
  PersistentVolumeSpec,
  Toleration,
  Volume,
} from 'kubernetes-types/core/v1';
import type { DescribeWriter } from './writer.ts';

/** Name and value; a line without a value is as it stands. */
type Line = readonly [name: string, value: unknown] | readonly [text: string];
type Lines = readonly Line[];

/** A line as it is written: "Path:\t/tmp". */
export function lineText(line: Line): string {
  if (line.length === 1) return line[0];
  return line[1] === undefined ? `${line[0]}:` : `${line[0]}:\t${String(line[1])}`;
}

/** Models pkg/describe describeVolumes. */
export function describeVolumes(
  volumes: readonly Volume[] | undefined,
  writer: DescribeWriter,
  space: string,
): void {
  if (volumes === undefined || volumes.length === 0) {
    writer.line(0, `${space}Volumes:\t<none>`);
    return;
  }
  writer.line(0, `${space}Volumes:`);
  for (const volume of volumes) {
    writer.line(1, `${space === '' ? '' : ' '}${volume.name}:`);
    for (const line of sourceLines(volume)) writer.line(2, lineText(line));
  }
}

/** What describe says of where a volume comes from. */
export function sourceLines(volume: Omit<Volume, 'name'> | PersistentVolumeSpec): Lines {
  const {
    hostPath,
    emptyDir,
    secret,
    configMap,
    persistentVolumeClaim,
    projected,
    downwardAPI,
    nfs,
    csi,
    iscsi,
    ephemeral,
  } = volume as Volume;
  if (hostPath !== undefined) {
    return [
      ['Type', 'HostPath (bare host directory volume)'],
      ['Path', hostPath.path],
      ['HostPathType', hostPath.type ?? '<none>'],
    ];
  }
  if (emptyDir !== undefined) {
    return [
      ['Type', "EmptyDir (a temporary directory that shares a pod's lifetime)"],
      ['Medium', emptyDir.medium ?? ''],
      ['SizeLimit', emptyDir.sizeLimit ?? '<unset>'],
    ];
  }
  if (secret !== undefined) {
    return [
      ['Type', 'Secret (a volume populated by a Secret)'],
      ['SecretName', secret.secretName],
      ['Optional', secret.optional ?? false],
    ];
  }
  if (configMap !== undefined) {
    return [
      ['Type', 'ConfigMap (a volume populated by a ConfigMap)'],
      ['Name', configMap.name],
      ['Optional', configMap.optional ?? false],
    ];
  }
  if (persistentVolumeClaim !== undefined) {
    return [
      ['Type', 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)'],
      ['ClaimName', persistentVolumeClaim.claimName],
      ['ReadOnly', persistentVolumeClaim.readOnly ?? false],
    ];
  }
  if (projected !== undefined) {
    return [
      ['Type', 'Projected (a volume that contains injected data from multiple sources)'],
      ...(projected.sources ?? []).flatMap((source): Lines => {
        if (source.secret !== undefined)
          return [
            ['SecretName', source.secret.name],
            ['Optional', source.secret.optional ?? false],
          ];
        if (source.downwardAPI !== undefined) return [['DownwardAPI', true]];
        if (source.configMap !== undefined)
          return [
            ['ConfigMapName', source.configMap.name],
            ['Optional', source.configMap.optional ?? false],
          ];
        return source.serviceAccountToken === undefined
          ? []
          : [['TokenExpirationSeconds', source.serviceAccountToken.expirationSeconds]];
      }),
    ];
  }
  if (downwardAPI !== undefined) {
    return [
      ['Type', 'DownwardAPI (a volume populated by information about the pod)'],
      ['Items', undefined],
      ...(downwardAPI.items ?? []).map(
        ({ path, fieldRef, resourceFieldRef }) =>
          [`  ${fieldRef?.fieldPath ?? resourceFieldRef?.resource} -> ${path}`] as const,
      ),
    ];
  }
  if (nfs !== undefined) {
    return [
      ['Type', 'NFS (an NFS mount that lasts the lifetime of a pod)'],
      ['Server', nfs.server],
      ['Path', nfs.path],
      ['ReadOnly', nfs.readOnly ?? false],
    ];
  }
  if (csi !== undefined) {
    const { volumeHandle } = csi as { volumeHandle?: string };
    return [
      ['Type', 'CSI (a Container Storage Interface (CSI) volume source)'],
      ['Driver', csi.driver],
      ['FSType', csi.fsType ?? ''],
      ...(volumeHandle === undefined ? [] : [['VolumeHandle', volumeHandle] as const]),
      ['ReadOnly', csi.readOnly ?? false],
      // Upstream indents the attributes once more, after the title.
      ...attributeLines(csi.volumeAttributes),
    ];
  }
  if (iscsi !== undefined) {
    return [
      [
        'Type',
        "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
      ],
      ['TargetPortal', iscsi.targetPortal],
      ['IQN', iscsi.iqn],
      ['Lun', iscsi.lun],
      [`ISCSIInterface\t${iscsi.iscsiInterface ?? ''}`],
      ['FSType', iscsi.fsType ?? ''],
      ['ReadOnly', iscsi.readOnly ?? false],
      ['Portals', `[${(iscsi.portals ?? []).join(' ')}]`],
      ['DiscoveryCHAPAuth', iscsi.chapAuthDiscovery ?? false],
      ['SessionCHAPAuth', iscsi.chapAuthSession ?? false],
      [
        'SecretRef',
        iscsi.secretRef === undefined ? 'nil' : `&LocalObjectReference{Name:${iscsi.secretRef.name},}`,
      ],
      ['InitiatorName', iscsi.initiatorName ?? '<none>'],
    ];
  }
  const { image } = volume as { image?: { reference?: string; pullPolicy?: string } };
  if (image !== undefined) {
    return [
      ['Type', 'Image (a container image or OCI artifact)'],
      ['Reference', image.reference ?? ''],
      ['PullPolicy', image.pullPolicy ?? ''],
    ];
  }
  if (ephemeral !== undefined) {
    return [
      [
        'Type',
        'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
      ],
      ...claimTemplateLines(ephemeral.volumeClaimTemplate),
    ];
  }
  return [];
}

function attributeLines(attributes: Readonly<Record<string, string>> | undefined): Lines {
  const keys = Object.keys(attributes ?? {}).sort();
  if (keys.length === 0) return [['VolumeAttributes', '<none>']];
  return keys.map((key, index) =>
    index === 0
      ? ['VolumeAttributes', `    ${key}=${attributes![key]}`]
      : [`    \t    ${key}=${attributes![key]}`],
  );
}

/** Models pkg/describe printPersistentVolumeClaim, for what is no claim yet. */
function claimTemplateLines(template: PersistentVolumeClaimTemplate | undefined): Lines {
  if (template === undefined) return [];
  const { metadata, spec } = template;
  const pairs = (
    title: string,
    values: Readonly<Record<string, string>> | undefined,
    separator: string,
  ): Lines => {
    const keys = Object.keys(values ?? {}).sort();
    if (keys.length === 0) return [[title, '    <none>']];
    return keys.map((key, index) => {
      const text = `${key}${separator}${values![key]}`;
      return index === 0 ? [title, `    ${text}`] : [`    \t    ${text}`];
    });
  };
  return [
    ['StorageClass', spec.storageClassName ?? ''],
    ['Volume', spec.volumeName ?? ''],
    ...pairs('Labels', metadata?.labels, '='),
    ...pairs('Annotations', metadata?.annotations, ': '),
    ['Capacity', ''],
    ['Access Modes', ''],
    ...(spec.volumeMode === undefined ? [] : [['VolumeMode', spec.volumeMode] as const]),
  ];
}

/** Models pkg/describe printPodTolerationsMultiline. */
export function describeTolerations(
  title: string,
  tolerations: readonly Toleration[] | undefined,
  writer: DescribeWriter,
): void {
  const sorted = [...(tolerations ?? [])].sort((a, b) =>
    (a.key ?? '') < (b.key ?? '') ? -1 : (a.key ?? '') > (b.key ?? '') ? 1 : 0,
  );
  if (sorted.length === 0) {
    writer.line(0, `${title}:\t<none>`);
    return;
  }
  for (const [
    index,
    { key = '', value = '', effect = '', operator, tolerationSeconds },
  ] of sorted.entries()) {
    let text = key + (value === '' ? '' : `=${value}`) + (effect === '' ? '' : `:${effect}`);
    if (operator === 'Exists' && value === '')
      text += key !== '' || effect !== '' ? ' op=Exists' : 'op=Exists';
    if (tolerationSeconds !== undefined) text += ` for ${tolerationSeconds}s`;
    writer.line(0, `${index === 0 ? `${title}:` : ''}\t${text}`);
  }
}
