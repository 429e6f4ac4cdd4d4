import type { Job, JobCondition } from 'kubernetes-types/batch/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { newCondition, trueCondition, withCondition } from './conditions.ts';
import { completionIndex, formatIndexes, hasValidIndex, isIndexed } from './indexes.ts';
import { countsAsFailure, isPodFailed } from './pod-failure.ts';
import { countReleased, releasePod, statusBody, uncountedOf } from './pod-tracking.ts';
import type { JobSyncState, JobSyncSupport } from './sync-state.ts';

/** The most pods whose end one sync writes down. */
const MAX_UNCOUNTED_PODS = 500;

const uidOf = (pod: Pod): string => pod.metadata!.uid!;

/**
 * Writes a Job's status and counts ended pods exactly once, whatever fails on the way: writes their uids
 * down, takes their finalizers off, then counts them. Models trackJobStatusAndRemoveFinalizers.
 */
export class StatusTracker {
  readonly #client: RestClient;
  readonly #support: JobSyncSupport;
  readonly #state: JobSyncState;

  constructor(client: RestClient, support: JobSyncSupport, state: JobSyncState) {
    this.#client = client;
    this.#support = support;
    this.#state = state;
  }

  async track(): Promise<void> {
    const state = this.#state;
    const tracked = new Set(state.pods.filter((pod) => state.isUncounted(pod)).map(uidOf));
    state.status = countReleased(state.status, tracked);
    const { toRelease, isCut } = this.#writeDown();
    const final = this.#interim();
    if (await this.#flush()) this.#support.backoff.set(state.key, state.backoff);
    const error = await this.#release(toRelease, tracked);
    state.status = countReleased(state.status, tracked);
    if (error !== undefined) {
      await this.#flush();
      throw error;
    }
    const isOver = final !== undefined && !isCut && this.#mayFinish();
    if (isOver) this.#finish(final);
    await this.#flush();
    if (isOver) this.#announce(final);
  }

  /**
   * Notes the pods that have ended since. Gives those whose finalizer can go, and whether there are more
   * than one sync takes on.
   */
  #writeDown(): { readonly toRelease: readonly Pod[]; readonly isCut: boolean } {
    const state = this.#state;
    const { job, uncounted, finished } = state;
    const known = uncountedOf(state.status);
    const succeeded = [...known.succeeded];
    const failed = [...known.failed];
    const newIndexes = new Set<number>();
    const toRelease: Pod[] = [];
    let isCut = false;
    for (const pod of this.#inOrder()) {
      const hasFailed = isPodFailed(pod, job);
      if (!state.isUncounted(pod) || !this.#mayRelease(pod, hasFailed)) continue;
      toRelease.push(pod);
      const uid = uidOf(pod);
      if (pod.status?.phase === 'Succeeded' && !uncounted.failed.has(uid)) {
        const index = completionIndex(pod);
        if (!isIndexed(job)) {
          if (!uncounted.succeeded.has(uid)) succeeded.push(uid);
        } else if (hasValidIndex(pod, job) && !state.countedIndexes.has(index!)) newIndexes.add(index!);
        // What is left of a job that failed has failed, too.
      } else if (hasFailed || (finished !== undefined && finished.type !== 'SuccessCriteriaMet')) {
        const isOwn = !isIndexed(job) || hasValidIndex(pod, job);
        if (isOwn && !uncounted.failed.has(uid) && countsAsFailure(pod, job)) failed.push(uid);
      }
      isCut = newIndexes.size + succeeded.length + failed.length >= MAX_UNCOUNTED_PODS;
      if (isCut) break;
    }
    const completed = new Set([...state.succeededIndexes, ...newIndexes]);
    state.status = {
      ...state.status,
      uncountedTerminatedPods: {
        ...(succeeded.length > 0 && { succeeded }),
        ...(failed.length > 0 && { failed }),
      },
      ...(isIndexed(job) && { completedIndexes: formatIndexes(completed), succeeded: completed.size }),
      ...(state.failedIndexes !== undefined && { failedIndexes: formatIndexes(state.failedIndexes) }),
    };
    return { toRelease, isCut };
  }

  /** An indexed job writes its indexes down from the lowest on. */
  #inOrder(): readonly Pod[] {
    const { job, pods } = this.#state;
    if (!isIndexed(job)) return pods;
    return pods.toSorted((a, b) => (completionIndex(a) ?? -1) - (completionIndex(b) ?? -1));
  }

