import type { JobCondition } from 'kubernetes-types/batch/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { formatTime } from '../../apimachinery/object.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import {
  BACKOFF_LIMIT_EXCEEDED,
  DEADLINE_EXCEEDED,
  FAILED_INDEXES,
  MAX_FAILED_INDEXES_EXCEEDED,
  newCondition,
  POD_FAILURE_POLICY,
  SUCCESS_POLICY,
  trueCondition,
  withCondition,
} from './conditions.ts';
import { isIndexed } from './indexes.ts';
import { JobPods } from './job-pods.ts';
import { isPodFailed, verdictOn } from './pod-failure.ts';
import { StatusTracker } from './status-tracker.ts';
import { matchSuccessPolicy } from './success-policy.ts';
import type { JobSyncState, JobSyncSupport } from './sync-state.ts';

/** One look at one Job and its pods. Models pkg/controller/job syncJob. */
export class JobSync {
  readonly #client: RestClient;
  readonly #support: JobSyncSupport;
  readonly #state: JobSyncState;

  constructor(client: RestClient, support: JobSyncSupport, state: JobSyncState) {
    this.#client = client;
    this.#support = support;
    this.#state = state;
  }

  /** `expectationsMet`: all pods made and deleted so far are seen. */
  async run(expectationsMet: boolean): Promise<void> {
    const state = this.#state;
    const pods = new JobPods(this.#client, this.#support, state);
    if (state.status.startTime === undefined && !state.job.spec!.suspend) {
      state.status = { ...state.status, startTime: formatTime(state.now) };
    }
    state.finished = this.#end();
    let active = state.active.length;
    if (state.finished !== undefined) {
      const deleted = await pods.removeActive();
      // It is not over before all pods are seen and told to go.
      if (deleted !== active || !expectationsMet) state.finished = undefined;
      active -= deleted;
    } else {
      const manages = expectationsMet && state.job.metadata!.deletionTimestamp === undefined;
      if (manages) active = await pods.manage();
      if (this.#isComplete(active)) {
        state.finished = this.#condition('Complete', '', '');
      } else if (manages) this.#noteSuspension();
    }
    const { ready, terminating } = state;
    state.status = { ...state.status, active, ready, ...(state.countsTerminating && { terminating }) };
    await new StatusTracker(this.#client, this.#support, state).track();
    // What could not be made or deleted does not keep the status from being written.
    if (pods.error !== undefined) throw pods.error;
  }

  /**
   * What the job comes to: what an earlier sync has decided, else the first reason to fail, else that its
   * successPolicy is met; undefined: none of that. What a policy decides is a condition of its own until the pods are
   * gone: FailureTarget or SuccessCriteriaMet.
   */
  #end(): JobCondition | undefined {
    const { conditions } = this.#state.job.status ?? {};
    const success = trueCondition(conditions, 'SuccessCriteriaMet');
    if (success !== undefined) return success;
    const failure = trueCondition(conditions, 'FailureTarget');
    if (failure !== undefined) return this.#condition('Failed', failure.reason!, failure.message!);
    return this.#podFailure() ?? this.#limitReached() ?? this.#indexesFailed() ?? this.#successPolicyMet();
  }

  #podFailure(): JobCondition | undefined {
    const { job, pods } = this.#state;
    for (const pod of pods) {
      const verdict = isPodFailed(pod, job) ? verdictOn(pod, job) : undefined;
      if (verdict?.action === 'FailJob')
        return this.#condition('FailureTarget', POD_FAILURE_POLICY, verdict.message!);
    }
    return undefined;
  }

  #limitReached(): JobCondition | undefined {
    const { job, failed, pods, status, now, key } = this.#state;
    const { backoffLimit = 6, activeDeadlineSeconds, suspend, template } = job.spec!;
    const restarts =
      template.spec?.restartPolicy === 'OnFailure' ? pods.reduce((sum, pod) => sum + restartsOf(pod), 0) : 0;
    if (failed > backoffLimit || (restarts > 0 && restarts >= backoffLimit)) {
      return this.#condition('Failed', BACKOFF_LIMIT_EXCEEDED, 'Job has reached the specified backoff limit');
    }
    if (activeDeadlineSeconds === undefined || suspend) return undefined;
    const left = Date.parse(status.startTime!) + activeDeadlineSeconds * 1000 - now;
    if (left <= 0) {
      return this.#condition('Failed', DEADLINE_EXCEEDED, 'Job was active longer than specified deadline');
    }
    this.#support.again(key, left);
    return undefined;
  }

  #indexesFailed(): JobCondition | undefined {
    const { job, failedIndexes, succeededIndexes } = this.#state;
    if (failedIndexes === undefined) return undefined;
    const { maxFailedIndexes = Infinity, completions } = job.spec!;
    if (failedIndexes.size > maxFailedIndexes) {
      return this.#condition(
        'Failed',
        MAX_FAILED_INDEXES_EXCEEDED,
        'Job has exceeded the specified maximal number of failed indexes',
      );
    }
    const isOver = failedIndexes.size > 0 && failedIndexes.size + succeededIndexes.size >= completions!;
    return isOver ? this.#condition('Failed', FAILED_INDEXES, 'Job has failed indexes') : undefined;
  }

  #successPolicyMet(): JobCondition | undefined {
    const { job, succeededIndexes } = this.#state;
    if (!isIndexed(job)) return undefined;
    const message = matchSuccessPolicy(job.spec!.successPolicy, job.spec!.completions!, succeededIndexes);
    return message === undefined ? undefined : this.#condition('SuccessCriteriaMet', SUCCESS_POLICY, message);
  }

  #isComplete(active: number): boolean {
    const { job, succeeded } = this.#state;
    return active === 0 && succeeded >= (job.spec!.completions ?? 1);
  }

  #noteSuspension(): void {
    const state = this.#state;
    const isSuspended = state.job.spec!.suspend ?? false;
    const [reason, message, event] = isSuspended
      ? ['JobSuspended', 'Job suspended', 'Suspended']
      : ['JobResumed', 'Job resumed', 'Resumed'];
    const status = isSuspended ? 'True' : 'False';
    const conditions = withCondition(
      state.status.conditions,
      newCondition('Suspended', status, reason!, message!, state.now),
    );
    if (conditions === undefined) return;
    // The deadline counts from the time at which the job goes on.
    const { startTime: _, ...rest } = state.status;
    state.status = { ...rest, conditions, ...(!isSuspended && { startTime: formatTime(state.now) }) };
    this.#support.recorder.event(subjectOf(state.job, RESOURCES.jobs), 'Normal', event!, message!);
  }

  #condition(type: string, reason: string, message: string): JobCondition {
    return newCondition(type, 'True', reason, message, this.#state.now);
  }
}

/** How often the containers of a pod that runs were started again. Models pastBackoffLimitOnFailure. */
function restartsOf(pod: Pod): number {
  if (pod.status?.phase !== 'Running' && pod.status?.phase !== 'Pending') return 0;
  const statuses = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
  return statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
}
