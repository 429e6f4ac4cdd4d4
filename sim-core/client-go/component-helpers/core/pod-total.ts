import type { PodSpec } from 'kubernetes-types/core/v1';
import { Quantity } from '../../../apimachinery/quantity/quantity.ts';

type List = Record<string, string>;

/** The containers' sum, or the largest init container's if that is more. Models podRequests and podLimits. */
export function podTotal(spec: PodSpec, key: 'requests' | 'limits'): List {
  const total = new Map<string, Quantity>();
  for (const { resources } of spec.containers ?? []) {
    for (const [name, text] of Object.entries((resources?.[key] ?? {}) as List)) {
      const quantity = Quantity.parse(text);
      total.set(name, total.get(name)?.add(quantity) ?? quantity);
    }
  }
  for (const { resources } of spec.initContainers ?? []) {
    for (const [name, text] of Object.entries((resources?.[key] ?? {}) as List)) {
      const quantity = Quantity.parse(text);
      const sum = total.get(name);
      if (sum === undefined || quantity.compare(sum) > 0) total.set(name, quantity);
    }
  }
  return Object.fromEntries([...total].map(([name, quantity]) => [name, quantity.toString()]));
}
