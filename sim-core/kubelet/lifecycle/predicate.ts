import type { Node, Pod, Taint } from 'kubernetes-types/core/v1';
import { allContainersOf, isCriticalPod } from '../types.ts';
import { matchesNodeSelector } from './node-selector.ts';
import { amountOf, podRequests } from './pod-resources.ts';

/** Why a node does not run a pod that was given to it: reason and message of its status. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** The pods that a node runs. */
interface OtherPods {
  /** No more than so many. */
  readonly atMost: number;
  list(): readonly Pod[];
}

/**
 * Whether the node can run a pod beside those that it runs already; undefined if it can.
 *
 * Models pkg/kubelet/lifecycle/predicate.go predicateAdmitHandler.Admit.
 */
export function admitPod(pod: Pod, node: Node, others: OtherPods): Rejection | undefined {
  const allocatable = node.status?.allocatable ?? {};
  const requests = podRequests(pod);
  if (!isCriticalPod(pod)) {
    const maxPods = Number(allocatable['pods'] ?? Infinity);
    const running = others.atMost + 1 > maxPods ? others.list().length : 0;
    if (running + 1 > maxPods) return insufficient('pods', 1, running, maxPods);
    for (const [resource, requested] of requests) {
      if (requested === 0) continue;
      const capacity = allocatable[resource] === undefined ? 0 : amountOf(resource, allocatable[resource]);
      const used = others.list().reduce((sum, other) => sum + (podRequests(other).get(resource) ?? 0), 0);
      if (used + requested > capacity) return insufficient(resource, requested, used, capacity);
    }
  }
  if (!matchesNodeSelector(pod, node)) {
    return failed('NodeAffinity', "node(s) didn't match Pod's node affinity/selector");
  }
  if (pod.spec?.nodeName !== node.metadata?.name) {
    return failed('NodeName', "node(s) didn't match the requested node name");
  }
  const ports = hostPortsOf(pod);
  if (
    ports.length > 0 &&
    others
      .list()
      .flatMap(hostPortsOf)
      .some((port) => ports.includes(port))
  ) {
    return failed('NodePorts', "node(s) didn't have free ports for the requested pod ports");
  }
  const untolerated = (node.spec?.taints ?? []).find(
    (taint) => taint.effect === 'NoExecute' && !tolerates(pod, taint),
  );
  if (untolerated !== undefined) {
    return failed('TaintToleration', "node(s) had taints that the pod didn't tolerate");
  }
  return undefined;
}

function insufficient(resource: string, requested: number, used: number, capacity: number): Rejection {
  return {
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  };
}

function failed(predicate: string, why: string): Rejection {
  return { reason: predicate, message: `Predicate ${predicate} failed: ${why}` };
}

/** "0.0.0.0/TCP/8080" for each port of the machine that a pod takes. */
function hostPortsOf(pod: Pod): string[] {
  return allContainersOf(pod).flatMap(({ ports }) =>
    (ports ?? []).flatMap(({ hostPort, containerPort, protocol = 'TCP' }) => {
      const port = hostPort ?? (pod.spec?.hostNetwork === true ? containerPort : 0);
      return port > 0 ? [`${protocol}/${port}`] : [];
    }),
  );
}

function tolerates(pod: Pod, taint: Taint): boolean {
  return (pod.spec?.tolerations ?? []).some(
    ({ key, operator = 'Equal', value, effect }) =>
      (!effect || effect === taint.effect) &&
      (!key || key === taint.key) &&
      (operator === 'Exists' || (value ?? '') === (taint.value ?? '')),
  );
}
