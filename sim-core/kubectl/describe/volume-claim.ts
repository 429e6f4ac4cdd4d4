import type {
  PersistentVolumeClaimSpec,
  PersistentVolumeClaimStatus,
  PodSpec,
} from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../apimachinery/object.ts';
import { MAPPINGS } from '../cmd/create/mappings.ts';
import type { Invocation } from '../invocation.ts';
import { Helper } from '../resource/helper.ts';
import { accessModesText, statusText } from './storage.ts';
import type { DescribeWriter } from './writer.ts';

/** Models pkg/describe describePersistentVolumeClaim. */
export async function describePersistentVolumeClaim(
  object: KubeObject,
  writer: DescribeWriter,
  { factory }: Invocation,
): Promise<void> {
  const { metadata } = object;
  const spec = (object.spec ?? {}) as PersistentVolumeClaimSpec;
  const status = (object.status ?? {}) as PersistentVolumeClaimStatus;
  const bound = spec.volumeName !== undefined && spec.volumeName !== '';
  writer.field(0, 'Name', metadata.name);
  writer.field(0, 'Namespace', metadata.namespace);
  writer.field(0, 'StorageClass', spec.storageClassName);
  writer.field(0, 'Status', statusText(object, status.phase, writer));
  writer.field(0, 'Volume', spec.volumeName);
  writer.map(0, 'Labels', metadata.labels);
  writer.annotations(0, metadata.annotations);
  writer.field(0, 'Finalizers', `[${(metadata.finalizers ?? []).join(' ')}]`);
  writer.field(0, 'Capacity', bound ? (status.capacity?.storage ?? '0') : '');
  writer.field(0, 'Access Modes', bound ? accessModesText(status.accessModes) : '');
  if (spec.volumeMode !== undefined) writer.field(0, 'VolumeMode', spec.volumeMode);
  if (spec.dataSource !== undefined) {
    writer.line(0, 'DataSource:');
    if (spec.dataSource.apiGroup !== undefined) writer.field(1, 'APIGroup', spec.dataSource.apiGroup);
    writer.field(1, 'Kind', spec.dataSource.kind);
    writer.field(1, 'Name', spec.dataSource.name);
  }
  const pods = await new Helper(factory.client(), MAPPINGS.pod).list(metadata.namespace ?? '');
  const users = (pods.items as KubeObject[])
    .filter((pod) =>
      ((pod.spec as PodSpec).volumes ?? []).some(
        ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata.name,
      ),
    )
    .map((pod) => pod.metadata.name ?? '')
    .sort();
  writer.field(0, 'Used By', users[0] ?? '<none>');
  for (const name of users.slice(1)) writer.line(0, `\t${name}`);
  const conditions = status.conditions ?? [];
  if (conditions.length === 0) return;
  writer.line(0, 'Conditions:');
  writer.line(1, 'Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage');
  writer.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
  for (const { type, status: value, lastProbeTime, lastTransitionTime, reason, message } of conditions) {
    const [probed, changed] = [lastProbeTime, lastTransitionTime] as unknown as (string | undefined)[];
    writer.line(
      1,
      [type, value, writer.time(probed), writer.time(changed), reason ?? '', message ?? ''].join(' \t'),
    );
  }
}
