import type {
  HorizontalPodAutoscalerSpec,
  HorizontalPodAutoscalerStatus,
  HPAScalingRules,
  MetricSpec,
  MetricStatus,
} from 'kubernetes-types/autoscaling/v2';
import type { KubeObject } from '../../apimachinery/object.ts';
import { describeMetadata } from './metadata.ts';
import type { DescribeWriter } from './writer.ts';

const UNKNOWN = '<unknown>';

/** Models pkg/describe describeHorizontalPodAutoscalerV2. */
export function describeHorizontalPodAutoscaler(object: KubeObject, writer: DescribeWriter): void {
  const spec = object.spec as HorizontalPodAutoscalerSpec;
  const status = (object.status ?? {}) as Partial<HorizontalPodAutoscalerStatus>;
  const { kind, name } = spec.scaleTargetRef;
  describeMetadata(object, writer);
  writer.field(0, 'CreationTimestamp', writer.time(object.metadata.creationTimestamp));
  writer.field(0, 'Reference', `${kind}/${name}`);
  writer.field(0, 'Metrics', '( current / target )');
  for (const [index, metric] of (spec.metrics ?? []).entries())
    writer.line(1, metricText(metric, status.currentMetrics?.[index]));
  writer.field(0, 'Min replicas', spec.minReplicas ?? '<unset>');
  writer.field(0, 'Max replicas', spec.maxReplicas);
  if (spec.behavior !== undefined) {
    writer.line(0, 'Behavior:');
    describeRules('Scale Up', spec.behavior.scaleUp, writer);
    describeRules('Scale Down', spec.behavior.scaleDown, writer);
  }
  writer.field(
    0,
    `${kind} pods`,
    `${status.currentReplicas ?? 0} current / ${status.desiredReplicas ?? 0} desired`,
  );
  const conditions = status.conditions ?? [];
  if (conditions.length === 0) return;
  writer.line(0, 'Conditions:');
  writer.line(1, 'Type\tStatus\tReason\tMessage');
  writer.line(1, '----\t------\t------\t-------');
  for (const condition of conditions)
    writer.line(
      1,
      [condition.type, condition.status, condition.reason ?? '', condition.message ?? ''].join('\t'),
    );
}

function metricText(metric: MetricSpec, current: MetricStatus | undefined): string {
  switch (metric.type) {
    case 'External': {
      const { target, metric: source } = metric.external!;
      const now = current?.external?.current;
      return target.averageValue === undefined
        ? `"${source.name}" (target value):\t${now?.value ?? UNKNOWN} / ${target.value}`
        : `"${source.name}" (target average value):\t${now?.averageValue ?? UNKNOWN} / ${target.averageValue}`;
    }
    case 'Pods': {
      const { target, metric: source } = metric.pods!;
      const now = current?.pods?.current.averageValue ?? UNKNOWN;
      return `"${source.name}" on pods:\t${now} / ${target.averageValue}`;
    }
    case 'Object': {
      const { target, metric: source, describedObject } = metric.object!;
      const now = current?.object?.current;
      const head = `"${source.name}" on ${describedObject.kind}/${describedObject.name}`;
      return target.type === 'AverageValue'
        ? `${head} (target average value):\t${now?.averageValue ?? UNKNOWN} / ${target.averageValue}`
        : `${head} (target value):\t${now?.value ?? UNKNOWN} / ${target.value}`;
    }
    case 'Resource': {
      const { name, target } = metric.resource!;
      return resourceText(`resource ${name} on pods`, target, current?.resource?.current);
    }
    case 'ContainerResource': {
      const { name, container, target } = metric.containerResource!;
      const head = `resource ${name} of container "${container}" on pods`;
      return resourceText(head, target, current?.containerResource?.current);
    }
    default:
      return `<unknown metric type ${JSON.stringify(metric.type)}>`;
  }
}

function resourceText(
  head: string,
  target: { readonly averageValue?: string; readonly averageUtilization?: number },
  current: { readonly averageValue?: string; readonly averageUtilization?: number } | undefined,
): string {
  if (target.averageValue !== undefined)
    return `${head}:\t${current?.averageValue ?? UNKNOWN} / ${target.averageValue}`;
  const share = current?.averageUtilization;
  const now = share === undefined ? UNKNOWN : `${share}% (${current?.averageValue ?? '0'})`;
  const wanted = target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`;
  return `${head}  (as a percentage of request):\t${now} / ${wanted}`;
}

function describeRules(direction: string, rules: HPAScalingRules | undefined, writer: DescribeWriter): void {
  if (rules === undefined) return;
  writer.line(1, `${direction}:`);
  if (rules.stabilizationWindowSeconds !== undefined)
    writer.line(2, `Stabilization Window: ${rules.stabilizationWindowSeconds} seconds`);
  const policies = rules.policies ?? [];
  if (policies.length === 0) return;
  writer.line(2, `Select Policy: ${rules.selectPolicy ?? 'Max'}`);
  writer.line(2, 'Policies:');
  for (const { type, value, periodSeconds } of policies)
    writer.line(3, `- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`);
}
