import type { MetricSpec, MetricStatus } from 'kubernetes-types/autoscaling/v2';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { AGE, column } from '../../printers/columns.ts';
import type { TableColumn } from '../rest/resource.ts';
import { toStored } from './horizontalpodautoscaler/version-v1.ts';

const SPEC = 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec';
const STATUS = 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus';

/** "cpu: 30%/80%". Models printers.go formatHPAMetrics. */
function targets({ spec, status }: KubeObject): string {
  const metrics: MetricSpec[] = spec?.metrics ?? [];
  const current: MetricStatus[] = status?.currentMetrics ?? [];
  if (metrics.length === 0) return '<none>';
  const shown = metrics.slice(0, 2).map((metric, index) => {
    const target =
      metric.resource?.target ?? metric.pods?.target ?? metric.object?.target ?? metric.external?.target;
    const now =
      current[index]?.resource?.current ?? current[index]?.pods?.current ?? current[index]?.object?.current;
    const name = metric.resource ? `${metric.resource.name}: ` : '';
    if (target?.averageUtilization !== undefined) {
      const value = now?.averageUtilization === undefined ? '<unknown>' : `${now.averageUtilization}%`;
      return `${name}${value}/${target.averageUtilization}%`;
    }
    const value = now?.averageValue ?? now?.value ?? '<unknown>';
    return target?.averageValue === undefined
      ? `${name}${value}/${target?.value ?? ''}`
      : `${name}${value}/${target.averageValue}${metric.object ? ' (avg)' : ''}`;
  });
  const more = metrics.length > 2 ? ` + ${metrics.length - 2} more...` : '';
  return shown.join(', ') + more;
}

export const horizontalPodAutoscalers: readonly TableColumn[] = [
  column(
    'Reference',
    'string',
    { of: SPEC, field: 'scaleTargetRef' },
    ({ spec }) => `${spec?.scaleTargetRef?.kind}/${spec?.scaleTargetRef?.name}`,
  ),
  column('Targets', 'string', { of: SPEC, field: 'metrics' }, targets),
  column('MinPods', 'string', { of: SPEC, field: 'minReplicas' }, ({ spec }) =>
    String(spec?.minReplicas ?? '<unset>'),
  ),
  column('MaxPods', 'string', { of: SPEC, field: 'maxReplicas' }, ({ spec }) => spec?.maxReplicas ?? 0),
  column(
    'Replicas',
    'string',
    { of: STATUS, field: 'currentReplicas' },
    ({ status }) => status?.currentReplicas ?? 0,
  ),
  AGE,
];

/** The same of objects of autoscaling/v1. */
export const horizontalPodAutoscalersV1: readonly TableColumn[] = horizontalPodAutoscalers.map((shown) => ({
  ...shown,
  cell: (object, now) => shown.cell(toStored(object), now),
}));
