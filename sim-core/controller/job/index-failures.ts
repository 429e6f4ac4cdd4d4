import type { Job } from 'kubernetes-types/batch/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { type BackoffRecord, finishedAt } from './backoff.ts';
import { completionIndex, hasValidIndex, parseIndexes } from './indexes.ts';
import { countsAsFailure, isPodFailed, verdictOn } from './pod-failure.ts';
import { isTracked } from './pod-tracking.ts';

/** How often the pods of one index failed before this one, without and with those that do not count. */
const FAILURE_COUNT = 'batch.kubernetes.io/job-index-failure-count';
const IGNORED_COUNT = 'batch.kubernetes.io/job-index-ignored-failure-count';

/** True if the job limits the failures of each index. Models hasBackoffLimitPerIndex. */
export function hasBackoffLimitPerIndex({ spec }: Job): boolean {
  return spec!.backoffLimitPerIndex !== undefined;
}

/** Indexes that have failed too often to be tried again. Models calculateFailedIndexes. */
export function failedIndexesOf(job: Job, pods: readonly Pod[]): Set<number> {
  const indexes = parseIndexes(job.status?.failedIndexes, job.spec!.completions!);
  for (const pod of pods) {
    if (isTracked(pod) && hasValidIndex(pod, job) && isIndexFailed(pod, job))
      indexes.add(completionIndex(pod)!);
  }
  return indexes;
}

function isIndexFailed(pod: Pod, job: Job): boolean {
  if (!isPodFailed(pod, job)) return false;
  if (verdictOn(pod, job)?.action === 'FailIndex') return true;
  return countsAsFailure(pod, job) && count(pod, FAILURE_COUNT) >= job.spec!.backoffLimitPerIndex!;
}

/**
 * The last failed pod of each index that is to be tried again: it stays until its successor is there, which
 * takes over the counts of failures. `pods` are tracked and have valid indexes; those in `settled` need none.
 *
 * Models getPodsWithDelayedDeletionPerIndex.
 */
export function podsToSucceed(
  job: Job,
  pods: readonly Pod[],
  settled: readonly ReadonlySet<number>[],
): Map<number, Pod> {
  const last = new Map<number, Pod>();
  for (const pod of pods) {
    const index = completionIndex(pod)!;
    if (!isPodFailed(pod, job) || settled.some((indexes) => indexes.has(index))) continue;
    const known = last.get(index);
    const isLater =
      known === undefined ||
      (allFailuresBefore(known) <= allFailuresBefore(pod) && finishedAt(pod) >= finishedAt(known));
    if (isLater) last.set(index, pod);
  }
  return last;
}

/** The annotations of the pod that follows `replaced`; undefined: it is the first of its index. Models addIndexFailureCountAnnotation. */
export function failureCounts(job: Job, replaced: Pod | undefined): Record<string, string> {
  if (replaced === undefined) return { [FAILURE_COUNT]: '0' };
  const isCounted = countsAsFailure(replaced, job);
  const counted = count(replaced, FAILURE_COUNT) + (isCounted ? 1 : 0);
  const ignored = count(replaced, IGNORED_COUNT) + (isCounted ? 0 : 1);
  return { [FAILURE_COUNT]: String(counted), ...(ignored > 0 && { [IGNORED_COUNT]: String(ignored) }) };
}

/** The backoff of an index whose last failed pod is `replaced`. Models getRemainingTimePerIndex. */
export function indexBackoff(replaced: Pod | undefined): BackoffRecord {
  if (replaced === undefined) return { failures: 0, last: 0 };
  return { failures: allFailuresBefore(replaced) + 1, last: finishedAt(replaced) };
}

function allFailuresBefore(pod: Pod): number {
  return count(pod, FAILURE_COUNT) + count(pod, IGNORED_COUNT);
}

/** Whoever may write the pod may write nonsense here; that counts as 0. Models parseInt32. */
function count(pod: Pod, annotation: string): number {
  const text = pod.metadata?.annotations?.[annotation] ?? '';
  const number = /^\+?\d+$/.test(text) ? Number(text) : 0;
  return number < 2 ** 31 ? number : 0;
}
