import type { PersistentVolumeSpec, Toleration, Volume } from 'kubernetes-types/core/v1';
import type { DescribeWriter } from './writer.ts';

type Lines = readonly (readonly [name: string, value: unknown])[];

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
    for (const [name, value] of sourceLines(volume)) writer.line(2, `${name}:\t${String(value)}`);
  }
}

/** What describe says of where a volume comes from. */
export function sourceLines(volume: Omit<Volume, 'name'> | PersistentVolumeSpec): Lines {
  const { hostPath, emptyDir, secret, configMap, persistentVolumeClaim, projected, downwardAPI, nfs, csi } =
    volume as Volume;
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
  if (downwardAPI !== undefined)
    return [['Type', 'DownwardAPI (a volume populated by information about the pod)']];
  if (nfs !== undefined) {
    return [
      ['Type', 'NFS (an NFS mount that lasts the lifetime of a pod)'],
      ['Server', nfs.server],
      ['Path', nfs.path],
      ['ReadOnly', nfs.readOnly ?? false],
    ];
  }
  if (csi !== undefined) {
    return [
      ['Type', 'CSI (a Container Storage Interface (CSI) volume source)'],
      ['Driver', csi.driver],
      ['FSType', csi.fsType ?? ''],
      ['ReadOnly', csi.readOnly ?? false],
    ];
  }
  return [];
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
