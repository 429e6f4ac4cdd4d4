import type { Pod } from 'kubernetes-types/core/v1';
import { DurationError, parseGoDuration } from '../../apimachinery/duration.ts';
import { Quantity } from '../../apimachinery/quantity/quantity.ts';
import { isReason } from '../../apimachinery/status.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { isServerError } from '../util/pod-control.ts';

const POD_METRICS = { group: 'metrics.k8s.io', version: 'v1beta1', resource: 'pods' };

type Amounts = Record<string, string> | undefined;
interface PodMetrics {
  readonly metadata: { readonly name: string };
  readonly timestamp?: string;
  /** How long was measured: "30s". */
  readonly window?: string;
  readonly containers: readonly { readonly name: string; readonly usage: Amounts }[];
}

/** What one pod uses, in thousandths; when that was measured, and for how long, in milliseconds. */
export interface PodMetric {
  readonly value: number;
  readonly at: number | undefined;
  readonly window: number;
}

/** A metric that cannot be had; the message is upstream's. */
export class MetricError extends Error {
  override readonly name = 'MetricError';
}

/**
 * What each pod uses of a resource. Throws a MetricError if nobody measures it.
 * Models pkg/controller/podautoscaler/metrics resourceMetricsClient.
 */
export async function resourceUsage(
  client: RestClient,
  namespace: string,
  selector: string,
  resource: string,
): Promise<Map<string, PodMetric>> {
  const prefix = `unable to get metrics for resource ${resource}`;
  try {
    const { items } = await client.list<PodMetrics>(POD_METRICS, { namespace, labelSelector: selector });
    if (items.length === 0) throw new MetricError(`${prefix}: no metrics returned from resource metrics API`);
    return new Map(
      items.map(({ metadata, timestamp, window, containers }) => [
        metadata.name,
        {
          value: containers.reduce((sum, { usage }) => sum + milli(usage?.[resource]), 0),
          at: timestamp === undefined ? undefined : Date.parse(timestamp),
          window: parseGoDuration(window ?? '0s'),
        },
      ]),
    );
  } catch (error) {
    if (!isServerError(error) && !(error instanceof DurationError)) throw error;
    const why = isReason(error, 'NotFound')
      ? 'the server could not find the requested resource (get pods.metrics.k8s.io)'
      : error.message;
    throw new MetricError(`${prefix}: unable to fetch metrics from resource metrics API: ${why}`);
  }
}

/** What a pod asks for of a resource, in thousandths. Throws a MetricError if a container does not say. */
export function resourceRequest({ metadata, spec }: Pod, resource: string): number {
  return (spec?.containers ?? []).reduce((sum, { name, resources }) => {
    const amount = (resources?.requests as Amounts)?.[resource];
    if (amount === undefined) {
      throw new MetricError(`missing request for ${resource} in container ${name} of Pod ${metadata!.name}`);
    }
    return sum + milli(amount);
  }, 0);
}

const milli = (amount: string | undefined): number =>
  amount === undefined ? 0 : Quantity.parse(amount).milliValue();
