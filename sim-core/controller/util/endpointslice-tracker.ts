import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';

/**
 * Slices that a controller made and its informer has not shown yet: until then it must not count the slices of
 * their service. Models k8s.io/endpointslice/util EndpointSliceTracker.
 */
export class EndpointSliceTracker {
  readonly #seen: Lister<EndpointSlice>;
  /** By key of the slice: the key of its service. */
  readonly #made = new Map<string, string>();

  constructor(seen: Lister<EndpointSlice>) {
    this.#seen = seen;
  }

  made(slice: EndpointSlice, service: string): void {
    if (this.#seen.getByKey(keyOf(slice)) === undefined) this.#made.set(keyOf(slice), service);
  }

  /** A slice is there; gives the service if it waited for it. */
  observed(slice: EndpointSlice): string | undefined {
    const service = this.#made.get(keyOf(slice));
    this.#made.delete(keyOf(slice));
    return service;
  }

  isStale(service: string): boolean {
    return [...this.#made.values()].includes(service);
  }
}
