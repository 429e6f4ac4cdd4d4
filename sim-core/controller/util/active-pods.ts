import type { Pod } from 'kubernetes-types/core/v1';
import { isPodReady, maxRestarts, podCondition } from './pods.ts';

const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * Pods in the order in which they can best be done without: unassigned, pending and unready ones
 * first, then the young. Models pkg/controller ActivePods.
 */
export function activePodsFirst(pods: readonly Pod[], now: number): Pod[] {
  return byKeys(pods, (pod) => sortKey(pod, now));
}

/** Sorts by lists of numbers, the first difference decides; by uid where there is none. */
export function byKeys(pods: readonly Pod[], keyOf: (pod: Pod) => readonly number[]): Pod[] {
  const keyed = pods.map((pod) => ({ pod, key: keyOf(pod), uid: pod.metadata?.uid ?? '' }));
  keyed.sort((a, b) => {
    for (let index = 0; index < a.key.length; index++) {
      const difference = a.key[index]! - b.key[index]!;
      if (difference !== 0) return difference;
    }
    return a.uid < b.uid ? -1 : 1;
  });
  return keyed.map(({ pod }) => pod);
}

/** By node, phase and readiness: what every ranking of pods begins with. */
export function leadingKeys(pod: Pod): number[] {
  return [pod.spec?.nodeName ? 1 : 0, PHASES[pod.status?.phase ?? ''] ?? 1, isPodReady(pod) ? 1 : 0];
}

function sortKey(pod: Pod, now: number): number[] {
  return [
    ...leadingKeys(pod),
    isPodReady(pod) ? ageOf(podCondition(pod, 'Ready')?.lastTransitionTime, now) : 0,
    -maxRestarts(pod),
    ageOf(pod.metadata?.creationTimestamp, now),
  ];
}

function ageOf(time: string | undefined, now: number): number {
  return time === undefined ? Infinity : now - Date.parse(time);
}
