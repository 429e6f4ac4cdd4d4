import type { Container, Pod } from 'kubernetes-types/core/v1';
import { Quantity } from '../../apimachinery/quantity/quantity.ts';

/** Amounts by resource name: cpu in thousandths, everything else in whole units (bytes, pods). */
export type Resources = ReadonlyMap<string, number>;

/** What a container without requests is reckoned to use when nodes are scored: 100m and 200 MB. */
const NON_ZERO_DEFAULTS: readonly (readonly [string, number])[] = [
  ['cpu', 100],
  ['memory', 200 * 1024 * 1024],
];

/** Reads a resource list such as `requests` or `allocatable`. */
export function resourcesOf(
  list: Readonly<Record<string, string | number>> | undefined,
): Map<string, number> {
  const resources = new Map<string, number>();
  for (const [name, amount] of Object.entries(list ?? {})) {
    const quantity = Quantity.parse(String(amount));
    resources.set(name, name === 'cpu' ? quantity.milliValue() : quantity.value());
  }
  return resources;
}

/**
 * What a pod asks for: its containers together, or its largest init container if that is more.
 * Init containers that keep running (restartPolicy Always) count with the containers.
 * With `nonZero`, containers without a cpu or memory request count with a default.
 *
 * Models k8s.io/component-helpers/resource PodRequests.
 */
export function podRequests(pod: Pod, nonZero: boolean): Map<string, number> {
  const total = new Map<string, number>();
  for (const container of pod.spec?.containers ?? []) add(total, requestsOf(container, nonZero));
  const sidecars = new Map<string, number>();
  const peak = new Map<string, number>();
  for (const container of pod.spec?.initContainers ?? []) {
    const requests = requestsOf(container, nonZero);
    if (container.restartPolicy === 'Always') {
      add(total, requests);
      add(sidecars, requests);
      raise(peak, sidecars);
    } else {
      add(requests, sidecars);
      raise(peak, requests);
    }
  }
  raise(total, peak);
  if (pod.spec?.overhead !== undefined) add(total, resourcesOf(pod.spec.overhead));
  return total;
}

/** Adds `sign` times `more` to `total`. */
export function add(total: Map<string, number>, more: Resources, sign: 1 | -1 = 1): void {
  for (const [name, amount] of more) total.set(name, (total.get(name) ?? 0) + sign * amount);
}

function raise(total: Map<string, number>, least: Resources): void {
  for (const [name, amount] of least) total.set(name, Math.max(total.get(name) ?? 0, amount));
}

function requestsOf(container: Container, nonZero: boolean): Map<string, number> {
  const requests = resourcesOf(container.resources?.requests);
  if (nonZero) {
    for (const [name, amount] of NON_ZERO_DEFAULTS) if (!requests.has(name)) requests.set(name, amount);
  }
  return requests;
}
