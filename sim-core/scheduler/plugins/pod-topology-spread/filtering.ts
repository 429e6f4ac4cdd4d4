import type { PodCounts } from '../../cache/pod-counts.ts';
import type { CycleState, StateData } from '../../framework/cycle-state.ts';
import type { Refusal } from '../../framework/interface.ts';
import type { NodeInfo, PodInfo } from '../../framework/node-info.ts';
import { type Constraint, countsFor, hasAllKeys } from './constraints.ts';

const REASON = "node(s) didn't match pod topology spread constraints";

/** How many matching pods each value of each constraint's key has. Models preFilterState. */
export class SpreadState implements StateData {
  readonly constraints: readonly Constraint[];
  readonly #counts: readonly Map<string, number>[];
  readonly #least: (number | undefined)[];

  constructor(constraints: readonly Constraint[], counts: readonly Map<string, number>[]) {
    this.constraints = constraints;
    this.#counts = counts;
    this.#least = constraints.map(() => undefined);
  }

  clone(): SpreadState {
    return new SpreadState(
      this.constraints,
      this.#counts.map((counts) => new Map(counts)),
    );
  }

  countOf(index: number, value: string): number {
    return this.#counts[index]!.get(value) ?? 0;
  }

  /** The least count of any value; 0 if there are fewer values than the constraint asks for. */
  least(index: number): number {
    const counts = this.#counts[index]!;
    if (counts.size < this.constraints[index]!.minDomains) return 0;
    let least = this.#least[index];
    if (least === undefined) {
      least = Infinity;
      for (const count of counts.values()) if (count < least) least = count;
      this.#least[index] = least;
    }
    return least === Infinity ? 0 : least;
  }

  /** A trial puts a pod somewhere, or takes it away. */
  update(namespace: string, { pod }: PodInfo, node: NodeInfo, sign: 1 | -1): void {
    if (!hasAllKeys(this.constraints, node)) return;
    for (const [index, constraint] of this.constraints.entries()) {
      if (!constraint.includes(node) || !countsFor(constraint, namespace)(pod)) continue;
      const value = node.labels[constraint.topologyKey]!;
      this.#counts[index]!.set(value, this.countOf(index, value) + sign);
      this.#least[index] = undefined;
    }
  }
}

/** Models calPreFilterState. */
export function spreadState(
  state: CycleState,
  constraints: readonly Constraint[],
  podCounts: PodCounts,
): SpreadState {
  const { namespace } = state.pod.pod.metadata!;
  const byNode = constraints.map((constraint) =>
    podCounts.byNode(constraint.countKey, countsFor(constraint, namespace!)),
  );
  const counts = constraints.map(() => new Map<string, number>());
  for (const node of state.nodes) {
    if (!hasAllKeys(constraints, node)) continue;
    for (const [index, constraint] of constraints.entries()) {
      if (!constraint.includes(node)) continue;
      const value = node.labels[constraint.topologyKey]!;
      const sums = counts[index]!;
      sums.set(value, (sums.get(value) ?? 0) + (byNode[index]!.get(node.name) ?? 0));
    }
  }
  return new SpreadState(constraints, counts);
}

/** Models podtopologyspread Filter. */
export function filterSpread(spread: SpreadState, { pod }: PodInfo, node: NodeInfo): Refusal | undefined {
  for (const [index, { topologyKey, maxSkew, selector }] of spread.constraints.entries()) {
    const value = node.labels[topologyKey];
    if (value === undefined) {
      return { code: 'UnschedulableAndUnresolvable', reasons: [`${REASON} (missing required label)`] };
    }
    const self = selector.matches(pod.metadata?.labels) ? 1 : 0;
    const skew = spread.countOf(index, value) + self - spread.least(index);
    if (skew > maxSkew) return { code: 'Unschedulable', reasons: [REASON] };
  }
  return undefined;
}
