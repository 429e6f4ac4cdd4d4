import type { PersistentVolumeSpec, VolumeNodeAffinity } from 'kubernetes-types/core/v1';
import type { StorageClass } from 'kubernetes-types/storage/v1';
import type { KubeObject } from '../../apimachinery/object.ts';
import { formatLabels } from '../printers/table-printer.ts';
import { lineText, sourceLines } from './volumes.ts';
import type { DescribeWriter } from './writer.ts';

const SHORT_MODES: readonly (readonly [string, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** "RWO,RWX". Models pkg/util/storage GetAccessModesAsString. */
export function accessModesText(modes: readonly string[] | undefined): string {
  return SHORT_MODES.filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

/** Models pkg/describe describePersistentVolume. */
export function describePersistentVolume(object: KubeObject, writer: DescribeWriter): void {
  const { metadata } = object;
  const spec = object.spec as PersistentVolumeSpec;
  const { phase, message } = (object.status ?? {}) as { phase?: string; message?: string };
  writer.field(0, 'Name', metadata.name);
  writer.map(0, 'Labels', metadata.labels);
  writer.annotations(0, metadata.annotations);
  writer.field(0, 'Finalizers', `[${(metadata.finalizers ?? []).join(' ')}]`);
  writer.field(0, 'StorageClass', spec.storageClassName);
  writer.field(0, 'Status', statusText(object, phase, writer));
  writer.field(
    0,
    'Claim',
    spec.claimRef === undefined ? '' : `${spec.claimRef.namespace}/${spec.claimRef.name}`,
  );
  writer.field(0, 'Reclaim Policy', spec.persistentVolumeReclaimPolicy);
  writer.field(0, 'Access Modes', accessModesText(spec.accessModes));
  if (spec.volumeMode !== undefined) writer.field(0, 'VolumeMode', spec.volumeMode);
  writer.field(0, 'Capacity', spec.capacity?.storage ?? '0');
  describeNodeAffinity(spec.nodeAffinity, writer);
  writer.field(0, 'Message', message);
  writer.line(0, 'Source:');
  const source = spec.local === undefined ? sourceLines(spec) : localLines(spec.local.path);
  if (source.length === 0) writer.line(1, '<unknown>');
  for (const line of source) writer.line(2, lineText(line));
}

/** "Bound", or "Terminating (lasts 5s)" while it is deleted. */
export function statusText(
  { metadata }: KubeObject,
  phase: string | undefined,
  writer: DescribeWriter,
): string | undefined {
  return metadata.deletionTimestamp === undefined
    ? phase
    : `Terminating (lasts ${writer.age(metadata.deletionTimestamp)})`;
}

function localLines(path: string): readonly (readonly [string, unknown])[] {
  return [
    ['Type', 'LocalVolume (a persistent volume backed by local storage on a node)'],
    ['Path', path],
  ];
}

function describeNodeAffinity(affinity: VolumeNodeAffinity | undefined, writer: DescribeWriter): void {
  const terms = affinity?.required?.nodeSelectorTerms;
  if (terms === undefined) {
    writer.line(0, 'Node Affinity:\t<none>');
    return;
  }
  writer.line(0, 'Node Affinity:\t');
  writer.line(1, terms.length === 0 ? 'Required Terms:\t<none>' : 'Required Terms:\t');
  for (const [index, { matchExpressions = [] }] of terms.entries()) {
    const shown = matchExpressions.map(({ key, operator, values = [] }) => {
      const list = values.length === 0 ? '' : ` [${values.join(', ')}]`;
      return `${key} ${operator.toLowerCase()}${list}`;
    });
    writer.line(2, `Term ${index}:\t${shown[0] ?? '<none>'}`);
    for (const text of shown.slice(1)) writer.line(2, `\t${text}`);
  }
}

/** Models pkg/describe describeStorageClass. */
export function describeStorageClass(object: KubeObject, writer: DescribeWriter): void {
  const { metadata } = object;
  const storage = object as unknown as StorageClass;
  const isDefault = metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
  writer.field(0, 'Name', metadata.name);
  writer.field(0, 'IsDefaultClass', isDefault ? 'Yes' : 'No');
  writer.field(0, 'Annotations', formatLabels(metadata.annotations));
  writer.field(0, 'Provisioner', storage.provisioner);
  writer.field(0, 'Parameters', formatLabels(storage.parameters));
  const expansion = storage.allowVolumeExpansion;
  writer.field(0, 'AllowVolumeExpansion', expansion === undefined ? '<unset>' : expansion ? 'True' : 'False');
  const options = storage.mountOptions ?? [];
  writer.line(0, options.length === 0 ? 'MountOptions:\t<none>' : 'MountOptions:');
  for (const option of options) writer.line(1, option);
  if (storage.reclaimPolicy !== undefined) writer.field(0, 'ReclaimPolicy', storage.reclaimPolicy);
  if (storage.volumeBindingMode !== undefined)
    writer.field(0, 'VolumeBindingMode', storage.volumeBindingMode);
  const topologies = storage.allowedTopologies;
  if (topologies === undefined) return;
  writer.line(0, `AllowedTopologies:\t${topologies.length === 0 ? '<none>' : ''}`);
  for (const [index, { matchLabelExpressions = [] }] of topologies.entries()) {
    const shown = matchLabelExpressions.map(({ key, values }) =>
      values.length === 0 ? key : `${key} in [${values.join(', ')}]`,
    );
    writer.line(1, `Term ${index}:\t${shown[0] ?? '<none>'}`);
    for (const text of shown.slice(1)) writer.line(1, `\t${text}`);
  }
}

/** Models pkg/describe describeCSINode. */
export function describeCsiNode(object: KubeObject, writer: DescribeWriter): void {
  const { metadata } = object;
  const { drivers } = (object.spec ?? {}) as {
    drivers?:
      | readonly {
          name: string;
          nodeID: string;
          allocatable?: { count?: number };
          topologyKeys?: readonly string[] | null;
        }[]
      | null;
  };
  writer.field(0, 'Name', metadata.name);
  writer.map(0, 'Labels', metadata.labels);
  writer.annotations(0, metadata.annotations);
  writer.field(0, 'CreationTimestamp', writer.time(metadata.creationTimestamp));
  writer.line(0, 'Spec:');
  if (drivers === undefined || drivers === null) return;
  writer.line(1, 'Drivers:');
  for (const { name, nodeID, allocatable, topologyKeys } of drivers) {
    writer.line(2, `${name}:`);
    writer.field(3, 'Node ID', nodeID);
    if (allocatable?.count !== undefined) {
      writer.line(3, 'Allocatables:');
      writer.field(4, 'Count', allocatable.count);
    }
    if (topologyKeys) writer.field(3, 'Topology Keys', `[${topologyKeys.join(' ')}]`);
  }
}
