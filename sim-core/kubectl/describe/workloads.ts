import type { StatefulSetSpec } from 'kubernetes-types/apps/v1';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Invocation } from '../invocation.ts';
import { formatLabels } from '../printers/table-printer.ts';
import { Helper } from '../resource/helper.ts';
import { describePodTemplate } from './pod-template.ts';
import { controllerText, selectorText } from './references.ts';
import { revisionsOfReplicaSets } from './replica-sets.ts';
import type { DescribeWriter } from './writer.ts';

/** Models pkg/describe describeDeployment. */
export async function describeDeployment(
  object: KubeObject,
  writer: DescribeWriter,
  invocation: Invocation,
): Promise<void> {
  const spec = object.spec as {
    replicas?: number;
    selector: object;
    template: object;
    minReadySeconds?: number;
    strategy: {
      type?: string;
      rollingUpdate?: { maxUnavailable?: string | number; maxSurge?: string | number };
    };
  };
  const status = (object.status ?? {}) as Record<string, number | undefined> & { conditions?: never };
  writer.field(0, 'Name', object.metadata.name);
  writer.field(0, 'Namespace', object.metadata.namespace);
  writer.field(0, 'CreationTimestamp', writer.time(object.metadata.creationTimestamp));
  writer.map(0, 'Labels', object.metadata.labels);
  writer.annotations(0, object.metadata.annotations);
  writer.field(0, 'Selector', selectorText(spec.selector));
  writer.field(
    0,
    'Replicas',
    `${spec.replicas ?? 0} desired | ${status.updatedReplicas ?? 0} updated | ${status.replicas ?? 0} total | ${status.availableReplicas ?? 0} available | ${status.unavailableReplicas ?? 0} unavailable`,
  );
  writer.field(0, 'StrategyType', spec.strategy.type);
  writer.field(0, 'MinReadySeconds', spec.minReadySeconds ?? 0);
  const { rollingUpdate } = spec.strategy;
  if (rollingUpdate !== undefined) {
    writer.field(
      0,
      'RollingUpdateStrategy',
      `${rollingUpdate.maxUnavailable} max unavailable, ${rollingUpdate.maxSurge} max surge`,
    );
  }
  describePodTemplate(spec.template, writer);
  describeConditions(object, writer);
  const { oldSets, newSet } = await revisionsOfReplicaSets(invocation, object);
  if (oldSets.length > 0 || newSet !== undefined) {
    writer.field(0, 'OldReplicaSets', setsText(oldSets));
    writer.field(0, 'NewReplicaSet', setsText(newSet === undefined ? [] : [newSet]));
  }
}

function setsText(sets: readonly KubeObject[]): string {
  return (
    sets
      .map(({ metadata, spec, status }) => {
        const { replicas = 0 } = (status ?? {}) as { replicas?: number };
        return `${metadata.name} (${replicas}/${(spec as { replicas?: number }).replicas ?? 0} replicas created)`;
      })
      .join(', ') || '<none>'
  );
}

function describeConditions(object: KubeObject, writer: DescribeWriter): void {
  const { conditions = [] } = (object.status ?? {}) as {
    conditions?: { type: string; status: string; reason?: string }[];
  };
  if (conditions.length === 0) return;
  writer.line(0, 'Conditions:');
  writer.line(1, 'Type\tStatus\tReason');
  writer.line(1, '----\t------\t------');
  for (const { type, status, reason = '' } of conditions) writer.line(1, `${type} \t${status}\t${reason}`);
}

/** "3 Running / 0 Waiting / 0 Succeeded / 0 Failed" of the pods that an object controls. */
async function podsStatus(object: KubeObject, { factory }: Invocation): Promise<string> {
  const { selector } = object.spec as { selector?: object };
  const isLabels = object.kind === 'ReplicationController';
  const labelSelector = isLabels
    ? formatLabels(selector as Record<string, string> | undefined)
    : selectorText(selector ?? {});
  const mapping = { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true };
  const list = await new Helper(factory.client(), mapping).list(object.metadata.namespace ?? '', {
    labelSelector,
    limit: '500',
  });
  const counts: Record<string, number> = { Running: 0, Pending: 0, Succeeded: 0, Failed: 0 };
  for (const pod of list.items as KubeObject[]) {
    if (!pod.metadata.ownerReferences?.some(({ uid }) => uid === object.metadata.uid)) continue;
    const { phase = '' } = (pod.status ?? {}) as { phase?: string };
    if (phase in counts) counts[phase] = counts[phase]! + 1;
  }
  return `${counts.Running} Running / ${counts.Pending} Waiting / ${counts.Succeeded} Succeeded / ${counts.Failed} Failed`;
}

