import type { HorizontalPodAutoscaler, MetricStatus } from 'kubernetes-types/autoscaling/v2';
import type { Pod } from 'kubernetes-types/core/v1';
import { Quantity } from '../../apimachinery/quantity/quantity.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { isPodReady } from '../util/pods.ts';
import { MetricError, resourceRequest, resourceUsage } from './metrics.ts';

/** Changes that are smaller than this part of the target are left alone. */
const TOLERANCE = 0.1;

/** How many replicas the metrics call for, or why that cannot be said. */
export type Calculation =
  | {
      readonly replicas: number;
      readonly metric: string;
      readonly description: string;
      readonly metrics: MetricStatus[];
    }
  | {
      /** The message of the whole. */
      readonly message: string;
      readonly failures: readonly { readonly reason: string; readonly message: string }[];
    };

/** The largest number that any metric calls for. Models computeReplicasForMetrics and ReplicaCalculator. */
export async function desiredReplicas(
  client: RestClient,
  { metadata, spec }: HorizontalPodAutoscaler,
  selector: string,
  pods: readonly Pod[],
  current: number,
): Promise<Calculation> {
  const failures: { reason: string; message: string; whole: string }[] = [];
  let best: { replicas: number; metric: string; description: string } | undefined;
  const metrics: MetricStatus[] = [];
  for (const { type, resource } of spec!.metrics ?? []) {
    if (type !== 'Resource' || resource === undefined) {
      const message = `unable to get ${type} metric: no metrics API serves it`;
      failures.push({ reason: `FailedGet${type}Metric`, message, whole: message });
      continue;
    }
    const { name, target } = resource;
    const byUtilization = target.averageUtilization !== undefined;
    const what = byUtilization ? `${name} utilization` : `${name} usage`;
    try {
      const usage = await resourceUsage(client, metadata!.namespace!, selector, name);
      const measured = pods.filter((pod) => isPodReady(pod) && usage.has(pod.metadata!.name!));
      const used = measured.reduce((sum, pod) => sum + usage.get(pod.metadata!.name!)!, 0);
      const wanted = byUtilization
        ? (measured.reduce((sum, pod) => sum + resourceRequest(pod, name), 0) * target.averageUtilization!) /
          100
        : measured.length * Quantity.parse(String(target.averageValue)).milliValue();
      const ratio = wanted === 0 ? 1 : used / wanted;
      const replicas = Math.abs(ratio - 1) <= TOLERANCE ? current : Math.ceil(ratio * measured.length);
      const average = Quantity.ofMilli(Math.round(used / Math.max(1, measured.length))).toString();
      const utilization = Math.round(ratio * (target.averageUtilization ?? 0));
      metrics.push({
        type: 'Resource',
        resource: {
          name,
          current: { averageValue: average, ...(byUtilization && { averageUtilization: utilization }) },
        },
      });
      const metric = byUtilization
        ? `${name} resource utilization (percentage of request)`
        : `${name} resource`;
      const description = `the HPA was able to successfully calculate a replica count from ${metric}`;
      if (best === undefined || replicas > best.replicas) best = { replicas, metric, description };
    } catch (error) {
      if (!(error instanceof MetricError)) throw error;
      const message = `failed to get ${what}: ${error.message}`;
      const whole = `failed to get ${name} resource metric value: ${message}`;
      failures.push({ reason: 'FailedGetResourceMetric', message, whole });
    }
  }
  // A metric that is missing may have called for more: then nothing is taken away.
  if (best !== undefined && (failures.length === 0 || best.replicas >= current)) return { ...best, metrics };
  const count = spec!.metrics?.length ?? 0;
  return {
    failures,
    message: `invalid metrics (${failures.length} invalid out of ${count}), first error is: ${failures[0]!.whole}`,
  };
}
