import type { Container, Node, Pod, PodCondition } from 'kubernetes-types/core/v1';
import { deepEqual } from '../../apimachinery/copy.ts';
import { amountOf, podRequests } from '../lifecycle/pod-resources.ts';
import { allContainersOf, uidOf } from '../types.ts';

type Resources = NonNullable<Container['resources']>;

interface Allocation {
  /** What the node has set aside for each container. */
  allocated: Map<string, Resources>;
  /** What each running container really has. */
  readonly actual: Map<string, Resources>;
  /** The spec that asks for what is set aside, as it was seen last. */
  agreed: Pod['spec'];
  pending: { readonly reason: 'Infeasible' | 'Deferred'; readonly message: string } | undefined;
}

/**
 * What the node has set aside for pods, and what their containers have: a pod whose resources are changed
 * while it runs gets the new ones when the node has room.
 *
 * Models pkg/kubelet/allocation.
 */
export class AllocationManager {
  readonly #allocations = new Map<string, Allocation>();

  /** Takes a pod in with what it asks for. */
  add(pod: Pod): void {
    if (this.#allocations.has(uidOf(pod))) return;
    this.#allocations.set(uidOf(pod), {
      allocated: resourcesOf(pod),
      actual: new Map(),
      agreed: pod.spec,
      pending: undefined,
    });
  }

  remove(uid: string): void {
    this.#allocations.delete(uid);
  }

  /** The pod with the resources that are set aside for it. */
  allocatedPod(pod: Pod): Pod {
    const allocation = this.#allocations.get(uidOf(pod));
    if (allocation === undefined || allocation.agreed === pod.spec) return pod;
    if (deepEqual(allocation.allocated, resourcesOf(pod))) {
      allocation.agreed = pod.spec;
      return pod;
    }
    return withResources(pod, allocation.allocated);
  }

  /**
   * Decides on changed resources; true if the pod's containers are to get others now. `othersOf` gives the pods
   * that the node runs beside it.
   */
  retry(pod: Pod, node: Node | undefined, othersOf: () => readonly Pod[]): boolean {
    const allocation = this.#allocations.get(uidOf(pod));
    if (allocation === undefined) return false;
    const wanted = resourcesOf(pod);
    if (isSame(allocation.allocated, wanted)) {
      allocation.pending = undefined;
      return false;
    }
    allocation.pending = refusal(pod, node, othersOf());
    if (allocation.pending !== undefined) return false;
    allocation.allocated = wanted;
    allocation.agreed = pod.spec;
    return true;
  }

  /** A container was started, or given other resources. */
  actuated(pod: Pod, container: string, resources: Resources): void {
    this.#allocations.get(uidOf(pod))?.actual.set(container, resources);
  }

  resources(pod: Pod, container: Container): { readonly actual: Resources; readonly allocated: Resources } {
    const allocation = this.#allocations.get(uidOf(pod));
    const allocated = allocation?.allocated.get(container.name) ?? container.resources ?? {};
    return { allocated, actual: allocation?.actual.get(container.name) ?? allocated };
  }

  /** Containers that do not have yet what is set aside for them. */
  unactuated(pod: Pod): readonly Container[] {
    return pod.spec!.containers.filter((container) => {
      const { allocated, actual } = this.resources(pod, container);
      return !deepEqual(allocated, actual);
    });
  }

  conditions(pod: Pod): PodCondition[] {
    const pending = this.#allocations.get(uidOf(pod))?.pending;
    const conditions: PodCondition[] = [];
    if (pending !== undefined) conditions.push({ type: 'PodResizePending', status: 'True', ...pending });
    if (this.unactuated(pod).length > 0) conditions.push({ type: 'PodResizeInProgress', status: 'True' });
    return conditions;
  }
}

/** Models canResizePod. */
function refusal(pod: Pod, node: Node | undefined, others: readonly Pod[]): Allocation['pending'] {
  const allocatable = node?.status?.allocatable ?? {};
  for (const [resource, requested] of podRequests(pod)) {
    if (resource !== 'cpu' && resource !== 'memory') continue;
    const capacity = amountOf(resource, allocatable[resource] ?? '0');
    if (requested > capacity) {
      return {
        reason: 'Infeasible',
        message: `Node didn't have enough capacity: ${resource}, requested: ${requested}, capacity: ${capacity}`,
      };
    }
    const used = others.reduce((sum, other) => sum + (podRequests(other).get(resource) ?? 0), 0);
    if (used + requested > capacity) {
      return {
        reason: 'Deferred',
        message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
      };
    }
  }
  return undefined;
}

function resourcesOf(pod: Pod): Map<string, Resources> {
  return new Map(allContainersOf(pod).map(({ name, resources }) => [name, resources ?? {}]));
}

function isSame(a: ReadonlyMap<string, Resources>, b: ReadonlyMap<string, Resources>): boolean {
  return [...b].every(([name, resources]) => deepEqual(a.get(name) ?? {}, resources));
}

function withResources(pod: Pod, resources: ReadonlyMap<string, Resources>): Pod {
  const spec = pod.spec!;
  const set = (container: Container): Container => ({
    ...container,
    resources: resources.get(container.name) ?? container.resources ?? {},
  });
  return {
    ...pod,
    spec: {
      ...spec,
      containers: spec.containers.map(set),
      ...(spec.initContainers !== undefined && { initContainers: spec.initContainers.map(set) }),
    },
  };
}