/** Models pkg/describe describeReplicaSet. */
export async function describeReplicaSet(
  object: KubeObject,
  writer: DescribeWriter,
  invocation: Invocation,
): Promise<void> {
  const spec = object.spec as { selector: object; replicas?: number; template: object };
  writer.field(0, 'Name', object.metadata.name);
  writer.field(0, 'Namespace', object.metadata.namespace);
  writer.field(0, 'Selector', selectorText(spec.selector));
  writer.map(0, 'Labels', object.metadata.labels);
  writer.annotations(0, object.metadata.annotations);
  const controller = controllerText(object);
  if (controller !== undefined) writer.field(0, 'Controlled By', controller);
  const { replicas = 0 } = (object.status ?? {}) as { replicas?: number };
  writer.field(0, 'Replicas', `${replicas} current / ${spec.replicas ?? 0} desired`);
  writer.field(0, 'Pods Status', await podsStatus(object, invocation));
  describePodTemplate(spec.template, writer);
  describeConditions(object, writer);
}

/** Models pkg/describe describeDaemonSet. */
export async function describeDaemonSet(
  object: KubeObject,
  writer: DescribeWriter,
  invocation: Invocation,
): Promise<void> {
  const spec = object.spec as {
    selector: object;
    template: { spec: { nodeSelector?: Record<string, string> } };
  };
  const status = (object.status ?? {}) as Record<string, number | undefined>;
  writer.field(0, 'Name', object.metadata.name);
  writer.field(0, 'Namespace', object.metadata.namespace);
  writer.field(0, 'Selector', selectorText(spec.selector));
  writer.field(0, 'Node-Selector', formatLabels(spec.template.spec.nodeSelector));
  writer.map(0, 'Labels', object.metadata.labels);
  writer.annotations(0, object.metadata.annotations);
  // These stand in no column.
  for (const [title, count = 0] of [
    ['Desired Number of Nodes Scheduled', status.desiredNumberScheduled],
    ['Current Number of Nodes Scheduled', status.currentNumberScheduled],
    ['Number of Nodes Scheduled with Up-to-date Pods', status.updatedNumberScheduled],
    ['Number of Nodes Scheduled with Available Pods', status.numberAvailable],
    ['Number of Nodes Misscheduled', status.numberMisscheduled],
  ] as const)
    writer.line(0, `${title}: ${count}`);
  writer.field(0, 'Pods Status', await podsStatus(object, invocation));
  describePodTemplate(spec.template, writer);
}

/** Models pkg/describe describeStatefulSet. */
export async function describeStatefulSet(
  object: KubeObject,
  writer: DescribeWriter,
  invocation: Invocation,
): Promise<void> {
  const { metadata } = object;
  const spec = object.spec as StatefulSetSpec;
  const { replicas = 0 } = (object.status ?? {}) as { replicas?: number };
  writer.field(0, 'Name', metadata.name);
  writer.field(0, 'Namespace', metadata.namespace);
  writer.field(0, 'CreationTimestamp', writer.time(metadata.creationTimestamp));
  writer.field(0, 'Selector', selectorText(spec.selector));
  writer.map(0, 'Labels', metadata.labels);
  writer.annotations(0, metadata.annotations);
  writer.field(0, 'Replicas', `${spec.replicas ?? 0} desired | ${replicas} total`);
  writer.field(0, 'Update Strategy', spec.updateStrategy?.type);
  const rolling = spec.updateStrategy?.rollingUpdate;
  if (rolling?.partition !== undefined) {
    writer.field(1, 'Partition', rolling.partition);
    if (rolling.maxUnavailable !== undefined)
      writer.field(1, 'MaxUnavailable', String(rolling.maxUnavailable));
  }
  writer.field(0, 'Pods Status', await podsStatus(object, invocation));
  describePodTemplate(spec.template, writer);
  const claims = spec.volumeClaimTemplates ?? [];
  if (claims.length === 0) writer.line(0, 'Volume Claims:\t<none>');
  else writer.line(0, 'Volume Claims:');
  for (const claim of claims) {
    writer.field(1, 'Name', claim.metadata?.name);
    writer.field(1, 'StorageClass', claim.spec?.storageClassName);
    writer.map(1, 'Labels', claim.metadata?.labels);
    writer.map(1, 'Annotations', claim.metadata?.annotations);
    writer.field(1, 'Capacity', claim.spec?.resources?.requests?.storage ?? '<default>');
    writer.field(1, 'Access Modes', `[${(claim.spec?.accessModes ?? []).join(' ')}]`);
  }
}

/** Models pkg/describe describeReplicationController. */
export async function describeReplicationController(
  object: KubeObject,
  writer: DescribeWriter,
  invocation: Invocation,
): Promise<void> {
  const spec = object.spec as {
    replicas?: number;
    selector?: Record<string, string>;
    template?: object;
  };
  const { replicas = 0 } = (object.status ?? {}) as { replicas?: number };
  writer.field(0, 'Name', object.metadata.name);
  writer.field(0, 'Namespace', object.metadata.namespace);
  writer.field(0, 'Selector', formatLabels(spec.selector));
  writer.map(0, 'Labels', object.metadata.labels);
  writer.annotations(0, object.metadata.annotations);
  writer.field(0, 'Replicas', `${replicas} current / ${spec.replicas ?? 0} desired`);
  writer.field(0, 'Pods Status', await podsStatus(object, invocation));
  if (spec.template === undefined) writer.line(0, 'Pod Template:\t<unset>');
  else describePodTemplate(spec.template, writer);
  describeConditions(object, writer);
}
