import type { ContainerStatus, Pod } from 'kubernetes-types/core/v1';
import { podCondition } from '../util/pods.ts';

/** A job waits 10 s after a failed pod, twice as long after each further one, 10 minutes at most. */
const INITIAL = 10_000;
const MAX = 600_000;

/** How often pods of a job failed since one last succeeded, and when the last one did. */
export interface BackoffRecord {
  readonly failures: number;
  readonly last: number;
}

/**
 * When the pod ended, in milliseconds: by its containers' own words, else when it was no longer ready, else when its
 * deletion was asked for, else when it was made. Models pkg/controller/job/backoff_utils.go getFinishedTime.
 */
export function finishedAt(pod: Pod): number {
  const ends = containersEnd(pod);
  if (ends !== undefined) return ends;
  const ready = podCondition(pod, 'Ready');
  if (ready?.status === 'False' && ready.lastTransitionTime) return Date.parse(ready.lastTransitionTime);
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = pod.metadata!;
  if (deletionTimestamp !== undefined)
    return Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
  return Date.parse(creationTimestamp!);
}

/** Of init containers only those that go on beside the others count; undefined while a container runs. */
function containersEnd({ spec, status }: Pod): number | undefined {
  const sidecars = new Set(
    (spec?.initContainers ?? [])
      .filter(({ restartPolicy }) => restartPolicy === 'Always')
      .map(({ name }) => name),
  );
  const statuses: readonly ContainerStatus[] = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name)),
  ];
  const ends = statuses.map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? ''));
  return ends.length === 0 || ends.some(Number.isNaN) ? undefined : Math.max(...ends);
}

/** The record with pods that have ended since. Models newBackoffRecord. */
export function withFinishedPods(
  record: BackoffRecord = { failures: 0, last: 0 },
  succeeded: readonly Pod[],
  failed: readonly Pod[],
): BackoffRecord {
  const before = succeeded.length > 0 ? { failures: 0, last: 0 } : record;
  const lastSuccess = Math.max(-Infinity, ...succeeded.map(finishedAt));
  const since = failed.map(finishedAt).filter((end) => end > lastSuccess);
  if (since.length === 0) return before;
  return { failures: before.failures + since.length, last: Math.max(...since) };
}

/** Milliseconds until a pod may be made again after so many failures. Models getRemainingTimeForFailuresCount. */
export function remainingBackoff({ failures, last }: BackoffRecord, now: number): number {
  if (failures === 0) return 0;
  return Math.max(0, last + Math.min(MAX, INITIAL * 2 ** (failures - 1)) - now);
}
