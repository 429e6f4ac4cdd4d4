import type { KubeObject } from '../../apimachinery/object.ts';
import type { Invocation } from '../invocation.ts';
import { formatLabels } from '../printers/table-printer.ts';
import { Helper } from '../resource/helper.ts';
import { type PolicyRule, ruleRows } from '../util/rbac.ts';
import { base64Length } from '../util/base64.ts';
import { revisionsOfReplicaSets } from './replica-sets.ts';
import { describeNode } from './node.ts';
import { describePod } from './pod.ts';
import { controllerText, selectorText } from './references.ts';
import { describePodTemplate } from './pod-template.ts';
import { describeService } from './service.ts';
import type { DescribeWriter } from './writer.ts';

/** Writes what describe says of an object, without its events. */
type Describer = (object: KubeObject, writer: DescribeWriter, invocation: Invocation) => void | Promise<void>;

export interface DescriberEntry {
  readonly describe: Describer;
  readonly withEvents: boolean;
}

/** By group and kind: "/Pod", "apps/Deployment". Models pkg/describe describerMap. */
export const DESCRIBERS: Readonly<Record<string, DescriberEntry>> = {
  '/Pod': { describe: describePod, withEvents: true },
  '/Node': { describe: describeNode, withEvents: true },
  '/Service': { describe: describeService, withEvents: true },
  '/ConfigMap': { describe: describeConfigMap, withEvents: true },
  '/Secret': { describe: describeSecret, withEvents: false },
  '/Namespace': { describe: describeNamespace, withEvents: false },
  '/ResourceQuota': { describe: describeQuota, withEvents: false },
  '/ServiceAccount': { describe: describeServiceAccount, withEvents: true },
  'apps/Deployment': { describe: describeDeployment, withEvents: true },
  'apps/ReplicaSet': { describe: describeReplicaSet, withEvents: true },
  'apps/DaemonSet': { describe: describeDaemonSet, withEvents: true },
  'rbac.authorization.k8s.io/Role': { describe: describeRole, withEvents: false },
  'rbac.authorization.k8s.io/ClusterRole': { describe: describeRole, withEvents: false },
  'rbac.authorization.k8s.io/RoleBinding': { describe: describeRoleBinding, withEvents: false },
  'rbac.authorization.k8s.io/ClusterRoleBinding': { describe: describeRoleBinding, withEvents: false },
};

/** "Name:", "Namespace:", "Labels:", "Annotations:". */
function describeMetadata({ metadata }: KubeObject, writer: DescribeWriter, withNamespace = true): void {
  writer.field(0, 'Name', metadata.name);
  if (withNamespace) writer.field(0, 'Namespace', metadata.namespace);
  writer.map(0, 'Labels', metadata.labels);
  writer.annotations(0, metadata.annotations);
}

function describeConfigMap(object: KubeObject, writer: DescribeWriter): void {
  const { data = {}, binaryData = {} } = object as {
    data?: Record<string, string>;
    binaryData?: Record<string, string>;
  };
  describeMetadata(object, writer);
  writer.line(0, '\nData\n====');
  for (const key of Object.keys(data).sort()) writer.line(0, `${key}:\n----\n${data[key]}\n`);
  writer.line(0, '\nBinaryData\n====');
  for (const key of Object.keys(binaryData).sort())
    writer.line(0, `${key}: ${base64Length(binaryData[key]!)} bytes`);
  writer.line(0, '');
}

function describeSecret(object: KubeObject, writer: DescribeWriter): void {
  const { data = {}, type = '' } = object as { data?: Record<string, string>; type?: string };
  describeMetadata(object, writer);
  writer.line(0, `\nType:\t${type}`);
  writer.line(0, '\nData\n====');
  for (const key of Object.keys(data).sort()) {
    const isToken = key === 'token' && type === 'kubernetes.io/service-account-token';
    writer.line(0, isToken ? `${key}:\t${data[key]}` : `${key}:\t${base64Length(data[key]!)} bytes`);
  }
}

async function describeNamespace(
  object: KubeObject,
  writer: DescribeWriter,
  { factory }: Invocation,
): Promise<void> {
  const { name = '' } = object.metadata;
  describeMetadata(object, writer, false);
  writer.field(0, 'Status', (object.status as { phase?: string } | undefined)?.phase);
  const list = async (resource: string, kind: string) =>
    (
      await new Helper(factory.client(), { group: '', version: 'v1', resource, kind, namespaced: true }).list(
        name,
      )
    ).items as KubeObject[];
  const quotas = await list('resourcequotas', 'ResourceQuota');
  writer.line(0, '');
  if (quotas.length === 0) writer.line(0, 'No resource quota.');
  else {
    writer.line(0, 'Resource Quotas');
    for (const quota of quotas) {
      writer.line(0, `  Name:\t${quota.metadata.name}`);
      quotaRows(quota, writer, '  ');
    }
  }
  const limits = await list('limitranges', 'LimitRange');
  writer.line(0, '');
  if (limits.length === 0) writer.line(0, 'No LimitRange resource.');
  else {
    writer.line(0, 'Resource Limits');
    writer.line(0, ' Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio');
    writer.line(0, ' ----\t--------\t---\t---\t---------------\t-------------\t-----------------------');
    for (const range of limits) limitRows(range, writer, ' ');
  }
}

