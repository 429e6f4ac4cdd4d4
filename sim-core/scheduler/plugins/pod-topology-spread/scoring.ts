import type { PodCounts } from '../../cache/pod-counts.ts';
import type { CycleState, StateData } from '../../framework/cycle-state.ts';
import { MAX_NODE_SCORE } from '../../framework/interface.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import { type Constraint, countsFor, hasAllKeys, HOSTNAME } from './constraints.ts';

/** Models preScoreState. */
export class SpreadScores implements StateData {
  readonly constraints: readonly Constraint[];
  /** Nodes that lack a key that all must have. */
  readonly ignored = new Set<string>();
  readonly #byNode: readonly ReadonlyMap<string, number>[];
  readonly #byValue: readonly Map<string, number>[];
  readonly #weights: readonly number[];

  /** `feasible` are the nodes to be scored; with `requireAll` they must have every constraint's key. */
  constructor(
    state: CycleState,
    constraints: readonly Constraint[],
    podCounts: PodCounts,
    feasible: readonly NodeInfo[],
    requireAll: boolean,
  ) {
    const { namespace } = state.pod.pod.metadata!;
    this.constraints = constraints;
    this.#byNode = constraints.map((constraint) =>
      podCounts.byNode(constraint.countKey, countsFor(constraint, namespace!)),
    );
    this.#byValue = constraints.map(() => new Map<string, number>());
    for (const node of feasible) {
      if (requireAll && !hasAllKeys(constraints, node)) {
        this.ignored.add(node.name);
        continue;
      }
      for (const [index, { topologyKey }] of constraints.entries()) {
        if (topologyKey !== HOSTNAME) this.#byValue[index]!.set(node.labels[topologyKey] ?? '', 0);
      }
    }
    this.#weights = constraints.map(({ topologyKey }, index) =>
      Math.log(
        (topologyKey === HOSTNAME ? feasible.length - this.ignored.size : this.#byValue[index]!.size) + 2,
      ),
    );
    for (const [index, constraint] of constraints.entries()) {
      if (constraint.topologyKey === HOSTNAME) continue;
      if (!requireAll && constraint.includesAll) this.#take(index, podCounts, namespace!);
      else this.#sum(index, state.nodes, requireAll);
    }
  }

  clone(): SpreadScores {
    return this;
  }

  /** Takes the pods of each value that a feasible node has from what is counted anyway. */
  #take(index: number, podCounts: PodCounts, namespace: string): void {
    const constraint = this.constraints[index]!;
    const { countKey, topologyKey } = constraint;
    const counted = podCounts.byLabel(countKey, countsFor(constraint, namespace), topologyKey);
    const sums = this.#byValue[index]!;
    for (const value of sums.keys()) sums.set(value, counted.get(value) ?? 0);
  }

  /** Adds up the pods of each value that a feasible node has: not all nodes count. */
  #sum(index: number, nodes: readonly NodeInfo[], requireAll: boolean): void {
    const constraint = this.constraints[index]!;
    const sums = this.#byValue[index]!;
    const byNode = this.#byNode[index]!;
    for (const node of nodes) {
      const count = byNode.get(node.name);
      if (count === undefined || (requireAll && !hasAllKeys(this.constraints, node))) continue;
      const value = node.labels[constraint.topologyKey] ?? '';
      const sum = sums.get(value);
      if (sum !== undefined && constraint.includes(node)) sums.set(value, sum + count);
    }
  }

  /** Many pods like it are a large score, which {@link normalizeSpread} turns around. */
  scoreOf(node: NodeInfo): number {
    if (this.ignored.has(node.name)) return 0;
    let score = 0;
    for (const [index, { topologyKey, maxSkew }] of this.constraints.entries()) {
      const value = node.labels[topologyKey];
      if (value === undefined) continue;
      const count =
        topologyKey === HOSTNAME
          ? (this.#byNode[index]!.get(node.name) ?? 0)
          : (this.#byValue[index]!.get(value) ?? 0);
      score += count * this.#weights[index]! + (maxSkew - 1);
    }
    return Math.round(score);
  }
}

/** Models podtopologyspread NormalizeScore. */
export function normalizeSpread(
  scores: readonly number[],
  nodes: readonly NodeInfo[],
  ignored: ReadonlySet<string>,
): number[] {
  let least = Infinity;
  let most = 0;
  for (const [index, score] of scores.entries()) {
    if (ignored.has(nodes[index]!.name)) continue;
    least = Math.min(least, score);
    most = Math.max(most, score);
  }
  return scores.map((score, index) => {
    if (ignored.has(nodes[index]!.name)) return 0;
    return most === 0 ? MAX_NODE_SCORE : Math.floor((MAX_NODE_SCORE * (most + least - score)) / most);
  });
}
