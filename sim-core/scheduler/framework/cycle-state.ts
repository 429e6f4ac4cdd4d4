import type { NodeInfo, PodInfo } from './node-info.ts';

/** What a plugin keeps between its extension points. A trial changes a clone of it. */
export interface StateData {
  clone(): StateData;
}

/** What one scheduling cycle is about. Models framework.CycleState. */
export class CycleState {
  readonly pod: PodInfo;
  /** All nodes, in the cache's order. */
  readonly nodes: readonly NodeInfo[];
  /** Plugins that have nothing to say of this pod. */
  readonly skipped = new Set<string>();
  readonly #data = new Map<string, StateData>();

  constructor(pod: PodInfo, nodes: readonly NodeInfo[]) {
    this.pod = pod;
    this.nodes = nodes;
  }

  /** Throws if the plugin has written nothing. */
  read<T extends StateData>(plugin: string): T {
    const data = this.#data.get(plugin);
    if (data === undefined) throw new Error(`plugin ${plugin} has no state in this cycle`);
    return data as T;
  }

  has(plugin: string): boolean {
    return this.#data.has(plugin);
  }

  write(plugin: string, data: StateData): void {
    this.#data.set(plugin, data);
  }

  clone(): CycleState {
    const copy = new CycleState(this.pod, this.nodes);
    for (const plugin of this.skipped) copy.skipped.add(plugin);
    for (const [plugin, data] of this.#data) copy.#data.set(plugin, data.clone());
    return copy;
  }
}
