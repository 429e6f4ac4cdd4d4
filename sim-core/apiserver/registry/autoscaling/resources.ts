import type { KubeObject } from '../../../apimachinery/object.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { lazyColumns } from '../lazy-columns.ts';
import { lazyStrategy, lazyUpdate } from '../lazy-strategy.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import type { Strategy } from '../rest/strategy.ts';
import { rowsOf } from '../row.ts';
import { defaultBehavior } from './horizontalpodautoscaler/defaults.ts';
import {
  DEFAULT_METRIC,
  fromStored,
  ROUND_TRIP_ANNOTATIONS,
  toStored,
} from './horizontalpodautoscaler/version-v1.ts';

const row = rowsOf('autoscaling', 'v2', 'io.k8s.api.autoscaling.v2');
const rowV1 = rowsOf('autoscaling', 'v1', 'io.k8s.api.autoscaling.v1');
const columns = new LazyModule(() => import('./columns.ts'));
const module = new LazyModule(() => import('./horizontalpodautoscaler/validation.ts'));

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
    columns: lazyColumns(columns, (loaded) => loaded.horizontalPodAutoscalers),
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
    columns: lazyColumns(columns, (loaded) => loaded.horizontalPodAutoscalersV1),
  }),
];
