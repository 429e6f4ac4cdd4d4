import type { Job, JobCondition, JobSpec, JobStatus } from 'kubernetes-types/batch/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import type { EventRecorder } from '../../client-go/tools/record/event-recorder.ts';
import type { Expectations } from '../util/expectations.ts';
import type { PodControl } from '../util/pod-control.ts';
import { isPodActive, isPodReady } from '../util/pods.ts';
import { type BackoffRecord, withFinishedPods } from './backoff.ts';
import type { FinalizerExpectations } from './finalizer-expectations.ts';
import { failedIndexesOf, hasBackoffLimitPerIndex, podsToSucceed } from './index-failures.ts';
import { completionIndex, hasValidIndex, isIndexed, parseIndexes } from './indexes.ts';
import { countsAsFailure, isPodFailed, isPodTerminating } from './pod-failure.ts';
import { isTracked, uncountedOf } from './pod-tracking.ts';

/** What a sync needs of its controller. Jobs go by key. */
export interface JobSyncSupport {
  readonly recorder: EventRecorder;
  readonly podControl: PodControl;
  readonly expectations: Expectations;
  readonly finalizers: FinalizerExpectations;
  readonly backoff: Map<string, BackoffRecord>;
  /** Looks at the job again after so many milliseconds. */
  again(key: string, delay: number): void;
  /** Told of the answer to a status write. */
  wrote(job: Job): Job;
}

/** What one sync knows of its Job, and what will become of its status. Models syncJobCtx. */
export class JobSyncState {
  readonly key: string;
  /** The job's own pods. */
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly now: number;
  job: Job;
  /** As it will be written. */
  status: JobStatus;
  /** What the job comes to: Complete or Failed, or by a policy of its own first SuccessCriteriaMet or FailureTarget. */
  finished: JobCondition | undefined;
  ready: number;
  terminating: number;
  /** v1.28 does not; a job that has a policy, which only later ones know, is counted and waited for as they do. */
  readonly countsTerminating: boolean;
  /** Pods that ended, counted or not; of an indexed job its indexes. */
  readonly succeeded: number;
  readonly failed: number;
  readonly backoff: BackoffRecord;
  /** Indexes that the status names, and those with the ones that succeeded since. */
  readonly countedIndexes: ReadonlySet<number>;
  readonly succeededIndexes: ReadonlySet<number>;
  /** Undefined unless the job limits the failures of an index. */
  readonly failedIndexes: ReadonlySet<number> | undefined;
  /** Failed pods that stay until another has taken over their index. */
  readonly toSucceed: ReadonlyMap<number, Pod>;
  readonly uncounted: { readonly succeeded: ReadonlySet<string>; readonly failed: ReadonlySet<string> };
  readonly #released: ReadonlySet<string>;

  constructor(
    job: Job,
    key: string,
    pods: readonly Pod[],
    { finalizers, backoff }: Pick<JobSyncSupport, 'finalizers' | 'backoff'>,
    now: number,
  ) {
    this.job = job;
    this.key = key;
    this.pods = pods;
    this.now = now;
    this.status = { ...job.status };
    this.active = pods.filter(isPodActive);
    this.ready = this.active.filter(isPodReady).length;
    this.terminating = pods.filter(isPodTerminating).length;
    const { podReplacementPolicy, successPolicy } = job.spec as JobSpec & { podReplacementPolicy?: string };
    this.countsTerminating = podReplacementPolicy !== undefined || successPolicy !== undefined;
    this.#released = finalizers.expected(key);
    const { succeeded, failed } = uncountedOf(job.status);
    this.uncounted = { succeeded: new Set(succeeded), failed: new Set(failed) };

    const valid = pods.filter((pod) => this.isUncounted(pod) && (!isIndexed(job) || hasValidIndex(pod, job)));
    const isNew = (of: ReadonlySet<string>) => (pod: Pod) => !of.has(pod.metadata!.uid!);
    const newlySucceeded = valid.filter(({ status }) => status?.phase === 'Succeeded');
    const newlyFailed = valid.filter((pod) => isPodFailed(pod, job)).filter(isNew(this.uncounted.failed));
    const countedNow = newlyFailed.filter((pod) => countsAsFailure(pod, job)).length;
    this.failed = (job.status?.failed ?? 0) + countedNow + failed.length;
    this.backoff = withFinishedPods(
      backoff.get(key),
      newlySucceeded.filter(isNew(this.uncounted.succeeded)),
      newlyFailed,
    );
    this.countedIndexes = isIndexed(job)
      ? parseIndexes(job.status?.completedIndexes, job.spec!.completions!)
      : new Set();
    this.succeededIndexes = isIndexed(job)
      ? new Set([...this.countedIndexes, ...pods.filter(hasJustSucceeded(job)).map(indexOf)])
      : new Set();
    this.succeeded = isIndexed(job)
      ? this.succeededIndexes.size
      : (job.status?.succeeded ?? 0) +
        newlySucceeded.filter(isNew(this.uncounted.succeeded)).length +
        succeeded.length;
    const isLimited = isIndexed(job) && hasBackoffLimitPerIndex(job);
    this.failedIndexes = isLimited ? failedIndexesOf(job, pods) : undefined;
    this.toSucceed = isLimited
      ? podsToSucceed(job, valid, [
          this.succeededIndexes,
          this.failedIndexes!,
          new Set(this.active.map(indexOf)),
        ])
      : new Map<number, Pod>();
  }

  /** The pod has its finalizer, and nobody has taken it off already. */
  isUncounted(pod: Pod): boolean {
    return isTracked(pod) && !this.#released.has(pod.metadata!.uid!);
  }
}

const indexOf = (pod: Pod): number => completionIndex(pod) ?? -1;

const hasJustSucceeded = (job: Job) => (pod: Pod) =>
  pod.status?.phase === 'Succeeded' && isTracked(pod) && hasValidIndex(pod, job);
