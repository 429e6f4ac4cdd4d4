import type { ContainerPort, Node, Pod } from 'kubernetes-types/core/v1';
import { keyOf } from '../../client-go/tools/cache/store.ts';
import { add, podRequests, type Resources, resourcesOf } from './resources.ts';

/** A pod with what is worked out from it once. Models framework.PodInfo. */
export interface PodInfo {
  readonly pod: Pod;
  readonly key: string;
  readonly requests: Resources;
  readonly nonZeroRequests: Resources;
  readonly hostPorts: readonly ContainerPort[];
}

export function podInfoOf(pod: Pod): PodInfo {
  return {
    pod,
    key: keyOf(pod),
    requests: podRequests(pod, false),
    nonZeroRequests: podRequests(pod, true),
    hostPorts: (pod.spec?.containers ?? [])
      .flatMap((container) => container.ports ?? [])
      .filter((port) => (port.hostPort ?? 0) > 0),
  };
}

/** Priority of a pod; 0 if it has none. */
export const priorityOf = (pod: Pod): number => pod.spec?.priority ?? 0;

/** A node, the pods on it, and their sums. Models framework.NodeInfo. */
export class NodeInfo {
  readonly name: string;
  readonly pods = new Map<string, PodInfo>();
  readonly requested = new Map<string, number>();
  readonly nonZeroRequested = new Map<string, number>();
  #node: Node | undefined;
  #allocatable: Resources = new Map();

  constructor(name: string) {
    this.name = name;
  }

  /** Undefined while pods are known of a node that is not. */
  get node(): Node | undefined {
    return this.#node;
  }

  set node(node: Node | undefined) {
    this.#node = node;
    this.#allocatable = resourcesOf(node?.status?.allocatable);
  }

  get allocatable(): Resources {
    return this.#allocatable;
  }

  addPod(info: PodInfo): void {
    this.pods.set(info.key, info);
    add(this.requested, info.requests);
    add(this.nonZeroRequested, info.nonZeroRequests);
  }

  removePod(key: string): void {
    const info = this.pods.get(key);
    if (info === undefined) return;
    this.pods.delete(key);
    add(this.requested, info.requests, -1);
    add(this.nonZeroRequested, info.nonZeroRequests, -1);
  }

  /** A copy to try things on. */
  clone(): NodeInfo {
    const copy = new NodeInfo(this.name);
    copy.#node = this.#node;
    copy.#allocatable = this.#allocatable;
    for (const info of this.pods.values()) copy.addPod(info);
    return copy;
  }
}
