import type { ContainerPort, Node, Pod } from 'kubernetes-types/core/v1';
import { keyOf } from '../../client-go/tools/cache/store.ts';
import { type AffinityTerms, affinityTermsOf } from './affinity-terms.ts';
import { add, podRequests, type Resources, resourcesOf } from './resources.ts';

/** A pod with what is worked out from it once. Models framework.PodInfo. */
export interface PodInfo {
  readonly pod: Pod;
  readonly key: string;
  readonly requests: Resources;
  readonly nonZeroRequests: Resources;
  readonly hostPorts: readonly ContainerPort[];
  /** Undefined for a pod that says nothing of other pods. */
  readonly affinity: AffinityTerms | undefined;
}

export function podInfoOf(pod: Pod): PodInfo {
  return {
    pod,
    key: keyOf(pod),
    requests: podRequests(pod, false),
    nonZeroRequests: podRequests(pod, true),
    hostPorts: hostPortsOf(pod),
    affinity: affinityTermsOf(pod),
  };
}

/** The ports of the node that a pod takes. */
export function hostPortsOf(pod: Pod): readonly ContainerPort[] {
  const ports: ContainerPort[] = [];
  for (const container of pod.spec?.containers ?? []) {
    for (const port of container.ports ?? []) if ((port.hostPort ?? 0) > 0) ports.push(port);
  }
  return ports;
}

/** Priority of a pod; 0 if it has none. */
export const priorityOf = (pod: Pod): number => pod.spec?.priority ?? 0;

const NO_LABELS: Readonly<Record<string, string>> = {};

/** A node, the pods on it, and their sums. Models framework.NodeInfo. */
export class NodeInfo {
  readonly name: string;
  readonly pods = new Map<string, PodInfo>();
  /** Those of the pods that say something of other pods, that keep others away, that take host ports. */
  readonly podsWithAffinity = new Map<string, PodInfo>();
  readonly podsWithRequiredAntiAffinity = new Map<string, PodInfo>();
  readonly podsWithHostPorts = new Map<string, PodInfo>();
  readonly requested = new Map<string, number>();
  readonly nonZeroRequested = new Map<string, number>();
  #node: Node | undefined;
  #allocatable: Resources = new Map();
  /** Sizes of the images that are there, by each of their names. */
  #images: ReadonlyMap<string, number> = new Map();

  constructor(name: string) {
    this.name = name;
  }

  /** Undefined while pods are known of a node that is not. */
  get node(): Node | undefined {
    return this.#node;
  }

  set node(node: Node | undefined) {
    const before = this.#node;
    this.#node = node;
    // What a heartbeat leaves as it was is not worked out again.
    if (node === undefined || before?.status?.allocatable !== node.status?.allocatable) {
      this.#allocatable = resourcesOf(node?.status?.allocatable);
    }
    if (before?.status?.images !== node?.status?.images) this.#images = imagesOf(node);
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#node?.metadata?.labels ?? NO_LABELS;
  }

  /** Undefined while the node is not known. */
  get existingLabels(): Readonly<Record<string, string>> | undefined {
    return this.#node && this.labels;
  }

  get allocatable(): Resources {
    return this.#allocatable;
  }

  get images(): ReadonlyMap<string, number> {
    return this.#images;
  }

  addPod(info: PodInfo): void {
    const { key } = info;
    this.pods.set(key, info);
    if (info.affinity !== undefined) {
      this.podsWithAffinity.set(key, info);
      if (info.affinity.requiredAntiAffinity.length > 0) this.podsWithRequiredAntiAffinity.set(key, info);
    }
    if (info.hostPorts.length > 0) this.podsWithHostPorts.set(key, info);
    add(this.requested, info.requests);
    add(this.nonZeroRequested, info.nonZeroRequests);
  }

  removePod(key: string): void {
    const info = this.pods.get(key);
    if (info === undefined) return;
    this.pods.delete(key);
    this.podsWithAffinity.delete(key);
    this.podsWithRequiredAntiAffinity.delete(key);
    this.podsWithHostPorts.delete(key);
    add(this.requested, info.requests, -1);
    add(this.nonZeroRequested, info.nonZeroRequests, -1);
  }

  /** A copy to try things on. */
  clone(): NodeInfo {
    const copy = new NodeInfo(this.name);
    copy.#node = this.#node;
    copy.#allocatable = this.#allocatable;
    copy.#images = this.#images;
    for (const info of this.pods.values()) copy.addPod(info);
    return copy;
  }
}

function imagesOf(node: Node | undefined): Map<string, number> {
  const images = new Map<string, number>();
  for (const { names, sizeBytes } of node?.status?.images ?? []) {
    for (const name of names ?? []) images.set(name, sizeBytes ?? 0);
  }
  return images;
}
