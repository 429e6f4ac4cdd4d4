import type { Container, Pod } from 'kubernetes-types/core/v1';
import { Quantity } from '../../apimachinery/quantity/quantity.ts';
import { isSidecar } from '../types.ts';

/** Amounts by resource; CPU in thousandths, everything else in whole units. */
export type Amounts = ReadonlyMap<string, number>;

/** "2" CPUs are 2000, "1Gi" is 1073741824. */
export function amountOf(resource: string, text: string): number {
  const quantity = Quantity.parse(text);
  return resource === 'cpu' ? quantity.milliValue() : quantity.value();
}

/**
 * What a pod asks for: its containers together with its sidecars, or one of its init containers with the
 * sidecars before it, whichever is more; and the overhead.
 *
 * Models k8s.io/component-helpers/resource PodRequests.
 */
export function podRequests(pod: Pod): Amounts {
  const total = new Map<string, number>();
  const add = (target: Map<string, number>, requests: Amounts) => {
    for (const [name, amount] of requests) target.set(name, (target.get(name) ?? 0) + amount);
  };
  for (const container of pod.spec!.containers) add(total, requestsOf(container));
  const sidecars = new Map<string, number>();
  const most = new Map<string, number>();
  for (const container of pod.spec!.initContainers ?? []) {
    const requests = requestsOf(container);
    if (isSidecar(container)) {
      add(total, requests);
      add(sidecars, requests);
    }
    for (const name of new Set([...requests.keys(), ...sidecars.keys()])) {
      const own = isSidecar(container) ? 0 : (requests.get(name) ?? 0);
      most.set(name, Math.max(most.get(name) ?? 0, own + (sidecars.get(name) ?? 0)));
    }
  }
  for (const [name, amount] of most) total.set(name, Math.max(total.get(name) ?? 0, amount));
  add(total, amounts((pod.spec as { overhead?: Record<string, string> }).overhead ?? {}));
  return total;
}

function requestsOf({ resources }: Container): Amounts {
  return amounts({ ...resources?.limits, ...resources?.requests });
}

function amounts(list: Readonly<Record<string, string>>): Map<string, number> {
  return new Map(Object.entries(list).map(([name, text]) => [name, amountOf(name, text)]));
}
