import type { Job, JobCondition, JobStatus } from 'kubernetes-types/batch/v1';
import type { Pod, PodTemplateSpec } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { formatTime } from '../../apimachinery/object.ts';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { keyOf } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import type { ControllerContext } from '../controller-context.ts';
import { activePodsFirst } from '../util/active-pods.ts';
import type { Expectations } from '../util/expectations.ts';
import { controllerRef } from '../util/owner.ts';
import { isNamespaceTerminating, isServerError, type PodControl } from '../util/pod-control.ts';
import { isPodActive, isPodReady, isPodTerminal } from '../util/pods.ts';
import { slowStartBatch } from '../util/slow-start.ts';
import { type BackoffRecord, remainingBackoff, withFinishedPods } from './backoff.ts';
import {
  BACKOFF_LIMIT_EXCEEDED,
  COMPLETIONS_REACHED,
  conditionOf,
  DEADLINE_EXCEEDED,
  FAILED_INDEXES,
  hasCondition,
  newCondition,
  POD_FAILURE_POLICY,
  withCondition,
} from './conditions.ts';
import { completionIndex, firstPendingIndexes, formatIndexes, isIndexed, parseIndexes } from './indexes.ts';
import { matchPodFailurePolicy } from './pod-failure-policy.ts';
import {
  countReleased,
  isTracked,
  releasePod,
  statusBody,
  TRACKING_FINALIZER,
  uncountedOf,
} from './pod-tracking.ts';
import { indexedTemplate } from './templates.ts';

/** The most pods that one sync makes or deletes, and whose end it writes down. */
const MAX_PODS_PER_SYNC = 500;

/** What a sync needs of its controller. */
export interface JobSyncSupport {
  readonly recorder: EventRecorder;
  readonly podControl: PodControl;
  readonly expectations: Expectations;
  backoffOf(key: string): BackoffRecord | undefined;
  setBackoff(key: string, record: BackoffRecord): void;
  /** Looks at the job again after so many milliseconds. */
  again(key: string, delay: number): void;
  /** Told of the answer to a status write. */
  wrote(job: Job): Job;
}

/** One look at one Job and its pods. Models pkg/controller/job syncJob. */
export class JobSync {
  readonly #context: ControllerContext;
  readonly #support: JobSyncSupport;
  readonly #key: string;
  readonly #pods: readonly Pod[];
  readonly #now: number;
  #job: Job;
  /** The status as it will be written. */
  #status: JobStatus;
  /** Why not all pods could be made or deleted. */
  #manageError: Error | undefined;

  /** `pods` are the job's own. */
  constructor(context: ControllerContext, support: JobSyncSupport, job: Job, pods: readonly Pod[]) {
    this.#context = context;
    this.#support = support;
    this.#key = keyOf(job);
    this.#job = job;
    this.#pods = pods;
    this.#now = context.clock.now();
    this.#status = { ...job.status };
  }

