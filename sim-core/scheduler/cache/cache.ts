import type { Node, Pod } from 'kubernetes-types/core/v1';
import { keyOf } from '../../client-go/tools/cache/store.ts';
import { NodeInfo, type PodInfo, podInfoOf } from '../framework/node-info.ts';

interface Placed {
  readonly info: PodInfo;
  readonly node: string;
  /** True until the apiserver says that the pod is bound. */
  readonly assumed: boolean;
}

/**
 * Nodes and the pods on them, those included that are only just being bound.
 * Models pkg/scheduler/backend/cache cacheImpl.
 */
export class SchedulerCache {
  readonly #nodes = new Map<string, NodeInfo>();
  readonly #pods = new Map<string, Placed>();

  /** The nodes that exist, in the order in which they came. */
  nodes(): NodeInfo[] {
    return [...this.#nodes.values()].filter((info) => info.node !== undefined);
  }

  setNode(node: Node): void {
    this.#nodeInfo(node.metadata!.name!).node = node;
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name);
    if (info === undefined) return;
    info.node = undefined;
    if (info.pods.size === 0) this.#nodes.delete(name);
  }

  isAssumed(pod: Pod): boolean {
    return this.#pods.get(keyOf(pod))?.assumed ?? false;
  }

  /** Counts `pod` on `node` before the apiserver knows of it. */
  assume(info: PodInfo, node: string): void {
    if (this.#pods.has(info.key)) throw new Error(`pod ${info.key} is in the cache, so cannot be assumed`);
    this.#place(info, node, true);
  }

  /** The binding failed. */
  forget(pod: Pod): void {
    const key = keyOf(pod);
    if (this.#pods.get(key)?.assumed) this.#remove(key);
  }

  /** A bound pod, new or changed. */
  setPod(pod: Pod): void {
    const info = podInfoOf(pod);
    this.#remove(info.key);
    this.#place(info, pod.spec!.nodeName!, false);
  }

  removePod(pod: Pod): void {
    this.#remove(keyOf(pod));
  }

  #place(info: PodInfo, node: string, assumed: boolean): void {
    this.#nodeInfo(node).addPod(info);
    this.#pods.set(info.key, { info, node, assumed });
  }

  #remove(key: string): void {
    const placed = this.#pods.get(key);
    if (placed === undefined) return;
    this.#pods.delete(key);
    const info = this.#nodes.get(placed.node);
    info?.removePod(key);
    if (info !== undefined && info.node === undefined && info.pods.size === 0) {
      this.#nodes.delete(placed.node);
    }
  }

  #nodeInfo(name: string): NodeInfo {
    let info = this.#nodes.get(name);
    if (info === undefined) this.#nodes.set(name, (info = new NodeInfo(name)));
    return info;
  }
}