interface LimitItem {
  type: string;
  [kind: string]: Record<string, string> | string | undefined;
}

function limitRows(range: KubeObject, writer: DescribeWriter, indent: string): void {
  const columns = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'];
  for (const item of (range.spec as { limits: LimitItem[] }).limits) {
    const names = new Set(
      columns.flatMap((column) => Object.keys((item[column] as object | undefined) ?? {})),
    );
    for (const name of [...names].sort()) {
      const cells = columns.map(
        (column) => (item[column] as Record<string, string> | undefined)?.[name] ?? '-',
      );
      writer.line(0, `${indent}${item.type}\t${name}\t${cells.join('\t')}`);
    }
  }
}

function describeQuota(object: KubeObject, writer: DescribeWriter): void {
  writer.field(0, 'Name', object.metadata.name);
  writer.field(0, 'Namespace', object.metadata.namespace);
  const { scopes = [] } = object.spec as { scopes?: string[] };
  if (scopes.length > 0) writer.field(0, 'Scopes', [...scopes].sort().join(', '));
  quotaRows(object, writer, '');
}

function quotaRows(quota: KubeObject, writer: DescribeWriter, indent: string): void {
  const { hard = {}, used = {} } = (quota.status ?? {}) as {
    hard?: Record<string, string>;
    used?: Record<string, string>;
  };
  writer.line(0, `${indent}Resource\tUsed\tHard`);
  writer.line(0, `${indent}--------\t----\t----`);
  for (const name of Object.keys(hard).sort())
    writer.line(0, `${indent}${name}\t${used[name] ?? ''}\t${hard[name]}`);
}

function describeServiceAccount(object: KubeObject, writer: DescribeWriter): void {
  describeMetadata(object, writer);
  const names = (list: unknown) => ((list as { name: string }[] | undefined) ?? []).map(({ name }) => name);
  for (const [title, values] of [
    ['Image pull secrets', names(object.imagePullSecrets)],
    ['Mountable secrets', names(object.secrets)],
    ['Tokens', []],
  ] as const) {
    writer.line(0, `${title}:\t${values[0] ?? '<none>'}`);
    for (const value of values.slice(1)) writer.line(0, `\t${value}`);
  }
}

async function describeDeployment(
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
  const { selector } = object.spec as { selector: { matchLabels?: Record<string, string> } };
  const labelSelector = formatLabels(selector.matchLabels);
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

async function describeReplicaSet(
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

async function describeDaemonSet(
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
  writer.field(0, 'Desired Number of Nodes Scheduled', status.desiredNumberScheduled ?? 0);
  writer.field(0, 'Current Number of Nodes Scheduled', status.currentNumberScheduled ?? 0);
  writer.field(0, 'Number of Nodes Scheduled with Up-to-date Pods', status.updatedNumberScheduled ?? 0);
  writer.field(0, 'Number of Nodes Scheduled with Available Pods', status.numberAvailable ?? 0);
  writer.field(0, 'Number of Nodes Misscheduled', status.numberMisscheduled ?? 0);
  writer.field(0, 'Pods Status', await podsStatus(object, invocation));
  describePodTemplate(spec.template, writer);
}

function describeRole(object: KubeObject, writer: DescribeWriter): void {
  describeMetadata(object, writer, false);
  writer.line(0, 'PolicyRule:');
  writer.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs');
  writer.line(1, '---------\t-----------------\t--------------\t-----');
  for (const row of ruleRows((object.rules as PolicyRule[] | null | undefined) ?? [])) writer.line(1, row);
}

function describeRoleBinding(object: KubeObject, writer: DescribeWriter): void {
  const { roleRef, subjects = [] } = object as unknown as {
    roleRef: { kind: string; name: string };
    subjects?: { kind: string; name: string; namespace?: string }[];
  };
  describeMetadata(object, writer, false);
  writer.line(0, 'Role:');
  writer.line(1, `Kind:\t${roleRef.kind}`);
  writer.line(1, `Name:\t${roleRef.name}`);
  writer.line(0, 'Subjects:');
  writer.line(1, 'Kind\tName\tNamespace');
  writer.line(1, '----\t----\t---------');
  for (const { kind, name, namespace = '' } of subjects) writer.line(1, `${kind}\t${name}\t${namespace}`);
}