  /** Models canRemoveFinalizer. */
  #mayRelease(pod: Pod, hasFailed: boolean): boolean {
    const { job, finished, toSucceed } = this.#state;
    if (job.metadata!.deletionTimestamp !== undefined || finished !== undefined) return true;
    if (pod.status?.phase === 'Succeeded') return true;
    return hasFailed && toSucceed.get(completionIndex(pod) ?? -1) !== pod;
  }

  /** Says what the job will come to; gives the condition for when its pods are gone. */
  #interim(): JobCondition | undefined {
    const state = this.#state;
    const { finished } = state;
    if (finished === undefined) return undefined;
    const { type, reason = '', message = '' } = finished;
    if (type === 'Complete' || type === 'Failed') return finished;
    if (trueCondition(state.status.conditions, type) === undefined) {
      state.status = { ...state.status, conditions: [...(state.status.conditions ?? []), finished] };
    }
    const final = type === 'SuccessCriteriaMet' ? 'Complete' : 'Failed';
    return newCondition(final, 'True', reason, message, state.now);
  }

  /** Takes the finalizers off and their pods out of `tracked`; gives the first refusal. */
  async #release(pods: readonly Pod[], tracked: Set<string>): Promise<unknown> {
    const { key } = this.#state;
    const { finalizers } = this.#support;
    finalizers.expectRemoved(key, pods.map(uidOf));
    const release = async (pod: Pod): Promise<void> => {
      try {
        await releasePod(this.#client, pod);
      } catch (error) {
        finalizers.removalObserved(key, uidOf(pod));
        throw error;
      }
      tracked.delete(uidOf(pod));
    };
    const results = await Promise.allSettled(pods.map(release));
    return results.find((result) => result.status === 'rejected')?.reason;
  }

  /** Models enactJobFinished: nothing is left to count or to wait for. */
  #mayFinish(): boolean {
    const { status, terminating, countsTerminating } = this.#state;
    const { succeeded, failed } = uncountedOf(status);
    return succeeded.length + failed.length === 0 && (terminating === 0 || !countsTerminating);
  }

  #finish(final: JobCondition): void {
    const { status } = this.#state;
    this.#state.status = {
      ...status,
      conditions: withCondition(status.conditions, final) ?? status.conditions!,
      ...(final.type === 'Complete' && { completionTime: final.lastTransitionTime! }),
    };
  }

  /** Models recordJobFinished. */
  #announce({ type, reason, message }: JobCondition): void {
    const { job, status } = this.#state;
    const subject = subjectOf(job, RESOURCES.jobs);
    const { recorder } = this.#support;
    if (type === 'Failed') return recorder.event(subject, 'Warning', reason!, message!);
    const { completions } = job.spec!;
    if (completions !== undefined && (status.succeeded ?? 0) > completions) {
      const many = 'Too many succeeded pods running after completion count reached';
      recorder.event(subject, 'Warning', 'TooManySucceededPods', many);
    }
    recorder.event(subject, 'Normal', 'Completed', 'Job completed');
  }

  /** Writes the status if it differs from what the server has; false if it does not. */
  async #flush(): Promise<boolean> {
    const state = this.#state;
    const body = statusBody(state.job, state.status) as Job;
    if (semanticEqual(statusBody(state.job, state.job.status ?? {}), body)) return false;
    const { namespace } = state.job.metadata!;
    state.job = this.#support.wrote(
      await this.#client.update<Job>(RESOURCES.jobs, body as { metadata: { name: string } }, {
        namespace,
        subresource: 'status',
      }),
    );
    state.status = { ...state.job.status };
    return true;
  }
}
