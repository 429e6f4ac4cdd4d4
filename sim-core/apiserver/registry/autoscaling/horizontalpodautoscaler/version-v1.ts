import type { Json, JsonObject, KubeObject } from '../../../../apimachinery/object.ts';
import { metricSpecFromV1, metricSpecToV1, metricStatusFromV1, metricStatusToV1 } from './metrics-v1.ts';

const PREFIX = 'autoscaling.alpha.kubernetes.io/';
const METRICS = `${PREFIX}metrics`;
const CURRENT_METRICS = `${PREFIX}current-metrics`;
const BEHAVIOR = `${PREFIX}behavior`;
const CONDITIONS = `${PREFIX}conditions`;
/** What autoscaling/v1 has no fields for. Models pkg/apis/autoscaling/annotations.go. */
export const ROUND_TRIP_ANNOTATIONS: readonly string[] = [METRICS, CURRENT_METRICS, BEHAVIOR, CONDITIONS];

/** Only this metric has a field of its own in autoscaling/v1. */
const isCpuUtilization = ({ type, resource }: JsonObject): boolean => {
  const { name, target } = (resource ?? {}) as JsonObject;
  return (
    type === 'Resource' &&
    name === 'cpu' &&
    (target as JsonObject | undefined)?.['averageUtilization'] !== undefined
  );
};

/** What an autoscaler without a metric goes by. Models DefaultCPUUtilization. */
export const DEFAULT_METRIC = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

/**
 * An autoscaler of autoscaling/v1 as etcd holds it: of autoscaling/v2. The default metric is filled in here, since the
 * annotation with the others has to be read first. Models Convert_v1_…_To_autoscaling_….
 */
export function toStored(object: KubeObject): KubeObject {
  const { metadata, spec = {}, status = {} } = object;
  const annotations = metadata.annotations ?? {};
  const { targetCPUUtilizationPercentage: cpu, ...rest } = spec;
  const { currentCPUUtilizationPercentage: currentCpu, currentReplicas = 0, ...state } = status;
  const metrics = [
    ...(parsed(annotations[METRICS]) ?? []).map(metricSpecFromV1),
    ...(cpu === undefined ? [] : [cpuMetric('target', { type: 'Utilization', averageUtilization: cpu })]),
  ];
  const currentMetrics =
    parsed(annotations[CURRENT_METRICS])?.map(metricStatusFromV1) ??
    (currentCpu === undefined ? null : [cpuMetric('current', { averageUtilization: currentCpu })]);
  const behavior = parsedObject(annotations[BEHAVIOR]);
  const conditions = parsed(annotations[CONDITIONS]);
  return {
    kind: object.kind!,
    apiVersion: 'autoscaling/v2',
    metadata: withAnnotations(metadata, {}),
    spec: {
      ...rest,
      metrics: metrics.length > 0 ? metrics : [{ ...DEFAULT_METRIC }],
      ...(behavior !== undefined && { behavior: renamed(behavior, lower) }),
    },
    status: {
      ...state,
      ...(currentReplicas !== 0 && { currentReplicas }),
      currentMetrics,
      ...(conditions !== undefined && { conditions }),
    },
  };
}

/** The other way round. Models Convert_autoscaling_…_To_v1_…. */
export function fromStored(stored: KubeObject): KubeObject {
  const { metadata, spec = {}, status = {} } = stored;
  const { metrics = [], behavior, ...rest } = spec as JsonObject & { metrics?: JsonObject[] };
  const {
    currentMetrics,
    conditions = [],
    ...state
  } = status as JsonObject & {
    currentMetrics?: JsonObject[] | null;
    conditions?: JsonObject[];
  };
  const cpu = metrics.find(isCpuUtilization);
  const others = metrics.filter((metric) => !isCpuUtilization(metric));
  const current = currentMetrics ?? [];
  const added: Record<string, string> = {
    ...(others.length > 0 && { [METRICS]: JSON.stringify(others.map(metricSpecToV1)) }),
    ...(current.length > 0 && { [CURRENT_METRICS]: JSON.stringify(current.map(metricStatusToV1)) }),
    ...(behavior !== undefined && { [BEHAVIOR]: JSON.stringify(renamed(behavior, upper)) }),
    ...(conditions.length > 0 && { [CONDITIONS]: JSON.stringify(conditions) }),
  };
  const utilization = (metric: JsonObject | undefined, field: string) =>
    ((metric?.['resource'] as JsonObject | undefined)?.[field] as JsonObject | undefined)?.[
      'averageUtilization'
    ];
  const target = utilization(cpu, 'target');
  const currentCpu = utilization(
    current.find(({ resource }) => (resource as JsonObject | undefined)?.['name'] === 'cpu'),
    'current',
  );
  return {
    kind: stored.kind!,
    apiVersion: 'autoscaling/v1',
    metadata: withAnnotations(metadata, added),
    spec: { ...rest, ...(target !== undefined && { targetCPUUtilizationPercentage: target }) },
    status: {
      ...state,
      currentReplicas: state['currentReplicas'] ?? 0,
      ...(currentCpu !== undefined && { currentCPUUtilizationPercentage: currentCpu }),
    },
  };
}

const cpuMetric = (field: 'target' | 'current', values: JsonObject): JsonObject => ({
  type: 'Resource',
  resource: { name: 'cpu', [field]: values },
});

function withAnnotations(
  metadata: KubeObject['metadata'],
  added: Record<string, string>,
): KubeObject['metadata'] {
  const { annotations, ...rest } = metadata;
  const kept = Object.entries(annotations ?? {}).filter(([name]) => !ROUND_TRIP_ANNOTATIONS.includes(name));
  const all = { ...Object.fromEntries(kept), ...added };
  return Object.keys(all).length === 0 ? rest : { ...metadata, annotations: all };
}

/** A list that an annotation holds; undefined for none or a broken one. */
function parsed(text: string | undefined): JsonObject[] | undefined {
  const value = parsedObject(text) as unknown;
  return Array.isArray(value) ? (value as JsonObject[]) : undefined;
}

function parsedObject(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

const upper = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

/** Upstream writes its internal type here, which has no names for JSON: {"ScaleUp":{"Policies":[…]}}. */
function renamed(value: Json, rename: (name: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, below]) => [rename(name), renamed(below, rename)]),
  );
}
