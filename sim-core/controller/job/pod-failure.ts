import type { Job } from 'kubernetes-types/batch/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { isPodTerminal } from '../util/pods.ts';
import { type FailureVerdict, matchPodFailurePolicy } from './pod-failure-policy.ts';

/** True if a pod that is going away is replaced only once it has ended. Models onlyReplaceFailedPods. */
export function replacesOnlyFailedPods({ spec }: Job): boolean {
  return spec!.podReplacementPolicy === 'Failed' || spec!.podFailurePolicy !== undefined;
}

/** A pod that is being deleted counts as failed, unless only ended ones are replaced. Models isPodFailed. */
export function isPodFailed(pod: Pod, job: Job): boolean {
  if (pod.status?.phase === 'Failed') return true;
  if (replacesOnlyFailedPods(job)) return false;
  return pod.metadata!.deletionTimestamp !== undefined && pod.status?.phase !== 'Succeeded';
}

/** Marked for deletion, and not ended yet. Models pkg/controller IsPodTerminating. */
export function isPodTerminating(pod: Pod): boolean {
  return pod.metadata!.deletionTimestamp !== undefined && !isPodTerminal(pod);
}

export function verdictOn(pod: Pod, { spec }: Job): FailureVerdict | undefined {
  return matchPodFailurePolicy(spec!.podFailurePolicy, pod);
}

/** False for a failure that the job's podFailurePolicy says to ignore. */
export function countsAsFailure(pod: Pod, job: Job): boolean {
  return verdictOn(pod, job)?.action !== 'Ignore';
}
