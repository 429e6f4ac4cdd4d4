import type { Pod } from 'kubernetes-types/core/v1';
import { priorityOf } from '../../framework/node-info.ts';

/** A node that would fit if some pods left it. */
export interface Candidate {
  readonly node: string;
  /** The most important first. */
  readonly victims: readonly Pod[];
  /** How many of them a budget would rather keep. */
  readonly violations: number;
}

export function startOf(pod: Pod): string {
  return pod.status?.startTime ?? pod.metadata?.creationTimestamp ?? '';
}

/** Each cost decides among those that are equal by the ones before it. */
const COSTS: readonly ((candidate: Candidate) => number)[] = [
  ({ violations }) => violations,
  ({ victims }) => Math.max(...victims.map(priorityOf)),
  ({ victims }) => victims.reduce((sum, victim) => sum + priorityOf(victim) + 2 ** 31, 0),
  ({ victims }) => victims.length,
  // Rather pods that have not run for long: of the most important victims, the oldest counts.
  ({ victims }) => {
    const most = Math.max(...victims.map(priorityOf));
    const starts = victims
      .filter((victim) => priorityOf(victim) === most)
      .map((victim) => Date.parse(startOf(victim)) || 0);
    return -Math.min(...starts);
  },
];

/** The node whose loss hurts least. Models framework/preemption pickOneNodeForPreemption. */
export function pickCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  let left = candidates;
  for (const cost of COSTS) {
    if (left.length <= 1) break;
    const costs = left.map(cost);
    const least = Math.min(...costs);
    left = left.filter((_, index) => costs[index] === least);
  }
  return left[0];
}
