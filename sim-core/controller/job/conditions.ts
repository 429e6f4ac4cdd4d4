import type { Job, JobCondition } from 'kubernetes-types/batch/v1';
import { formatTime } from '../../apimachinery/object.ts';

export const BACKOFF_LIMIT_EXCEEDED = 'BackoffLimitExceeded';
export const DEADLINE_EXCEEDED = 'DeadlineExceeded';
export const COMPLETIONS_REACHED = 'CompletionsReached';
export const POD_FAILURE_POLICY = 'PodFailurePolicy';
export const FAILED_INDEXES = 'FailedIndexes';

export function conditionOf(job: Job, type: string): JobCondition | undefined {
  return job.status?.conditions?.find((condition) => condition.type === type);
}

export function hasCondition(job: Job, type: string): boolean {
  return conditionOf(job, type)?.status === 'True';
}

/** Complete or failed for good. Models pkg/controller/job/util IsJobFinished. */
export function isJobFinished(job: Job): boolean {
  return hasCondition(job, 'Complete') || hasCondition(job, 'Failed');
}

export function newCondition(
  type: string,
  status: 'True' | 'False',
  reason: string,
  message: string,
  now: number,
): JobCondition {
  const time = formatTime(now);
  return { type, status, lastProbeTime: time, lastTransitionTime: time, reason, message };
}

/** The job's conditions with `condition`, which takes the place of one of its type. */
export function withCondition(job: Job, condition: JobCondition): JobCondition[] {
  const known = job.status?.conditions ?? [];
  return [...known.filter(({ type }) => type !== condition.type), condition];
}
