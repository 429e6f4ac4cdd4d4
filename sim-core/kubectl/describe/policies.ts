import type { PodDisruptionBudgetSpec, PodDisruptionBudgetStatus } from 'kubernetes-types/policy/v1';
import type { PriorityClass } from 'kubernetes-types/scheduling/v1';
import type { KubeObject } from '../../apimachinery/object.ts';
import { formatLabels } from '../printers/table-printer.ts';
import { selectorText } from './references.ts';
import type { DescribeWriter } from './writer.ts';

/** Models pkg/describe describePodDisruptionBudgetV1. */
export function describePodDisruptionBudget(object: KubeObject, writer: DescribeWriter): void {
  const { minAvailable, maxUnavailable, selector } = (object.spec ?? {}) as PodDisruptionBudgetSpec;
  const status = (object.status ?? {}) as Partial<PodDisruptionBudgetStatus>;
  writer.field(0, 'Name', object.metadata.name);
  writer.field(0, 'Namespace', object.metadata.namespace);
  if (minAvailable !== undefined) writer.field(0, 'Min available', String(minAvailable));
  else if (maxUnavailable !== undefined) writer.field(0, 'Max unavailable', String(maxUnavailable));
  writer.field(0, 'Selector', selector === undefined ? '<unset>' : selectorText(selector));
  writer.line(0, 'Status:');
  writer.field(2, 'Allowed disruptions', status.disruptionsAllowed ?? 0);
  writer.field(2, 'Current', status.currentHealthy ?? 0);
  writer.field(2, 'Desired', status.desiredHealthy ?? 0);
  writer.field(2, 'Total', status.expectedPods ?? 0);
}

/** Models pkg/describe describePriorityClass. */
export function describePriorityClass(object: KubeObject, writer: DescribeWriter): void {
  const { value, globalDefault, preemptionPolicy, description } = object as unknown as PriorityClass;
  writer.field(0, 'Name', object.metadata.name);
  writer.field(0, 'Value', value);
  writer.field(0, 'GlobalDefault', globalDefault ?? false);
  writer.field(0, 'PreemptionPolicy', preemptionPolicy);
  writer.field(0, 'Description', description);
  writer.field(0, 'Annotations', formatLabels(object.metadata.annotations));
}

/** Models pkg/describe describeServiceCIDRV1. */
export function describeServiceCidr(object: KubeObject, writer: DescribeWriter): void {
  const { cidrs = [] } = (object.spec ?? {}) as { cidrs?: readonly string[] };
  const { conditions = [] } = (object.status ?? {}) as {
    conditions?: readonly Readonly<Record<string, string>>[];
  };
  writer.field(0, 'Name', object.metadata.name);
  writer.map(0, 'Labels', object.metadata.labels);
  writer.annotations(0, object.metadata.annotations);
  writer.field(0, 'CIDRs', cidrs.join(', '));
  if (conditions.length === 0) return;
  writer.line(0, 'Status:');
  writer.line(0, 'Conditions:');
  writer.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage');
  writer.line(1, '----\t------\t------------------\t------\t-------');
  for (const { type, status, lastTransitionTime, reason, message } of conditions)
    writer.line(1, [type, status, writer.time(lastTransitionTime), reason, message].join('\t'));
}
