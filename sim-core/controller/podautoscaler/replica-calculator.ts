import type { HorizontalPodAutoscaler, MetricStatus, MetricTarget } from 'kubernetes-types/autoscaling/v2';
import type { Pod } from 'kubernetes-types/core/v1';
import { Quantity } from '../../apimachinery/quantity/quantity.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { MetricError, resourceRequest, resourceUsage } from './metrics.ts';
import { groupPods, type PodGroups } from './pod-groups.ts';

/** Changes that are smaller than this part of the target are left alone. */
const TOLERANCE = 0.1;

/** A metric that calls for nothing, and why. */
interface MetricFailure {
  readonly reason: string;
  readonly message: string;
}

/** How many replicas the metrics call for. */
export interface Calculation {
  readonly failures: readonly MetricFailure[];
  readonly metrics: MetricStatus[];
  /** Undefined: that cannot be said. */
  readonly best?: { readonly replicas: number; readonly metric: string };
  /** What is to be said of the failures in all. */
  readonly message?: string;
}

/** The size that one metric calls for, and what is measured. */
interface Proposal {
  readonly replicas: number;
  readonly metric: string;
  readonly status: MetricStatus;
}

/** What pods are measured by: ratio 1 means that they use what they are to use. */
interface Measure {
  ratioOf(values: ReadonlyMap<string, number>): number;
  /** What a pod that nobody measured is taken to use while others use too little. */
  fallback(pod: string): number;
}

/** The largest number that any metric calls for. Models computeReplicasForMetrics and ReplicaCalculator. */
export async function desiredReplicas(
  client: RestClient,
  { metadata, spec }: HorizontalPodAutoscaler,
  selector: string,
  pods: readonly Pod[],
  current: number,
  now: number,
): Promise<Calculation> {
  const failures: (MetricFailure & { readonly whole: string })[] = [];
  const metrics: MetricStatus[] = [];
  let best: { replicas: number; metric: string } | undefined;
  for (const { type, resource } of spec!.metrics ?? []) {
    if (type !== 'Resource' || resource === undefined) {
      const message = `unable to get ${type} metric: no metrics API serves it`;
      failures.push({ reason: `FailedGet${type}Metric`, message, whole: message });
      continue;
    }
    const { name, target } = resource;
    try {
      const usage = await resourceUsage(client, metadata!.namespace!, selector, name);
      if (pods.length === 0)
        throw new MetricError('no pods returned by selector while calculating replica count');
      const groups = groupPods(pods, usage, name, now);
      const values = new Map([...usage].map(([pod, { value }]) => [pod, value]));
      for (const pod of [...groups.ignored, ...groups.unready]) values.delete(pod);
      if (values.size === 0) {
        throw new MetricError('did not receive metrics for targeted pods (pods might be unready)');
      }
      const proposal = propose(name, target, pods, values, groups, current);
      metrics.push(proposal.status);
      if (best === undefined || proposal.replicas > best.replicas) best = proposal;
    } catch (error) {
      if (!(error instanceof MetricError)) throw error;
      const what = target.averageValue === undefined ? `${name} utilization` : `${name} usage`;
      const message = `failed to get ${what}: ${error.message}`;
      const whole = `failed to get ${name} resource metric value: ${message}`;
      failures.push({ reason: 'FailedGetResourceMetric', message, whole });
    }
  }
  const count = spec!.metrics?.length ?? 0;
  const message =
    failures[0] &&
    `invalid metrics (${failures.length} invalid out of ${count}), first error is: ${failures[0].whole}`;
  // A metric that is missing may have called for more: then nothing is taken away.
  const isKnown = best !== undefined && (failures.length === 0 || best.replicas >= current);
  return { failures, metrics, ...(message && { message }), ...(isKnown && { best: best! }) };
}

function propose(
  name: string,
  target: MetricTarget,
  pods: readonly Pod[],
  values: ReadonlyMap<string, number>,
  groups: PodGroups,
  current: number,
): Proposal {
  const total = sum(values.values());
  const averageValue = Quantity.ofMilli(Math.trunc(total / values.size)).toString();
  if (target.averageValue !== undefined) {
    const wanted = Quantity.parse(String(target.averageValue)).milliValue();
    const measure = {
      ratioOf: (of: ReadonlyMap<string, number>) => Math.trunc(sum(of.values()) / of.size) / wanted,
      fallback: () => wanted,
    };
    return {
      replicas: replicasFor(measure, values, groups, current),
      metric: `${name} resource`,
      status: { type: 'Resource', resource: { name, current: { averageValue } } },
    };
  }
  const wanted = target.averageUtilization!;
  const requests = new Map(pods.map((pod) => [pod.metadata!.name!, resourceRequest(pod, name)]));
  const utilizationOf = (of: ReadonlyMap<string, number>) => {
    const known = [...of].filter(([pod]) => requests.has(pod));
    const requested = sum(known.map(([pod]) => requests.get(pod)!));
    if (requested === 0) throw new MetricError('no metrics returned matched known pods');
    return Math.trunc((sum(known.map(([, value]) => value)) * 100) / requested);
  };
  const measure = {
    ratioOf: (of: ReadonlyMap<string, number>) => utilizationOf(of) / wanted,
    fallback: (pod: string) => Math.trunc((requests.get(pod)! * Math.max(100, wanted)) / 100),
  };
  return {
    replicas: replicasFor(measure, values, groups, current),
    metric: `${name} resource utilization (percentage of request)`,
    status: {
      type: 'Resource',
      resource: { name, current: { averageValue, averageUtilization: utilizationOf(values) } },
    },
  };
}

/**
 * The size that brings the ratio to 1. Pods that nobody measured, or that are on their way up, are taken to be such
 * that less changes. Models GetResourceReplicas and calcPlainMetricReplicas.
 */
function replicasFor(
  { ratioOf, fallback }: Measure,
  measured: ReadonlyMap<string, number>,
  { ready, unready, missing }: PodGroups,
  current: number,
): number {
  const ratio = ratioOf(measured);
  const growsWithUnready = unready.size > 0 && ratio > 1;
  if (!growsWithUnready && missing.size === 0) {
    return Math.abs(1 - ratio) <= TOLERANCE ? current : Math.ceil(ratio * ready);
  }
  const values = new Map(measured);
  for (const pod of missing) {
    if (ratio < 1) values.set(pod, fallback(pod));
    else if (ratio > 1) values.set(pod, 0);
  }
  if (growsWithUnready) for (const pod of unready) values.set(pod, 0);
  const next = ratioOf(values);
  const turns = (ratio < 1 && next > 1) || (ratio > 1 && next < 1);
  if (Math.abs(1 - next) <= TOLERANCE || turns) return current;
  const replicas = Math.ceil(next * values.size);
  const turnsBack = (next < 1 && replicas > current) || (next > 1 && replicas < current);
  return turnsBack ? current : replicas;
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
