import type { Pod } from 'kubernetes-types/core/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import type { Rand } from '../../../clock/rand.ts';
import type { CycleState } from '../../framework/cycle-state.ts';
import { type Diagnosis, FitError, type Verdict } from '../../framework/fit-error.ts';
import type { Framework } from '../../framework/framework.ts';
import { type NodeInfo, type PodInfo, priorityOf } from '../../framework/node-info.ts';
import { type Candidate, pickCandidate, startOf } from './candidates.ts';
import { splitByBudgets } from './budgets.ts';

/** What preemption found: victims on a node, or why there are none; `hopeless`: then no place is kept for the pod, either. */
export type PreemptionResult =
  | { readonly node: string; readonly victims: readonly Pod[] }
  | { readonly message: string; readonly hopeless: boolean };

/** At least so many candidates are looked for, and a tenth of the nodes. */
const MIN_CANDIDATES = 100;
const CANDIDATES_PERCENTAGE = 10;

const unresolvable = (reason: string): Verdict => ({
  plugin: 'DefaultPreemption',
  code: 'UnschedulableAndUnresolvable',
  reasons: [reason],
});

/**
 * Looks for a node where the pod would fit if less important pods left, and for the fewest and
 * least important of those. `diagnosis` is what the filters said.
 *
 * Models pkg/scheduler/framework/plugins/defaultpreemption and framework/preemption Evaluator.
 */
export function preempt(
  framework: Framework,
  rand: Rand,
  state: CycleState,
  { refused, preFilter }: Diagnosis,
  budgets: readonly PodDisruptionBudget[],
): PreemptionResult {
  const { pod } = state.pod;
  if (pod.spec?.preemptionPolicy === 'Never') {
    return { message: 'preemption: not eligible due to preemptionPolicy=Never.', hopeless: false };
  }
  const nominated = state.nodes.find(({ name }) => name === pod.status?.nominatedNodeName);
  if (nominated !== undefined && hasLeavingVictim(nominated, pod)) {
    const message = 'preemption: not eligible due to terminating pod on the nominated node.';
    return { message, hopeless: false };
  }
  const verdicts = new Map<string, Verdict>();
  const helpful: NodeInfo[] = [];
  for (const node of state.nodes) {
    const verdict = preFilter ?? refused.get(node.name);
    if (verdict?.code === 'Unschedulable') helpful.push(node);
    else verdicts.set(node.name, unresolvable('Preemption is not helpful for scheduling'));
  }
  const enough = Math.max(MIN_CANDIDATES, Math.floor((helpful.length * CANDIDATES_PERCENTAGE) / 100));
  const offset = helpful.length > enough ? rand.int(helpful.length) : 0;
  const clean: Candidate[] = [];
  const violating: Candidate[] = [];
  for (let index = 0; index < helpful.length; index++) {
    const node = helpful[(offset + index) % helpful.length]!;
    const found = victimsOn(framework, state, node, budgets);
    if ('verdict' in found) verdicts.set(node.name, found.verdict);
    else (found.violations === 0 ? clean : violating).push(found);
    if (clean.length > 0 && clean.length + violating.length >= enough) break;
  }
  const best = pickCandidate([...clean, ...violating]);
  if (best !== undefined) return best;
  const why = new FitError({ nodes: state.nodes.length, refused: verdicts });
  return { message: `preemption: ${why.message}`, hopeless: true };
}

function hasLeavingVictim(node: NodeInfo, pod: Pod): boolean {
  return [...node.pods.values()].some(
    (other) => other.pod.metadata?.deletionTimestamp !== undefined && priorityOf(other.pod) < priorityOf(pod),
  );
}

/** Models DefaultPreemption.SelectVictimsOnNode. */
function victimsOn(
  framework: Framework,
  before: CycleState,
  node: NodeInfo,
  budgets: readonly PodDisruptionBudget[],
): Candidate | { readonly verdict: Verdict } {
  const priority = priorityOf(before.pod.pod);
  const lesser = [...node.pods.values()].filter((other) => priorityOf(other.pod) < priority);
  if (lesser.length === 0) {
    return { verdict: unresolvable('No preemption victims found for incoming pod') };
  }
  const trial = node.clone();
  const state = before.clone();
  for (const info of lesser) framework.removePod(state, info, trial);
  const verdict = framework.filterWithNominated(state, trial);
  if (verdict !== undefined) return { verdict };
  const { violating, others } = splitByBudgets(lesser.sort(byImportance), budgets);
  const victims: Pod[] = [];
  let violations = 0;
  // The more important ones come back first, if there is room for them beside the new pod.
  const reprieve = (info: PodInfo): boolean => {
    framework.addPod(state, info, trial);
    if (framework.filterWithNominated(state, trial) === undefined) return true;
    framework.removePod(state, info, trial);
    victims.push(info.pod);
    return false;
  };
  for (const info of violating) if (!reprieve(info)) violations++;
  for (const info of others) reprieve(info);
  victims.sort((a, b) => priorityOf(b) - priorityOf(a));
  return { node: node.name, victims, violations };
}

/** The most important first: by priority, then the one that has run longer. */
function byImportance(a: PodInfo, b: PodInfo): number {
  const difference = priorityOf(b.pod) - priorityOf(a.pod);
  if (difference !== 0) return difference;
  const [left, right] = [startOf(a.pod), startOf(b.pod)];
  return left < right ? -1 : left > right ? 1 : 0;
}
