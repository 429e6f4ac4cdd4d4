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
    this.#sum(state.nodes, requireAll);
  }

  clone(): SpreadScores {
    return this;
  }

  /** Adds up the pods of each value that a feasible node has. */
  #sum(nodes: readonly NodeInfo[], requireAll: boolean): void {
    if (this.constraints.every(({ topologyKey }) => topologyKey === HOSTNAME)) return;
    for (const node of nodes) {
      if (requireAll && !hasAllKeys(this.constraints, node)) continue;
      for (const [index, constraint] of this.constraints.entries()) {
        if (constraint.topologyKey === HOSTNAME) continue;
        const sums = this.#byValue[index]!;
        const value = node.labels[constraint.topologyKey] ?? '';
        const sum = sums.get(value);
        const count = this.#byNode[index]!.get(node.name) ?? 0;
        if (sum === undefined || count === 0 || !constraint.includes(node)) continue;
        sums.set(value, sum + count);
      }
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
