import type { Pod } from 'kubernetes-types/core/v1';
import type { SchedulerCache } from '../../cache/cache.ts';
import type { AffinityTerm, NamespaceLabels } from '../../framework/affinity-terms.ts';
import type { CycleState, StateData } from '../../framework/cycle-state.ts';
import type { Refusal } from '../../framework/interface.ts';
import type { NodeInfo, PodInfo } from '../../framework/node-info.ts';
import { TopologyCounts } from './topology-counts.ts';

/** What other pods say of this one, and how many pods there are that it speaks of. Models preFilterState. */
export class AffinityState implements StateData {
  readonly pod: PodInfo;
  readonly existingAntiAffinity: TopologyCounts;
  readonly affinity: TopologyCounts;
  readonly antiAffinity: TopologyCounts;
  readonly #namespaceLabels: NamespaceLabels;

  constructor(
    pod: PodInfo,
    namespaceLabels: NamespaceLabels,
    existingAntiAffinity = new TopologyCounts(),
    affinity = new TopologyCounts(),
    antiAffinity = new TopologyCounts(),
  ) {
    this.pod = pod;
    this.#namespaceLabels = namespaceLabels;
    this.existingAntiAffinity = existingAntiAffinity;
    this.affinity = affinity;
    this.antiAffinity = antiAffinity;
  }

  clone(): AffinityState {
    return new AffinityState(
      this.pod,
      this.#namespaceLabels,
      this.existingAntiAffinity.clone(),
      this.affinity.clone(),
      this.antiAffinity.clone(),
    );
  }

  get requiredAffinity(): readonly AffinityTerm[] {
    return this.pod.affinity?.requiredAffinity ?? [];
  }

  get requiredAntiAffinity(): readonly AffinityTerm[] {
    return this.pod.affinity?.requiredAntiAffinity ?? [];
  }

  matchesAll(terms: readonly AffinityTerm[], pod: Pod): boolean {
    return terms.length > 0 && terms.every((term) => term.matches(pod, this.#namespaceLabels));
  }

  /** A pod comes to a node, or leaves it. */
  update(other: PodInfo, node: NodeInfo, sign: 1 | -1): void {
    this.noteExisting(other, node, sign);
    if (this.matchesAll(this.requiredAffinity, other.pod)) {
      for (const { topologyKey } of this.requiredAffinity) this.affinity.add(topologyKey, node, sign);
    }
    for (const term of this.requiredAntiAffinity) {
      if (term.matches(other.pod, this.#namespaceLabels)) this.antiAffinity.add(term.topologyKey, node, sign);
    }
  }

  /** Terms by which a pod that is there keeps this one away. */
  noteExisting(other: PodInfo, node: NodeInfo, sign: 1 | -1): void {
    for (const term of other.affinity?.requiredAntiAffinity ?? []) {
      if (term.matches(this.pod.pod, this.#namespaceLabels)) {
        this.existingAntiAffinity.add(term.topologyKey, node, sign);
      }
    }
  }
}

/** Models interpodaffinity PreFilter; undefined: there is nothing to judge. */
export function affinityState(
  state: CycleState,
  cache: SchedulerCache,
  namespaceLabels: NamespaceLabels,
): AffinityState | undefined {
  const result = new AffinityState(state.pod, namespaceLabels);
  for (const node of cache.nodesWithRequiredAntiAffinity) {
    if (node.node === undefined) continue;
    for (const other of node.podsWithRequiredAntiAffinity.values()) result.noteExisting(other, node, 1);
  }
  const { requiredAffinity, requiredAntiAffinity } = result;
  if (requiredAffinity.length === 0 && requiredAntiAffinity.length === 0) {
    return result.existingAntiAffinity.empty ? undefined : result;
  }
  const count = (key: string, terms: readonly AffinityTerm[], into: TopologyCounts) => {
    const byNode = cache.podCounts.byNode(key, (pod) => result.matchesAll(terms, pod));
    if (byNode.size === 0) return;
    for (const node of state.nodes) {
      const pods = byNode.get(node.name);
      if (pods === undefined) continue;
      for (const { topologyKey } of terms) into.add(topologyKey, node, pods);
    }
  };
  if (requiredAffinity.length > 0) {
    const key = `affinity ${requiredAffinity.map((term) => term.key).join(' ')}`;
    count(key, requiredAffinity, result.affinity);
  }
  for (const term of requiredAntiAffinity) count(`affinity ${term.key}`, [term], result.antiAffinity);
  return result;
}

/** Models interpodaffinity Filter. */
export function filterAffinity(state: AffinityState, node: NodeInfo): Refusal | undefined {
  if (!satisfiesAffinity(state, node)) {
    return { code: 'UnschedulableAndUnresolvable', reasons: ["node(s) didn't match pod affinity rules"] };
  }
  if (state.requiredAntiAffinity.some(({ topologyKey }) => state.antiAffinity.of(topologyKey, node) > 0)) {
    return { code: 'Unschedulable', reasons: ["node(s) didn't match pod anti-affinity rules"] };
  }
  for (const topologyKey of state.existingAntiAffinity.keys()) {
    if (state.existingAntiAffinity.of(topologyKey, node) > 0) {
      return {
        code: 'Unschedulable',
        reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"],
      };
    }
  }
  return undefined;
}

/** The first pod of a group that wants to be together has nobody to go to: it may be anywhere. */
function satisfiesAffinity(state: AffinityState, node: NodeInfo): boolean {
  const { requiredAffinity, affinity, pod } = state;
  if (requiredAffinity.some(({ topologyKey }) => node.labels[topologyKey] === undefined)) return false;
  if (requiredAffinity.every(({ topologyKey }) => affinity.of(topologyKey, node) > 0)) return true;
  return affinity.empty && state.matchesAll(requiredAffinity, pod.pod);
}
