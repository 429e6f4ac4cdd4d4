import type { Pod } from 'kubernetes-types/core/v1';
import { keyOf } from '../../client-go/tools/cache/store.ts';
import { type PodInfo, podInfoOf } from '../framework/node-info.ts';

/**
 * Pods without a node for which others have been sent away: their place is kept.
 * Models pkg/scheduler/backend/queue nominator.
 */
export class Nominator {
  readonly #byNode = new Map<string, Map<string, PodInfo>>();
  readonly #nodeOf = new Map<string, string>();

  /** `node` is where the pod is to come; default: where its status says. */
  set(pod: Pod, node: string | undefined = pod.status?.nominatedNodeName): void {
    const key = keyOf(pod);
    this.delete(pod);
    if (!node) return;
    this.#nodeOf.set(key, node);
    const members = this.#byNode.get(node) ?? new Map<string, PodInfo>();
    this.#byNode.set(node, members);
    members.set(key, podInfoOf(pod));
  }

  delete(pod: Pod): void {
    const key = keyOf(pod);
    const node = this.#nodeOf.get(key);
    if (node === undefined) return;
    this.#nodeOf.delete(key);
    const members = this.#byNode.get(node)!;
    members.delete(key);
    if (members.size === 0) this.#byNode.delete(node);
  }

  nodeOf(pod: Pod): string | undefined {
    return this.#nodeOf.get(keyOf(pod));
  }

  podsOn(node: string): Iterable<PodInfo> | undefined {
    return this.#byNode.get(node)?.values();
  }
}
