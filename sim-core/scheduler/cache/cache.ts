import type { Node, Pod } from 'kubernetes-types/core/v1';
import { deepEqual } from '../../apimachinery/copy.ts';
import { keyOf } from '../../client-go/tools/cache/store.ts';
import { NodeInfo, type PodInfo, podInfoOf } from '../framework/node-info.ts';
import { NodeTree } from './node-tree.ts';
import { PodCounts } from './pod-counts.ts';

interface Placed {
  readonly info: PodInfo;
  readonly node: string;
  /** True until the apiserver says that the pod is bound. */
  readonly assumed: boolean;
}

/**
 * Nodes and the pods on them, those included that are only just being bound.
 * Models pkg/scheduler/backend/cache cacheImpl. There is no snapshot: a scheduling cycle runs without
 * a pause, so nothing changes while it looks.
 */
export class SchedulerCache {
  readonly #nodes = new Map<string, NodeInfo>();
  readonly #tree = new NodeTree();
  readonly #pods = new Map<string, Placed>();
  /** How many nodes have an image, by each of its names. */
  readonly #images = new Map<string, number>();
  readonly #withAffinity = new Set<NodeInfo>();
  readonly #withRequiredAntiAffinity = new Set<NodeInfo>();
  #list: readonly NodeInfo[] | undefined;
  readonly podCounts = new PodCounts(
    () => this.#placedPods(),
    (name) => this.#nodes.get(name)?.existingLabels,
  );

  /** The nodes that exist, zone by turns. */
  nodes(): readonly NodeInfo[] {
    return (this.#list ??= this.#tree.list().map((name) => this.#nodes.get(name)!));
  }

  /** Nodes with pods that say something of other pods. */
  get nodesWithAffinity(): ReadonlySet<NodeInfo> {
    return this.#withAffinity;
  }

  /** Nodes with pods that keep other pods away. */
  get nodesWithRequiredAntiAffinity(): ReadonlySet<NodeInfo> {
    return this.#withRequiredAntiAffinity;
  }

  /** How many nodes have the image called `name`. */
  nodesWithImage(name: string): number {
    return this.#images.get(name) ?? 0;
  }

  setNode(node: Node): void {
    const info = this.#nodeInfo(node.metadata!.name!);
    const before = info.images;
    const labels = info.existingLabels;
    const wasKnown = labels !== undefined;
    info.node = node;
    if (!wasKnown || !deepEqual(labels, info.labels)) this.podCounts.nodesChanged();
    this.#countImages(before, info.images);
    const order = this.#tree.list();
    this.#tree.set(node);
    if (!wasKnown || order !== this.#tree.list()) this.#list = undefined;
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name);
    if (info === undefined) return;
    const before = info.images;
    info.node = undefined;
    this.podCounts.nodesChanged();
    this.#countImages(before, info.images);
    this.#tree.delete(name);
    this.#list = undefined;
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

  *#placedPods(): Iterable<{ readonly pod: Pod; readonly node: string }> {
    for (const { info, node } of this.#pods.values()) yield { pod: info.pod, node };
  }

  #place(info: PodInfo, name: string, assumed: boolean): void {
    const node = this.#nodeInfo(name);
    node.addPod(info);
    this.#pods.set(info.key, { info, node: name, assumed });
    this.#noteAffinity(node);
    this.podCounts.added(info.pod, name);
  }

  #remove(key: string): void {
    const placed = this.#pods.get(key);
    if (placed === undefined) return;
    this.#pods.delete(key);
    this.podCounts.removed(placed.info.pod, placed.node);
    const node = this.#nodes.get(placed.node);
    if (node === undefined) return;
    node.removePod(key);
    this.#noteAffinity(node);
    if (node.node === undefined && node.pods.size === 0) this.#nodes.delete(placed.node);
  }

  #noteAffinity(node: NodeInfo): void {
    if (node.podsWithAffinity.size > 0) this.#withAffinity.add(node);
    else this.#withAffinity.delete(node);
    if (node.podsWithRequiredAntiAffinity.size > 0) this.#withRequiredAntiAffinity.add(node);
    else this.#withRequiredAntiAffinity.delete(node);
  }

  #countImages(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): void {
    if (before === after) return;
    for (const name of before.keys()) this.#images.set(name, this.nodesWithImage(name) - 1);
    for (const name of after.keys()) this.#images.set(name, this.nodesWithImage(name) + 1);
    for (const name of before.keys()) if (this.#images.get(name) === 0) this.#images.delete(name);
  }

  #nodeInfo(name: string): NodeInfo {
    let info = this.#nodes.get(name);
    if (info === undefined) this.#nodes.set(name, (info = new NodeInfo(name)));
    return info;
  }
}
