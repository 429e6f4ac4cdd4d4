import type { MetricSpec, MetricStatus } from 'kubernetes-types/autoscaling/v2';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { AGE, column } from '../../printers/columns.ts';
import { lazyStrategy, lazyUpdate } from '../lazy-strategy.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import { defaultBehavior } from './horizontalpodautoscaler/defaults.ts';

const row = rowsOf('autoscaling', 'v2', 'io.k8s.api.autoscaling.v2');
const SPEC = 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec';
const STATUS = 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus';
const module = new LazyModule(() => import('./horizontalpodautoscaler/validation.ts'));
const DEFAULT_METRIC = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

/** Models pkg/apis/autoscaling/v2/defaults.go SetDefaults_HorizontalPodAutoscaler. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  object.spec.minReplicas ??= 1;
  if (!object.spec.metrics?.length) {
    object.spec.metrics = [{ ...DEFAULT_METRIC, resource: { ...DEFAULT_METRIC.resource } }];
  }
  if (object.spec.behavior !== undefined) defaultBehavior(object.spec.behavior);
  object.status.desiredReplicas ??= 0;
  object.status.currentMetrics ??= null;
}

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

/** Models pkg/registry/autoscaling. */
export const autoscalingResources: readonly ResourceDefinition[] = [
  row({
    kind: 'HorizontalPodAutoscaler',
    resource: 'horizontalpodautoscalers',
    shortNames: ['hpa'],
    categories: ['all'],
    ...lazyStrategy(module, ({ strategy }) => strategy, { fillDefaults }),
    status: lazyUpdate(module, ({ status }) => status, { fillDefaults }),
    columns: [
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
    ],
  }),
];
