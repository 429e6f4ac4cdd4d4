import type { Pod } from 'kubernetes-types/core/v1';
import type { Verdict } from './fit-error.ts';
import { type ClusterEvent, type CycleState, MAX_NODE_SCORE, type Plugin } from './interface.ts';
import type { NodeInfo } from './node-info.ts';

/** What the filters left, and why they refused the rest, by node name. */
export interface FilterResult {
  readonly feasible: readonly NodeInfo[];
  readonly refused: ReadonlyMap<string, Verdict>;
}

/** Runs the plugins at each extension point. Models pkg/scheduler/framework/runtime frameworkImpl. */
export class Framework {
  readonly #plugins: readonly Plugin[];

  constructor(plugins: readonly Plugin[]) {
    for (const { name, score, weight } of plugins) {
      if (score !== undefined && !(weight! > 0)) throw new Error(`plugin ${name} scores without a weight`);
    }
    this.#plugins = plugins;
  }

  filterAll(state: CycleState): FilterResult {
    const feasible: NodeInfo[] = [];
    const refused = new Map<string, Verdict>();
    const allowed = this.#preFilter(state);
    for (const node of state.nodes) {
      const verdict =
        allowed === undefined || allowed.names.has(node.name)
          ? this.filter(state, node)
          : ({
              plugin: allowed.plugin,
              code: 'UnschedulableAndUnresolvable',
              reasons: ["node(s) didn't satisfy plugin(s) [" + allowed.plugin + ']'],
            } as const);
      if (verdict === undefined) feasible.push(node);
      else refused.set(node.name, verdict);
    }
    return { feasible, refused };
  }

  /** The first refusal of one node. */
  filter(state: CycleState, node: NodeInfo): Verdict | undefined {
    for (const plugin of this.#plugins) {
      const refusal = plugin.filter?.(state, node);
      if (refusal !== undefined) return { plugin: plugin.name, ...refusal };
    }
    return undefined;
  }

  /** Weighted scores: by node, in the order of `nodes`, then by plugin name. */
  score(state: CycleState, nodes: readonly NodeInfo[]): Record<string, number>[] {
    const table = nodes.map((): Record<string, number> => ({}));
    for (const plugin of this.#plugins) {
      if (plugin.score === undefined || plugin.skipScore?.(state)) continue;
      const raw = nodes.map((node) => plugin.score!(state, node));
      const scores = plugin.normalize?.(raw) ?? raw;
      scores.forEach((score, index) => {
        if (!(score >= 0 && score <= MAX_NODE_SCORE)) {
          throw new RangeError(`plugin ${plugin.name} gives ${nodes[index]!.name} the score ${score}`);
        }
        table[index]![plugin.name] = score * plugin.weight!;
      });
    }
    return table;
  }

  /** True if `event` may help a pod that these plugins refused. */
  mayHelp(pod: Pod, refusedBy: ReadonlySet<string>, event: ClusterEvent): boolean {
    if (refusedBy.size === 0) return true;
    return this.#plugins.some((plugin) => refusedBy.has(plugin.name) && plugin.mayHelp?.(pod, event));
  }

  #preFilter({ pod }: CycleState): { plugin: string; names: ReadonlySet<string> } | undefined {
    for (const plugin of this.#plugins) {
      const names = plugin.preFilter?.(pod.pod);
      if (names !== undefined) return { plugin: plugin.name, names };
    }
    return undefined;
  }
}
