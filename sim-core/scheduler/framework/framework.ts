import type { Pod } from 'kubernetes-types/core/v1';
import type { BuiltInResource } from '../../client-go/kubernetes/resources.ts';
import type { CycleState } from './cycle-state.ts';
import type { Diagnosis, Verdict } from './fit-error.ts';
import { type ClusterEvent, MAX_NODE_SCORE, type Plugin, type PreFilterResult } from './interface.ts';
import { type NodeInfo, type PodInfo, priorityOf } from './node-info.ts';

/** What the filters left, and why they refused the rest of the nodes that were looked at. */
export interface FilterResult extends Diagnosis {
  readonly feasible: readonly NodeInfo[];
  /** All of which something is known, in the order in which they were looked at. */
  readonly looked: readonly NodeInfo[];
}

/** Scores of one plugin, weighted, in the order of the nodes. */
export interface PluginScores {
  readonly plugin: string;
  readonly scores: readonly number[];
}

/** Pods that are to come to a node when others have left it, by node. */
export interface Nominated {
  /** Undefined: none. */
  podsOn(node: string): Iterable<PodInfo> | undefined;
}

/** Runs the plugins at each extension point. Models pkg/scheduler/framework/runtime frameworkImpl. */
export class Framework {
  readonly #plugins: readonly Plugin[];
  readonly #nominated: Nominated;
  /** Where the search for feasible nodes begins next, so that all nodes get their turn. */
  #nextStart = 0;

  constructor(plugins: readonly Plugin[], nominated: Nominated) {
    for (const { name, score, weight } of plugins) {
      if (score !== undefined && !(weight! > 0)) throw new Error(`plugin ${name} scores without a weight`);
    }
    this.#plugins = plugins;
    this.#nominated = nominated;
  }

  /** Kinds that must be known before {@link filterAll}. */
  needs(pod: Pod): BuiltInResource[] {
    return this.#plugins.flatMap((plugin) => plugin.needs?.(pod) ?? []);
  }

  /**
   * Looks for feasible nodes until there are enough. Models findNodesThatFitPod and findNodesThatPassFilters.
   */
  filterAll(state: CycleState): FilterResult {
    const { nodes } = state;
    const allowed = this.#preFilter(state);
    if ('preFilter' in allowed) {
      const { preFilter } = allowed;
      return { nodes: nodes.length, looked: nodes, feasible: [], refused: new Map(), preFilter };
    }
    const { names, plugins } = allowed;
    const candidates = names === undefined ? nodes : nodes.filter(({ name }) => names.has(name));
    const enough = numFeasibleNodesToFind(candidates.length);
    const feasible: NodeInfo[] = [];
    const looked: NodeInfo[] = [];
    const refused = new Map<string, Verdict>();
    const start = names === undefined ? this.#nextStart % Math.max(1, nodes.length) : 0;
    while (looked.length < candidates.length && feasible.length < enough) {
      const node = candidates[(start + looked.length) % candidates.length]!;
      looked.push(node);
      const verdict = this.filterWithNominated(state, node);
      if (verdict === undefined) feasible.push(node);
      else refused.set(node.name, verdict);
    }
    if (names === undefined) this.#nextStart = (start + looked.length) % Math.max(1, nodes.length);
    else if (feasible.length === 0) {
      // Nodes that were not looked at have no reason in the message; preemption counts them.
      const verdict = { plugin: plugins[0]!, code: 'UnschedulableAndUnresolvable', reasons: [] } as const;
      for (const { name } of nodes) if (!names.has(name)) refused.set(name, verdict);
      return { nodes: nodes.length, looked: nodes, feasible, refused };
    }
    return { nodes: nodes.length, looked, feasible, refused };
  }

  /** The first refusal of one node. */
  filter(state: CycleState, node: NodeInfo): Verdict | undefined {
    for (const plugin of this.#plugins) {
      if (plugin.filter === undefined || state.skipped.has(plugin.name)) continue;
      const refusal = plugin.filter(state, node);
      if (refusal !== undefined) return { plugin: plugin.name, ...refusal };
    }
    return undefined;
  }

  /**
   * As {@link filter}, once as if the pods were there that are to come and are at least as important,
   * and once as it is. Models RunFilterPluginsWithNominatedPods.
   */
  filterWithNominated(state: CycleState, node: NodeInfo): Verdict | undefined {
    const nominated = this.#nominated.podsOn(node.name);
    if (nominated === undefined) return this.filter(state, node);
    const priority = priorityOf(state.pod.pod);
    const coming = [...nominated].filter(
      ({ key, pod }) => key !== state.pod.key && priorityOf(pod) >= priority && !node.pods.has(key),
    );
    if (coming.length > 0) {
      const trial = state.clone();
      const crowded = node.clone();
      for (const info of coming) this.addPod(trial, info, crowded);
      const verdict = this.filter(trial, crowded);
      if (verdict !== undefined) return verdict;
    }
    return this.filter(state, node);
  }

