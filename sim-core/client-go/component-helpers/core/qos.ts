import type { PodSpec } from 'kubernetes-types/core/v1';
import { Quantity } from '../../../apimachinery/quantity/quantity.ts';

const QOS_RESOURCES = ['cpu', 'memory'];

/**
 * How well a pod's resources are kept for it: "Guaranteed", "Burstable" or "BestEffort".
 * Models pkg/apis/core/helper/qos ComputePodQOS.
 */
export function computePodQOS(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const requests = new Map<string, Quantity>();
  const limits = new Map<string, Quantity>();
  let guaranteed = true;
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    addPositive(requests, container.resources?.requests);
    const limited = addPositive(limits, container.resources?.limits);
    if (!QOS_RESOURCES.every((name) => limited.has(name))) guaranteed = false;
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort';
  const equal =
    requests.size === limits.size &&
    [...requests].every(([name, quantity]) => limits.get(name)?.compare(quantity) === 0);
  return guaranteed && equal ? 'Guaranteed' : 'Burstable';
}

/** Adds cpu and memory that are above zero; returns which were. */
function addPositive(sums: Map<string, Quantity>, list: Record<string, string> | undefined): Set<string> {
  const seen = new Set<string>();
  for (const name of QOS_RESOURCES) {
    const text = list?.[name];
    if (text === undefined) continue;
    const quantity = Quantity.parse(text);
    if (quantity.sign <= 0) continue;
    seen.add(name);
    sums.set(name, sums.get(name)?.add(quantity) ?? quantity);
  }
  return seen;
}
