import type { Job } from 'kubernetes-types/batch/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { activePodsFirst } from '../util/active-pods.ts';
import { completionIndex, hasValidIndex, isIndexed } from './indexes.ts';

/**
 * Active pods to delete, at least `atLeast`: of an indexed job all whose index another has or that have none,
 * then those that can best be done without. Models activePodsForRemoval.
 */
export function podsForRemoval(job: Job, active: readonly Pod[], atLeast: number, now: number): Pod[] {
  const ranked = activePodsFirst(active, now);
  if (!isIndexed(job)) return ranked.slice(0, atLeast);
  // The last of an index is the one that is hardest to do without.
  const keeper = new Map(
    ranked.filter((pod) => hasValidIndex(pod, job)).map((pod) => [completionIndex(pod), pod]),
  );
  const isKept = (pod: Pod) => keeper.get(completionIndex(pod)) === pod;
  const removed = ranked.filter((pod) => !isKept(pod));
  return [...removed, ...ranked.filter(isKept).slice(0, Math.max(0, atLeast - removed.length))];
}
