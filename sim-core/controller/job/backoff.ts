import type { Pod } from 'kubernetes-types/core/v1';

/** A job waits 10 s after a failed pod, twice as long after each further one, 10 minutes at most. */
const INITIAL = 10_000;
const MAX = 600_000;

/** How often pods of a job failed since one last succeeded, and when the last one did. */
export interface BackoffRecord {
  readonly failures: number;
  readonly last: number;
}

/** When the pod ended, by its containers' own words. Models getFinishedTime. */
function finishedAt(pod: Pod, now: number): number {
  const ends = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].map(
    ({ state }) => Date.parse(state?.terminated?.finishedAt ?? ''),
  );
  const known = ends.filter((end) => !Number.isNaN(end));
  return known.length === 0 ? now : Math.max(...known);
}

/** The record with pods that have ended since. Models newBackoffRecord. */
export function withFinishedPods(
  record: BackoffRecord | undefined,
  succeeded: readonly Pod[],
  failed: readonly Pod[],
  now: number,
): BackoffRecord {
  const lastSuccess = Math.max(-Infinity, ...succeeded.map((pod) => finishedAt(pod, now)));
  const after = failed.map((pod) => finishedAt(pod, now)).filter((end) => end > lastSuccess);
  const before = succeeded.length > 0 ? 0 : (record?.failures ?? 0);
  return {
    failures: before + after.length,
    last: Math.max(record?.last ?? 0, ...after),
  };
}

/** Milliseconds until the job may make pods again. Models backoffRecord.getRemainingTime. */
export function remainingBackoff({ failures, last }: BackoffRecord, now: number): number {
  if (failures === 0) return 0;
  return Math.max(0, last + Math.min(MAX, INITIAL * 2 ** (failures - 1)) - now);
}
