import type { Pod } from 'kubernetes-types/core/v1';
import { FitError, type Verdict } from '../../framework/fit-error.ts';
import type { Framework } from '../../framework/framework.ts';
import type { CycleState } from '../../framework/interface.ts';
import { type NodeInfo, type PodInfo, priorityOf } from '../../framework/node-info.ts';

/** What preemption found: victims on a node, or why there are none. */
export type PreemptionResult =
  { readonly node: string; readonly victims: readonly Pod[] } | { readonly message: string };

interface Candidate {
  readonly node: string;
  readonly victims: readonly Pod[];
}

const unresolvable = (reason: string): Verdict => ({
  plugin: 'DefaultPreemption',
  code: 'UnschedulableAndUnresolvable',
  reasons: [reason],
});

/**
 * Looks for a node where the pod would fit if less important pods left, and for the fewest and
 * least important of those. `refused` is the filters' result for every node.
 *
 * Models pkg/scheduler/framework/plugins/defaultpreemption and framework/preemption Evaluator.
 */
export function preempt(
  framework: Framework,
  state: CycleState,
  refused: ReadonlyMap<string, Verdict>,
): PreemptionResult {
  const { pod } = state.pod;
  if (pod.spec?.preemptionPolicy === 'Never') {
    return { message: 'preemption: not eligible due to preemptionPolicy=Never.' };
  }
  const nominated = state.nodes.find(({ name }) => name === pod.status?.nominatedNodeName);
  if (nominated !== undefined && hasLeavingVictim(nominated, pod)) {
    return { message: 'preemption: not eligible due to terminating pod on the nominated node.' };
  }
  const candidates: Candidate[] = [];
  const verdicts = new Map<string, Verdict>();
  for (const node of state.nodes) {
    const verdict = refused.get(node.name);
    if (verdict?.code !== 'Unschedulable') {
      verdicts.set(node.name, unresolvable('Preemption is not helpful for scheduling'));
      continue;
    }
    const found = victimsOn(framework, state, node);
    if ('victims' in found) candidates.push(found);
    else verdicts.set(node.name, found.verdict);
  }
  const best = bestOf(candidates);
  return best ?? { message: `preemption: ${new FitError(state.nodes.length, verdicts).message}` };
}

function hasLeavingVictim(node: NodeInfo, pod: Pod): boolean {
  return [...node.pods.values()].some(
    (other) => other.pod.metadata?.deletionTimestamp !== undefined && priorityOf(other.pod) < priorityOf(pod),
  );
}

/** Models DefaultPreemption.SelectVictimsOnNode. */
function victimsOn(
  framework: Framework,
  state: CycleState,
  node: NodeInfo,
): Candidate | { readonly verdict: Verdict } {
  const trial = node.clone();
  const lesser = [...trial.pods.values()].filter(
    (other) => priorityOf(other.pod) < priorityOf(state.pod.pod),
  );
  if (lesser.length === 0) {
    return { verdict: unresolvable('No preemption victims found for incoming pod') };
  }
  for (const { key } of lesser) trial.removePod(key);
  const verdict = framework.filter(state, trial);
  if (verdict !== undefined) return { verdict };
  const victims: Pod[] = [];
  for (const info of lesser.sort(byImportance)) {
    trial.addPod(info);
    if (framework.filter(state, trial) === undefined) continue;
    trial.removePod(info.key);
    victims.push(info.pod);
  }
  return { node: node.name, victims };
}

function startOf(pod: Pod): string {
  return pod.status?.startTime ?? pod.metadata?.creationTimestamp ?? '';
}

/** The most important first: by priority, then the one that has run longer. */
function byImportance(a: PodInfo, b: PodInfo): number {
  const difference = priorityOf(b.pod) - priorityOf(a.pod);
  if (difference !== 0) return difference;
  const [left, right] = [startOf(a.pod), startOf(b.pod)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The node whose loss hurts least. Models preemption pickOneNodeForPreemption, without budgets. */
function bestOf(candidates: readonly Candidate[]): Candidate | undefined {
  const costs: readonly ((candidate: Candidate) => number)[] = [
    ({ victims }) => Math.max(...victims.map(priorityOf)),
    ({ victims }) => victims.reduce((sum, victim) => sum + priorityOf(victim) + 2 ** 31, 0),
    ({ victims }) => victims.length,
    ({ victims }) => -Math.min(...victims.map((victim) => Date.parse(startOf(victim)) || 0)),
  ];
  let left = candidates;
  for (const cost of costs) {
    if (left.length <= 1) break;
    const least = Math.min(...left.map(cost));
    left = left.filter((candidate) => cost(candidate) === least);
  }
  return left[0];
}
