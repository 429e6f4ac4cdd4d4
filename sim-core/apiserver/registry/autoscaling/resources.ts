import type { MetricSpec, MetricStatus } from 'kubernetes-types/autoscaling/v2';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { AGE, column } from '../../printers/columns.ts';
import { lazyStrategy, lazyUpdate } from '../lazy-strategy.ts';
import type { ResourceDefinition, TableColumn } from '../rest/resource.ts';
import type { Strategy } from '../rest/strategy.ts';
import { rowsOf } from '../row.ts';
import { defaultBehavior } from './horizontalpodautoscaler/defaults.ts';
import { fromStored, ROUND_TRIP_ANNOTATIONS, toStored } from './horizontalpodautoscaler/version-v1.ts';

const row = rowsOf('autoscaling', 'v2', 'io.k8s.api.autoscaling.v2');
const rowV1 = rowsOf('autoscaling', 'v1', 'io.k8s.api.autoscaling.v1');
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

const columns: readonly TableColumn[] = [
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

/** Models pkg/apis/autoscaling/v1/defaults.go. */
function fillDefaultsV1(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  object.spec.minReplicas ??= 1;
  object.status.currentReplicas ??= 0;
  object.status.desiredReplicas ??= 0;
}

/** A strategy for what is stored, for objects of autoscaling/v1: what it prepares it prepares on a copy. */
function ofStored({ prepareForCreate, prepareForUpdate, validate, validateUpdate }: Strategy): Strategy {
  const prepared = (object: KubeObject, prepare: (stored: KubeObject) => void) => {
    const stored = toStored(object);
    prepare(stored);
    const { spec, status, metadata } = fromStored(stored);
    Object.assign(object, { spec, status, metadata });
  };
  return {
    prepareForCreate: (object, context) => prepared(object, (stored) => prepareForCreate?.(stored, context)),
    prepareForUpdate: (object, old, context) =>
      prepared(object, (stored) => prepareForUpdate?.(stored, toStored(old), context)),
    validate: (object, context) => validate?.(toStored(object), context) ?? [],
    validateUpdate: (object, old, context) =>
      validateUpdate?.(toStored(object), toStored(old), context) ?? [],
  };
}

/** Models pkg/registry/autoscaling. */
export const autoscalingResources: readonly ResourceDefinition[] = [
  row({
    kind: 'HorizontalPodAutoscaler',
    resource: 'horizontalpodautoscalers',
    shortNames: ['hpa'],
    categories: ['all'],
    strategy: lazyStrategy(module, ({ strategy }) => strategy, { fillDefaults }),
    status: lazyUpdate(module, ({ status }) => status, { fillDefaults }),
    columns,
  }),
  rowV1({
    kind: 'HorizontalPodAutoscaler',
    resource: 'horizontalpodautoscalers',
    shortNames: ['hpa'],
    categories: ['all'],
    conversion: { toStored, fromStored },
    hashedAs: { group: 'autoscaling', version: 'v2' },
    versionedAnnotations: ROUND_TRIP_ANNOTATIONS,
    strategy: lazyStrategy(module, ({ strategy }) => ofStored(strategy), { fillDefaults: fillDefaultsV1 }),
    status: lazyUpdate(module, ({ status }) => ofStored(status), { fillDefaults: fillDefaultsV1 }),
    columns: columns.map((shown) => ({ ...shown, cell: (object, now) => shown.cell(toStored(object), now) })),
  }),
];
