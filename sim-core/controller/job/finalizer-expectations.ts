/**
 * Pods whose tracking finalizer a controller took off and whose informer does not show it yet: they are
 * counted already. Keys are those of jobs, pods go by uid.
 *
 * Models pkg/controller/job/tracking_utils.go uidTrackingExpectations.
 */
export class FinalizerExpectations {
  readonly #removed = new Map<string, Set<string>>();

  expected(job: string): ReadonlySet<string> {
    return new Set(this.#removed.get(job));
  }

  expectRemoved(job: string, pods: readonly string[]): void {
    this.#removed.set(job, new Set([...(this.#removed.get(job) ?? []), ...pods]));
  }

  /** The pod is seen without its finalizer, is gone, or could not be freed of it. */
  removalObserved(job: string, pod: string): void {
    this.#removed.get(job)?.delete(pod);
  }

  forget(job: string): void {
    this.#removed.delete(job);
  }
}
