import type { Pod } from 'kubernetes-types/core/v1';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { keyOf } from '../../client-go/tools/cache/store.ts';
import { subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { controllerRef } from '../util/owner.ts';
import { isNamespaceTerminating, isServerError } from '../util/pod-control.ts';
import { isPodReady } from '../util/pods.ts';
import { slowStartBatch } from '../util/slow-start.ts';
import { remainingBackoff } from './backoff.ts';
import { failureCounts, hasBackoffLimitPerIndex, indexBackoff } from './index-failures.ts';
import { completionIndex, firstPendingIndexes, isIndexed } from './indexes.ts';
import { isPodTerminating, replacesOnlyFailedPods } from './pod-failure.ts';
import { isTracked, releasePod } from './pod-tracking.ts';
import { podsForRemoval } from './pods-for-removal.ts';
import type { JobSyncState, JobSyncSupport } from './sync-state.ts';
import { indexedPrefix, indexedTemplate, trackedTemplate } from './templates.ts';

/** The most pods that one sync makes or deletes. */
const MAX_PODS_PER_SYNC = 500;
/** Changes of pods are looked at together, a second later. */
export const SYNC_BATCH = 1000;

/** Makes and deletes the pods of a Job within one sync. */
export class JobPods {
  readonly #client: RestClient;
  readonly #support: JobSyncSupport;
  readonly #state: JobSyncState;
  /** Why not all pods could be made or deleted: it is thrown once the status is written. */
  error: Error | undefined;

  constructor(client: RestClient, support: JobSyncSupport, state: JobSyncState) {
    this.#client = client;
    this.#support = support;
    this.#state = state;
  }

  /**
   * As many pods as the spec asks for. Gives the number of active ones to write down. Models manageJob.
   */
  async manage(): Promise<number> {
    const { job, active, now } = this.#state;
    if (job.spec!.suspend)
      return active.length - (await this.#remove(podsForRemoval(job, active, active.length, now)));
    const wanted = this.#wanted();
    const excess = podsForRemoval(job, active, Math.max(0, active.length - wanted), now);
    if (excess.length > 0) return active.length - (await this.#remove(excess.slice(0, MAX_PODS_PER_SYNC)));
    const leaving = replacesOnlyFailedPods(job) ? this.#state.terminating : 0;
    const missing = Math.min(wanted - leaving - active.length, MAX_PODS_PER_SYNC);
    if (missing <= 0) return active.length;
    const { delay, indexes } = this.#due(missing);
    if (delay > 0) {
      this.#support.again(this.#state.key, Math.max(SYNC_BATCH, delay));
      // While it waits, a job says that it has no active pods, whatever it has.
      return 0;
    }
    return active.length + (await this.#create(indexes?.length ?? missing, indexes));
  }

  /** The indexes of up to `count` new pods, undefined for pods without; `delay`: none may be made so soon. */
  #due(count: number): { readonly delay: number; readonly indexes?: readonly number[] } {
    const { job, backoff, toSucceed, now } = this.#state;
    const isLimited = hasBackoffLimitPerIndex(job);
    const delay = isLimited ? 0 : remainingBackoff(backoff, now);
    if (delay > 0 || !isIndexed(job)) return { delay };
    const indexes = this.#pendingIndexes(count);
    if (!isLimited) return { delay, indexes };
    const delays = indexes.map((index) => remainingBackoff(indexBackoff(toSucceed.get(index)), now));
    const due = indexes.filter((_, nth) => delays[nth] === 0);
    return { delay: due.length > 0 || indexes.length === 0 ? 0 : Math.min(...delays), indexes: due };
  }

  #wanted(): number {
    const { job, active, succeeded } = this.#state;
    const { completions, parallelism = 1 } = job.spec!;
    // Any pod's success ends such a job: then what runs may go on, and nothing new begins.
    if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
    return Math.max(0, Math.min(completions - succeeded, parallelism));
  }

  #pendingIndexes(count: number): number[] {
    const { job, pods, active, succeededIndexes, failedIndexes } = this.#state;
    const indexesOf = (of: readonly Pod[]) => new Set(of.map((pod) => completionIndex(pod) ?? -1));
    return firstPendingIndexes(count, job.spec!.completions!, [
      succeededIndexes,
      failedIndexes ?? new Set(),
      indexesOf(active),
      replacesOnlyFailedPods(job) ? indexesOf(pods.filter(isPodTerminating)) : new Set(),
    ]);
  }

  /** Gives how many were made. */
  async #create(count: number, indexes: readonly number[] | undefined): Promise<number> {
    const { job, key, toSucceed } = this.#state;
    const { expectations, podControl } = this.#support;
    const template = trackedTemplate(job.spec!.template);
    const subject = subjectOf(job, RESOURCES.jobs);
    const reference = controllerRef(job, RESOURCES.jobs);
    expectations.expect(key, count);
    let next = 0;
    const { successes, error } = await slowStartBatch(count, () => {
      const index = indexes?.[next++];
      if (index === undefined) return podControl.create(subject, template, reference);
      const failures = hasBackoffLimitPerIndex(job) ? failureCounts(job, toSucceed.get(index)) : {};
      return podControl.create(
        subject,
        indexedTemplate(job, template, index, failures),
        reference,
        indexedPrefix(job.metadata!.name!, index),
      );
    });
    for (let lost = successes; lost < count; lost++) expectations.creationObserved(key);
    this.#note(error);
    return successes;
  }

  /** Deletes pods that the job does not want any more: their end is not counted. Models deleteJobPods. */
  #remove(pods: readonly Pod[]): Promise<number> {
    const { key } = this.#state;
    const { expectations } = this.#support;
    if (pods.length > 0) expectations.expect(key, 0, pods.map(keyOf));
    return this.#delete(
      pods,
      (pod) => (isTracked(pod) ? releasePod(this.#client, pod) : Promise.resolve()),
      (pod) => expectations.deletionObserved(key, keyOf(pod)),
    );
  }

  /** Deletes the active pods of a job that is over; they are counted still. Models deleteActivePods. */
  removeActive(): Promise<number> {
    return this.#delete(
      this.#state.active,
      () => Promise.resolve(),
      () => undefined,
    );
  }

  /** Gives how many were deleted. `before` is done with each first, `failed` where that or the deletion is refused. */
  async #delete(
    pods: readonly Pod[],
    before: (pod: Pod) => Promise<void>,
    failed: (pod: Pod) => void,
  ): Promise<number> {
    const subject = subjectOf(this.#state.job, RESOURCES.jobs);
    const remove = async (pod: Pod): Promise<void> => {
      try {
        await before(pod);
        await this.#support.podControl.delete(subject, pod);
      } catch (error) {
        failed(pod);
        if (!isReason(error, 'NotFound')) throw error;
      }
    };
    const results = await Promise.allSettled(pods.map(remove));
    const refused = results.filter((result) => result.status === 'rejected');
    const gone = pods.filter((_, index) => results[index]!.status === 'fulfilled');
    this.#state.terminating += gone.length;
    this.#state.ready -= gone.filter(isPodReady).length;
    this.#note(refused[0]?.reason);
    return gone.length;
  }

  /** A namespace that is going takes no pods; that is no failure. Anything but a server's answer is a fault. */
  #note(error: unknown): void {
    if (error === undefined || isNamespaceTerminating(error)) return;
    if (!isServerError(error)) throw error;
    this.error = error;
  }
}
