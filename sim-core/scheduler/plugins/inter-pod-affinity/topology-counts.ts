import type { NodeInfo } from '../../framework/node-info.ts';

/** Sums by topology: "zone" → "a" → 3. Models topologyToMatchedTermCount. */
export class TopologyCounts {
  readonly #sums: Map<string, Map<string, number>>;

  constructor(sums = new Map<string, Map<string, number>>()) {
    this.#sums = sums;
  }

  get empty(): boolean {
    return this.#sums.size === 0;
  }

  /** The keys that have sums. */
  keys(): Iterable<string> {
    return this.#sums.keys();
  }

  /** Adds to the value that the node has of the key; nothing if it has none. */
  add(topologyKey: string, node: NodeInfo, amount: number): void {
    const value = node.labels[topologyKey];
    if (value === undefined) return;
    let byValue = this.#sums.get(topologyKey);
    if (byValue === undefined) this.#sums.set(topologyKey, (byValue = new Map()));
    const sum = (byValue.get(value) ?? 0) + amount;
    if (sum === 0) byValue.delete(value);
    else byValue.set(value, sum);
    if (byValue.size === 0) this.#sums.delete(topologyKey);
  }

  /** The sum of the node's value of the key; 0 if it has none. */
  of(topologyKey: string, node: NodeInfo): number {
    const value = node.labels[topologyKey];
    return value === undefined ? 0 : (this.#sums.get(topologyKey)?.get(value) ?? 0);
  }

  clone(): TopologyCounts {
    return new TopologyCounts(new Map([...this.#sums].map(([key, byValue]) => [key, new Map(byValue)])));
  }
}
