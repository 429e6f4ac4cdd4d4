import type { Job, JobCondition } from 'kubernetes-types/batch/v1';
import { formatTime } from '../../apimachinery/object.ts';

export const BACKOFF_LIMIT_EXCEEDED = 'BackoffLimitExceeded';
export const DEADLINE_EXCEEDED = 'DeadlineExceeded';
export const POD_FAILURE_POLICY = 'PodFailurePolicy';
export const FAILED_INDEXES = 'FailedIndexes';
export const MAX_FAILED_INDEXES_EXCEEDED = 'MaxFailedIndexesExceeded';
export const SUCCESS_POLICY = 'SuccessPolicy';

type JobConditions = readonly JobCondition[];

/** The condition of a type if it holds. */
export function trueCondition(conditions: JobConditions | undefined, type: string): JobCondition | undefined {
  return conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

export function hasCondition({ status }: Job, type: string): boolean {
  return trueCondition(status?.conditions, type) !== undefined;
}

/** Complete or failed for good. Models pkg/controller/job/util IsJobFinished. */
export function isJobFinished(job: Job): boolean {
  return hasCondition(job, 'Complete') || hasCondition(job, 'Failed');
}

/** Without reason and message where they are "". */
export function newCondition(
  type: string,
  status: 'True' | 'False',
  reason: string,
  message: string,
  now: number,
): JobCondition {
  const time = formatTime(now);
  return {
    type,
    status,
    lastProbeTime: time,
    lastTransitionTime: time,
    ...(reason !== '' && { reason }),
    ...(message !== '' && { message }),
  };
}

/**
 * The conditions with `condition` in the place of one of its type, else at their end; undefined: they say so already,
 * or what does not hold was never said to. Models ensureJobConditionStatus.
 */
export function withCondition(
  conditions: JobConditions = [],
  condition: JobCondition,
): JobCondition[] | undefined {
  const index = conditions.findIndex(({ type }) => type === condition.type);
  if (index < 0) return condition.status === 'False' ? undefined : [...conditions, condition];
  const { status, reason, message } = conditions[index]!;
  const isKnown = status === condition.status && reason === condition.reason && message === condition.message;
  return isKnown ? undefined : conditions.with(index, condition);
}
