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
  /** By key of the slice: the generation that the controller gave it; 0: it deleted it. */
  readonly #generations = new Map<string, number>();

  constructor(seen: Lister<EndpointSlice>) {
    this.#seen = seen;
  }

  made(slice: EndpointSlice, service: string): void {
    this.wrote(slice);
    if (this.#seen.getByKey(keyOf(slice)) === undefined) this.#made.set(keyOf(slice), service);
  }

  /** A slice is there; gives the service if it waited for it. */
  observed(slice: EndpointSlice): string | undefined {
    const service = this.#made.get(keyOf(slice));
    this.#made.delete(keyOf(slice));
    return service;
  }

  /** The controller changed the slice. */
  wrote(slice: EndpointSlice): void {
    this.#generations.set(keyOf(slice), slice.metadata!.generation ?? 0);
  }

  /** The controller is about to delete the slice. */
  removing(slice: EndpointSlice): void {
    this.#generations.set(keyOf(slice), 0);
  }

  /** True if somebody else has written the slice since the controller did. Models ShouldSync. */
  isForeign(slice: EndpointSlice): boolean {
    const generation = this.#generations.get(keyOf(slice));
    return generation === undefined || (slice.metadata!.generation ?? 0) > generation;
  }

  /** A slice is gone; true if it was somebody else who deleted it. Models HandleDeletion. */
  deleted(slice: EndpointSlice): boolean {
    const generation = this.#generations.get(keyOf(slice));
    this.#generations.delete(keyOf(slice));
    return generation !== undefined && generation > 0;
  }

  isStale(service: string): boolean {
    return [...this.#made.values()].includes(service);
  }
}