  async run(): Promise<void> {
    const { spec } = this.#job;
    const isFree = this.#support.expectations.satisfied(this.#key);
    const uncounted = uncountedOf(this.#status);
    const newlySucceeded = this.#newlyEnded((pod) => pod.status?.phase === 'Succeeded', uncounted.succeeded);
    const newlyFailed = this.#newlyEnded((pod) => this.#isFailed(pod), uncounted.failed);
    const isCounted = (pod: Pod) => this.#verdictOn(pod) !== 'Ignore';
    const failed =
      (this.#status.failed ?? 0) + uncounted.failed.length + newlyFailed.filter(isCounted).length;
    const doneIndexes = this.#doneIndexes(newlySucceeded);
    const failedIndexes = this.#failedIndexes(newlyFailed);
    const succeeded = isIndexed(this.#job)
      ? doneIndexes.size
      : (this.#status.succeeded ?? 0) + uncounted.succeeded.length + newlySucceeded.length;
    const backoff = withFinishedPods(
      this.#support.backoffOf(this.#key),
      newlySucceeded.filter(isTracked),
      newlyFailed,
      this.#now,
    );
    this.#begin();

    let active = this.#pods.filter(isPodActive).length;
    let finished = this.#failure(failed, failedIndexes, newlyFailed);
    if (finished !== undefined) {
      if (isFree) active -= await this.#deletePods(this.#pods.filter(isPodActive));
    } else {
      const suspended = spec!.suspend ?? false;
      if (isFree && this.#job.metadata!.deletionTimestamp === undefined) {
        active = await this.#manage(active, succeeded, doneIndexes, failedIndexes, backoff);
      }
      const isComplete =
        spec!.completions === undefined
          ? succeeded > 0 && active === 0
          : succeeded >= spec!.completions && active === 0;
      if (isComplete) {
        const message = 'Reached expected number of succeeded pods';
        finished = newCondition('SuccessCriteriaMet', 'True', COMPLETIONS_REACHED, message, this.#now);
      } else this.#noteSuspension(suspended);
    }
    const ready = this.#pods.filter((pod) => isPodActive(pod) && isPodReady(pod)).length;
    this.#status = { ...this.#status, active, ready, terminating: this.#terminating().length };
    await this.#track(newlySucceeded, newlyFailed, doneIndexes, failedIndexes, finished, backoff);
    // What could not be made or deleted does not keep the status from being written.
    if (this.#manageError !== undefined) throw this.#manageError;
  }

  /** Pods that ended, have their finalizer, and are not written down yet. Models getValidPodsWithFilter. */
  #newlyEnded(hasEnded: (pod: Pod) => boolean, uncounted: readonly string[]): Pod[] {
    const known = new Set(uncounted);
    return this.#pods.filter(
      (pod) =>
        isTracked(pod) &&
        !known.has(pod.metadata!.uid!) &&
        (!isIndexed(this.#job) || this.#isValidIndex(completionIndex(pod))) &&
        hasEnded(pod),
    );
  }

  #isValidIndex(index: number | undefined): index is number {
    return index !== undefined && index < this.#job.spec!.completions!;
  }

  /** A pod that is being deleted counts as failed, unless only ended ones are replaced. Models isPodFailed. */
  #isFailed(pod: Pod): boolean {
    if (pod.status?.phase === 'Failed') return true;
    if (this.#replacesOnlyFailed()) return false;
    return pod.metadata!.deletionTimestamp !== undefined && pod.status?.phase !== 'Succeeded';
  }

  #replacesOnlyFailed(): boolean {
    const { podReplacementPolicy, podFailurePolicy } = this.#job.spec!;
    return podReplacementPolicy === 'Failed' || podFailurePolicy !== undefined;
  }

  #terminating(): Pod[] {
    return this.#pods.filter((pod) => pod.metadata!.deletionTimestamp !== undefined && !isPodTerminal(pod));
  }

  #verdictOn(pod: Pod): string | undefined {
    return matchPodFailurePolicy(this.#job.spec!.podFailurePolicy, pod)?.action;
  }

  #doneIndexes(newlySucceeded: readonly Pod[]): Set<number> {
    if (!isIndexed(this.#job)) return new Set();
    const indexes = parseIndexes(this.#status.completedIndexes, this.#job.spec!.completions!);
    for (const pod of newlySucceeded) indexes.add(completionIndex(pod)!);
    return indexes;
  }

  /** Indexes that have failed too often to be tried again. Models calculateFailedIndexes. */
  #failedIndexes(newlyFailed: readonly Pod[]): Set<number> {
    const { backoffLimitPerIndex, completions } = this.#job.spec!;
    if (!isIndexed(this.#job) || backoffLimitPerIndex === undefined) return new Set();
    const indexes = parseIndexes(this.#status.failedIndexes, completions!);
    for (const pod of newlyFailed) {
      const failures = failureCountOf(pod);
      if (failures >= backoffLimitPerIndex || this.#verdictOn(pod) === 'FailIndex') {
        indexes.add(completionIndex(pod)!);
      }
    }
    return indexes;
  }

  #begin(): void {
    const { activeDeadlineSeconds, suspend } = this.#job.spec!;
    if (suspend || this.#status.startTime !== undefined) return;
    this.#status = { ...this.#status, startTime: formatTime(this.#now) };
    if (activeDeadlineSeconds !== undefined) this.#support.again(this.#key, activeDeadlineSeconds * 1000);
  }

  /** Why the job is to fail, as a condition of type FailureTarget; undefined: it need not. */
  #failure(
    failed: number,
    failedIndexes: ReadonlySet<number>,
    newlyFailed: readonly Pod[],
  ): JobCondition | undefined {
    const decided = conditionOf(this.#job, 'FailureTarget');
    if (decided !== undefined) return decided;
    const target = (reason: string, message: string) =>
      newCondition('FailureTarget', 'True', reason, message, this.#now);
    for (const pod of newlyFailed) {
      const verdict = matchPodFailurePolicy(this.#job.spec!.podFailurePolicy, pod);
      if (verdict?.action === 'FailJob') return target(POD_FAILURE_POLICY, verdict.message!);
    }
    const { backoffLimit = 6, activeDeadlineSeconds, suspend, template, maxFailedIndexes } = this.#job.spec!;
    const restarts =
      template.spec?.restartPolicy === 'OnFailure'
        ? this.#pods.reduce((sum, pod) => sum + restartsOf(pod), 0)
        : 0;
    if (failed > backoffLimit || (restarts > 0 && restarts >= backoffLimit)) {
      return target(BACKOFF_LIMIT_EXCEEDED, 'Job has reached the specified backoff limit');
    }
    if (activeDeadlineSeconds !== undefined && !suspend) {
      const left = Date.parse(this.#status.startTime!) + activeDeadlineSeconds * 1000 - this.#now;
      if (left <= 0) return target(DEADLINE_EXCEEDED, 'Job was active longer than specified deadline');
      this.#support.again(this.#key, left);
    }
    if (maxFailedIndexes !== undefined && failedIndexes.size > maxFailedIndexes) {
      return target(
        'MaxFailedIndexesExceeded',
        'Job has exceeded the specified maximal number of failed indexes',
      );
    }
    const done = this.#doneIndexes([]).size + failedIndexes.size;
    if (failedIndexes.size > 0 && done >= this.#job.spec!.completions!) {
      return target(FAILED_INDEXES, 'Job has failed indexes');
    }
    return undefined;
  }

  #noteSuspension(suspended: boolean): void {
    if (suspended === hasCondition(this.#job, 'Suspended')) return;
    if (!suspended && conditionOf(this.#job, 'Suspended') === undefined) return;
    const [reason, message, event] = suspended
      ? ['JobSuspended', 'Job suspended', 'Suspended']
      : ['JobResumed', 'Job resumed', 'Resumed'];
    const condition = newCondition('Suspended', suspended ? 'True' : 'False', reason!, message!, this.#now);
    this.#status = {
      ...this.#status,
      conditions: withCondition(this.#job, condition),
      // The deadline counts from the time at which the job goes on.
      ...(!suspended && { startTime: formatTime(this.#now) }),
    };
    this.#event('Normal', event!, message!);
  }

  /** Makes or deletes pods; gives how many are active then. Models manageJob. */
  async #manage(
    active: number,
    succeeded: number,
    doneIndexes: ReadonlySet<number>,
    failedIndexes: ReadonlySet<number>,
    backoff: BackoffRecord,
  ): Promise<number> {
    const { suspend, completions, parallelism = 1 } = this.#job.spec!;
    const activePods = this.#pods.filter(isPodActive);
    if (suspend) return active - (await this.#removePods(activePods));
    let wanted: number;
    if (completions === undefined) wanted = succeeded > 0 ? Math.min(active, parallelism) : parallelism;
    else {
      const left = completions - succeeded - failedIndexes.size;
      wanted = Math.max(0, Math.min(left, parallelism));
    }
    const excess = this.#excessPods(activePods, doneIndexes, failedIndexes, active - wanted);
    if (excess.length > 0) return active - (await this.#removePods(excess));
    const waiting = this.#replacesOnlyFailed() ? this.#terminating().length : 0;
    const missing = Math.min(wanted - active - waiting, MAX_PODS_PER_SYNC);
    if (missing <= 0) return active;
    const delay = remainingBackoff(backoff, this.#now);
    if (delay > 0) {
      this.#support.again(this.#key, delay);
      return active;
    }
    return active + (await this.#createPods(missing, activePods, doneIndexes, failedIndexes));
  }

  /** Pods too many: those of an index that is done or has another, then the least useful ones. */
  #excessPods(
    activePods: readonly Pod[],
    doneIndexes: ReadonlySet<number>,
    failedIndexes: ReadonlySet<number>,
    count: number,
  ): Pod[] {
    const ranked = activePodsFirst(activePods, this.#now);
    const excess = new Set<Pod>();
    if (isIndexed(this.#job)) {
      const seen = new Set<number>();
      for (const pod of [...ranked].reverse()) {
        const index = completionIndex(pod);
        const isOwn = this.#isValidIndex(index) && !doneIndexes.has(index) && !failedIndexes.has(index);
        if (!isOwn || seen.has(index)) excess.add(pod);
        else seen.add(index);
      }
    }
    for (const pod of ranked) {
      if (excess.size >= count) break;
      excess.add(pod);
    }
    return [...excess].slice(0, MAX_PODS_PER_SYNC);
  }

  async #createPods(
    count: number,
    activePods: readonly Pod[],
    doneIndexes: ReadonlySet<number>,
    failedIndexes: ReadonlySet<number>,
  ): Promise<number> {
    const job = this.#job;
    const { template, completions, backoffLimitPerIndex } = job.spec!;
    const tracked: PodTemplateSpec = {
      ...template,
      metadata: {
        ...template.metadata,
        finalizers: [...(template.metadata?.finalizers ?? []), TRACKING_FINALIZER],
      },
    };
    const indexes = isIndexed(job)
      ? firstPendingIndexes(count, completions!, [
          doneIndexes,
          failedIndexes,
          new Set(activePods.map((pod) => completionIndex(pod) ?? -1)),
        ])
      : undefined;
    const total = indexes?.length ?? count;
    const subject = subjectOf(job, RESOURCES.jobs);
    const reference = controllerRef(job, RESOURCES.jobs);
    const { expectations, podControl } = this.#support;
    expectations.expect(this.#key, total);
    let next = 0;
    const { successes, error } = await slowStartBatch(total, () => {
      const index = indexes?.[next++];
      if (index === undefined) return podControl.create(subject, tracked, reference);
      const failures = backoffLimitPerIndex === undefined ? undefined : this.#failuresOf(index);
      return podControl.create(
        subject,
        indexedTemplate(job, tracked, index, failures),
        reference,
        `${job.metadata!.name}-${index}-`,
      );
    });
    for (let lost = successes; lost < total; lost++) expectations.creationObserved(this.#key);
    this.#noteFailure(error);
    return successes;
  }

  /** How often the pods of one index have failed. */
  #failuresOf(index: number): number {
    const counts = this.#pods
      .filter((pod) => completionIndex(pod) === index && this.#isFailed(pod))
      .map((pod) => failureCountOf(pod) + (this.#verdictOn(pod) === 'Ignore' ? 0 : 1));
    return Math.max(0, ...counts);
  }

  /** Deletes pods that the job does not want any more: their end is not counted. Models deleteJobPods. */
  #removePods(pods: readonly Pod[]): Promise<number> {
    return this.#deletePods(pods, (pod) => releasePod(this.#context.client, pod));
  }

  /** Gives how many were deleted. `before` is done with each first. */
  async #deletePods(
    pods: readonly Pod[],
    before: (pod: Pod) => Promise<void> = () => Promise.resolve(),
  ): Promise<number> {
    if (pods.length === 0) return 0;
    const { expectations, podControl } = this.#support;
    expectations.expect(this.#key, 0, pods.map(keyOf));
    const subject = subjectOf(this.#job, RESOURCES.jobs);
    const remove = async (pod: Pod): Promise<void> => {
      try {
        if (isTracked(pod)) await before(pod);
        await podControl.delete(subject, pod);
      } catch (error) {
        expectations.deletionObserved(this.#key, keyOf(pod));
        if (!isReason(error, 'NotFound')) throw error;
      }
    };
    const results = await Promise.allSettled(pods.map(remove));
    const failed = results.filter((result) => result.status === 'rejected');
    this.#noteFailure(failed[0]?.reason);
    return pods.length - failed.length;
  }

  /** A namespace that is going takes no pods; that is no failure. Anything but a server's answer is a fault. */
  #noteFailure(error: unknown): void {
    if (error === undefined || isNamespaceTerminating(error)) return;
    if (!isServerError(error)) throw error;
    this.#manageError = error;
  }

  /**
   * Counts ended pods exactly once, whatever fails on the way: writes their uids down, takes their
   * finalizers off, then counts them. Models trackJobStatusAndRemoveFinalizers.
   */
  async #track(
    newlySucceeded: readonly Pod[],
    newlyFailed: readonly Pod[],
    doneIndexes: ReadonlySet<number>,
    failedIndexes: ReadonlySet<number>,
    finished: JobCondition | undefined,
    backoff: BackoffRecord,
  ): Promise<void> {
    const uidOf = (pod: Pod) => pod.metadata!.uid!;
    const known = uncountedOf(this.#status);
    const counting = isIndexed(this.#job) ? [] : newlySucceeded;
    const failing = newlyFailed.filter((pod) => this.#verdictOn(pod) !== 'Ignore');
    const succeeded = [...known.succeeded, ...counting.map(uidOf)];
    const failed = [...known.failed, ...failing.map(uidOf)];
    this.#status = {
      ...this.#status,
      uncountedTerminatedPods: {
        ...(succeeded.length > 0 && { succeeded }),
        ...(failed.length > 0 && { failed }),
      },
      ...(isIndexed(this.#job) && {
        completedIndexes: formatIndexes(doneIndexes),
        succeeded: doneIndexes.size,
      }),
      ...(this.#job.spec!.backoffLimitPerIndex !== undefined && {
        failedIndexes: formatIndexes(failedIndexes),
      }),
    };
    const final = this.#interim(finished);
    await this.#flush();
    this.#support.setBackoff(this.#key, backoff);
    const written = new Set([...succeeded, ...failed]);
    const ended = [...newlySucceeded, ...newlyFailed];
    const toRelease = this.#pods.filter(
      (pod) =>
        isTracked(pod) &&
        (written.has(uidOf(pod)) || ended.includes(pod) || (final !== undefined && !isPodActive(pod))),
    );
    await Promise.all(toRelease.map((pod) => releasePod(this.#context.client, pod)));
    const released = new Set(toRelease.map(uidOf));
    const tracked = new Set(
      this.#pods.filter((pod) => isTracked(pod) && !released.has(uidOf(pod))).map(uidOf),
    );
    this.#status = countReleased(this.#status, tracked);
    const isOver = final !== undefined && this.#status.active === 0 && this.#status.terminating === 0;
    if (isOver) this.#finish(final);
    await this.#flush();
    if (isOver) this.#announce(final);
  }

  /** Says what the job will come to; gives the condition for when its pods are gone. */
  #interim(finished: JobCondition | undefined): JobCondition | undefined {
    if (finished === undefined) return undefined;
    if (!hasCondition(this.#job, finished.type)) {
      this.#status = {
        ...this.#status,
        conditions: withCondition({ ...this.#job, status: this.#status }, finished),
      };
    }
    const type = finished.type === 'FailureTarget' ? 'Failed' : 'Complete';
    return newCondition(type, 'True', finished.reason!, finished.message!, this.#now);
  }

  #finish(final: JobCondition): void {
    this.#status = {
      ...this.#status,
      conditions: withCondition({ ...this.#job, status: this.#status }, final),
      ...(final.type === 'Complete' && { completionTime: final.lastTransitionTime! }),
    };
  }

  #announce(final: JobCondition): void {
    if (final.type === 'Failed') return this.#event('Warning', final.reason!, final.message!);
    const { completions } = this.#job.spec!;
    if (completions !== undefined && (this.#status.succeeded ?? 0) > completions) {
      const message = 'Too many succeeded pods running after completion count reached';
      this.#event('Warning', 'TooManySucceededPods', message);
    }
    this.#event('Normal', 'Completed', 'Job completed');
  }

  /** Writes the status if it differs from what the server has. */
  async #flush(): Promise<void> {
    const body = statusBody(this.#job, this.#status) as Job;
    if (semanticEqual(statusBody(this.#job, this.#job.status ?? {}), body)) return;
    const { namespace } = this.#job.metadata!;
    this.#job = this.#support.wrote(
      await this.#context.client.update<Job>(RESOURCES.jobs, body as { metadata: { name: string } }, {
        namespace,
        subresource: 'status',
      }),
    );
    this.#status = { ...this.#job.status };
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#support.recorder.event(subjectOf(this.#job, RESOURCES.jobs), type, reason, message);
  }
}

const FAILURE_COUNT = 'batch.kubernetes.io/job-index-failure-count';

function failureCountOf(pod: Pod): number {
  return Number(pod.metadata?.annotations?.[FAILURE_COUNT] ?? 0) || 0;
}

/** How often the containers of a pod that runs were started again. Models pastBackoffLimitOnFailure. */
function restartsOf(pod: Pod): number {
  if (pod.status?.phase !== 'Running' && pod.status?.phase !== 'Pending') return 0;
  const statuses = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
  return statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
}
