import type { SchedulerCache } from '../../cache/cache.ts';
import type { AffinityTerm, NamespaceLabels, WeightedTerm } from '../../framework/affinity-terms.ts';
import type { CycleState, StateData } from '../../framework/cycle-state.ts';
import { MAX_NODE_SCORE } from '../../framework/interface.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import { TopologyCounts } from './topology-counts.ts';

/** What a pod's required affinity to the new one is worth. */
const HARD_POD_AFFINITY_WEIGHT = 1;

/** Models preScoreState. */
export class AffinityScores implements StateData {
  readonly #sums: TopologyCounts;

  constructor(sums: TopologyCounts) {
    this.#sums = sums;
  }

  clone(): AffinityScores {
    return this;
  }

  scoreOf(node: NodeInfo): number {
    let score = 0;
    for (const topologyKey of this.#sums.keys()) score += this.#sums.of(topologyKey, node);
    return score;
  }
}

/** Models interpodaffinity PreScore; undefined: there is nothing to score. */
export function affinityScores(
  state: CycleState,
  cache: SchedulerCache,
  namespaceLabels: NamespaceLabels,
): AffinityScores | undefined {
  const sums = new TopologyCounts();
  const { preferredAffinity = [], preferredAntiAffinity = [] } = state.pod.affinity ?? {};
  const own = (terms: readonly WeightedTerm[], sign: 1 | -1) => {
    for (const { term, weight } of terms) {
      const byNode = cache.podCounts.byNode(`affinity ${term.key}`, (pod) =>
        term.matches(pod, namespaceLabels),
      );
      if (byNode.size === 0) continue;
      for (const node of state.nodes) {
        const pods = byNode.get(node.name);
        if (pods !== undefined) sums.add(term.topologyKey, node, sign * weight * pods);
      }
    }
  };
  own(preferredAffinity, 1);
  own(preferredAntiAffinity, -1);
  const { pod } = state.pod;
  for (const node of cache.nodesWithAffinity) {
    if (node.node === undefined) continue;
    const theirs = (term: AffinityTerm, weight: number) => {
      if (term.matches(pod, namespaceLabels)) sums.add(term.topologyKey, node, weight);
    };
    for (const { affinity } of node.podsWithAffinity.values()) {
      for (const term of affinity!.requiredAffinity) theirs(term, HARD_POD_AFFINITY_WEIGHT);
      for (const { term, weight } of affinity!.preferredAffinity) theirs(term, weight);
      for (const { term, weight } of affinity!.preferredAntiAffinity) theirs(term, -weight);
    }
  }
  return sums.empty ? undefined : new AffinityScores(sums);
}

/** Stretches from the least to the most. Models interpodaffinity NormalizeScore. */
export function normalizeAffinity(scores: readonly number[]): number[] {
  let least = Infinity;
  let most = -Infinity;
  for (const score of scores) {
    least = Math.min(least, score);
    most = Math.max(most, score);
  }
  return scores.map((score) =>
    most > least ? Math.floor((MAX_NODE_SCORE * (score - least)) / (most - least)) : 0,
  );
}