  /** Puts a pod on a node of a trial. */
  addPod(state: CycleState, info: PodInfo, node: NodeInfo): void {
    node.addPod(info);
    for (const plugin of this.#plugins) {
      if (!state.skipped.has(plugin.name)) plugin.addPod?.(state, info, node);
    }
  }

  /** Takes a pod from a node of a trial. */
  removePod(state: CycleState, info: PodInfo, node: NodeInfo): void {
    node.removePod(info.key);
    for (const plugin of this.#plugins) {
      if (!state.skipped.has(plugin.name)) plugin.removePod?.(state, info, node);
    }
  }

  /** Weighted scores by plugin. */
  score(state: CycleState, nodes: readonly NodeInfo[]): PluginScores[] {
    const table: PluginScores[] = [];
    for (const plugin of this.#plugins) {
      const { name, weight } = plugin;
      if (plugin.score === undefined || plugin.preScore?.(state, nodes) === false) continue;
      const raw = nodes.map((node) => plugin.score!(state, node));
      const scores = plugin.normalize?.(raw, state, nodes) ?? raw;
      table.push({
        plugin: name,
        scores: scores.map((score, index) => {
          if (score >= 0 && score <= MAX_NODE_SCORE) return score * weight!;
          throw new RangeError(`plugin ${name} gives ${nodes[index]!.name} the score ${score}`);
        }),
      });
    }
    return table;
  }

  /** What must be done before the pod is bound to `node`. */
  async preBind(state: CycleState, node: string): Promise<void> {
    for (const plugin of this.#plugins) {
      if (plugin.preBind !== undefined && !state.skipped.has(plugin.name)) await plugin.preBind(state, node);
    }
  }

  /** True if `event` may help a pod that these plugins refused. */
  mayHelp(pod: Pod, refusedBy: ReadonlySet<string>, event: ClusterEvent): boolean {
    if (refusedBy.size === 0) return true;
    return this.#plugins.some((plugin) => refusedBy.has(plugin.name) && plugin.mayHelp?.(pod, event));
  }

  /** Models RunPreFilterPlugins. */
  #preFilter(
    state: CycleState,
  ):
    | { readonly preFilter: Verdict }
    | { readonly names: ReadonlySet<string> | undefined; readonly plugins: readonly string[] } {
    let names: ReadonlySet<string> | undefined;
    const plugins: string[] = [];
    for (const plugin of this.#plugins) {
      const result: PreFilterResult | undefined = plugin.preFilter?.(state);
      if (result === undefined) continue;
      if ('skip' in result) state.skipped.add(plugin.name);
      else if ('refusal' in result) return { preFilter: { plugin: plugin.name, ...result.refusal } };
      else {
        const before: ReadonlySet<string> | undefined = names;
        names =
          before === undefined ? result.names : new Set([...before].filter((name) => result.names.has(name)));
        plugins.push(plugin.name);
        if (names.size === 0) return { preFilter: disagreement(plugin.name, plugins) };
      }
    }
    return { names, plugins };
  }
}

/** No node is left that all plugins allow. Models RunPreFilterPlugins. */
function disagreement(plugin: string, plugins: readonly string[]): Verdict {
  const reason =
    plugins.length === 1
      ? `node(s) didn't satisfy plugin ${plugin}`
      : `node(s) didn't satisfy plugin(s) [${plugins.join(' ')}] simultaneously`;
  return { plugin, code: 'Unschedulable', reasons: [reason] };
}

const MIN_FEASIBLE_NODES = 100;
const MIN_PERCENTAGE = 5;

/**
 * In a large cluster not every node is looked at: half of a hundred, a tenth of five thousand.
 * Models schedule_one.go numFeasibleNodesToFind with the default percentageOfNodesToScore.
 */
export function numFeasibleNodesToFind(nodes: number): number {
  if (nodes < MIN_FEASIBLE_NODES) return nodes;
  const percentage = Math.max(MIN_PERCENTAGE, 50 - Math.floor(nodes / 125));
  return Math.max(MIN_FEASIBLE_NODES, Math.floor((nodes * percentage) / 100));
}
