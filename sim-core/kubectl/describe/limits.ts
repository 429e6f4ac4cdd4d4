import type { KubeObject } from '../../apimachinery/object.ts';
import type { Invocation } from '../invocation.ts';
import { Helper } from '../resource/helper.ts';
import { describeMetadata } from './metadata.ts';
import type { DescribeWriter } from './writer.ts';

const LIMIT_TITLES = 'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio';
const LIMIT_LINES = '----\t--------\t---\t---\t---------------\t-------------\t-----------------------';

/** What the scopes of a quota select. */
const SCOPES: Readonly<Record<string, string>> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
};

/** Models pkg/describe describeNamespace. */
export async function describeNamespace(
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
      writer.line(1, `Name:\t${quota.metadata.name}`);
      describeScopes(quota, writer, 1, '* ');
      quotaRows(quota, writer, 1, '--------\t---\t---');
    }
  }
  const limits = await list('limitranges', 'LimitRange');
  writer.line(0, '');
  if (limits.length === 0) writer.line(0, 'No LimitRange resource.');
  else {
    writer.line(0, 'Resource Limits');
    writer.line(0, ` ${LIMIT_TITLES}`);
    writer.line(0, ` ${LIMIT_LINES}`);
    for (const range of limits) limitRows(range, writer, ' ');
  }
}

/** Models pkg/describe describeLimitRange. */
export function describeLimitRange(object: KubeObject, writer: DescribeWriter): void {
  writer.field(0, 'Name', object.metadata.name);
  writer.field(0, 'Namespace', object.metadata.namespace);
  writer.line(0, LIMIT_TITLES);
  writer.line(0, LIMIT_LINES);
  limitRows(object, writer, '');
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

/** Models pkg/describe describeQuota. */
export function describeQuota(object: KubeObject, writer: DescribeWriter): void {
  writer.field(0, 'Name', object.metadata.name);
  writer.field(0, 'Namespace', object.metadata.namespace);
  describeScopes(object, writer, 0, ' * ');
  quotaRows(object, writer, 0, '--------\t----\t----');
}

function describeScopes(quota: KubeObject, writer: DescribeWriter, level: number, bullet: string): void {
  const { scopes = [] } = quota.spec as { scopes?: readonly string[] };
  const sorted = [...scopes].sort();
  if (sorted.length > 0) writer.field(level, 'Scopes', sorted.join(', '));
  for (const scope of sorted) {
    const help = SCOPES[scope];
    if (help !== undefined) writer.line(level, bullet + help);
  }
}

function quotaRows(quota: KubeObject, writer: DescribeWriter, level: number, dashes: string): void {
  const { hard = {}, used = {} } = (quota.status ?? {}) as {
    hard?: Record<string, string>;
    used?: Record<string, string>;
  };
  writer.line(level, 'Resource\tUsed\tHard');
  writer.line(level, dashes);
  for (const name of Object.keys(hard).sort())
    writer.line(level, `${name}\t${used[name] ?? '0'}\t${hard[name]}`);
}
