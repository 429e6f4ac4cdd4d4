import type { Node } from 'kubernetes-types/core/v1';
import { MAX_NODE_SCORE, type Plugin } from '../../framework/interface.ts';
import type { NodeInfo, PodInfo } from '../../framework/node-info.ts';
import { podRequests, type Resources, resourcesOf } from '../../framework/resources.ts';

/** The resources by which nodes are scored, all of weight 1. */
const SCORED = ['cpu', 'memory'] as const;

/**
 * Refuses nodes without room for the pod, and prefers those with the most room left.
 * Models pkg/scheduler/framework/plugins/noderesources Fit with the LeastAllocated strategy.
 */
export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  filter({ pod }, node) {
    const reasons = insufficientResources(pod, node);
    return reasons.length === 0 ? undefined : { code: 'Unschedulable', reasons };
  },
  score({ pod }, node) {
    let score = 0;
    let weights = 0;
    for (const name of SCORED) {
      const allocatable = node.allocatable.get(name) ?? 0;
      if (allocatable === 0) continue;
      const requested = (node.nonZeroRequested.get(name) ?? 0) + (pod.nonZeroRequests.get(name) ?? 0);
      weights++;
      if (requested > allocatable) continue;
      score += Math.floor(((allocatable - requested) * MAX_NODE_SCORE) / allocatable);
    }
    return weights === 0 ? 0 : Math.floor(score / weights);
  },
  mayHelp(pod, event) {
    switch (event.type) {
      case 'assigned-pod-deleted':
        return true;
      case 'node-added':
        return true;
      case 'node-updated':
        return grows(podRequests(pod, false), event.old, event.node);
      default:
        return false;
    }
  },
};

/** "Too many pods", "Insufficient cpu", … Models fitsRequest. */
function insufficientResources(pod: PodInfo, node: NodeInfo): readonly string[] {
  if (hasRoom(pod, node)) return NONE;
  const reasons: string[] = [];
  if (node.pods.size + 1 > (node.allocatable.get('pods') ?? 0)) reasons.push('Too many pods');
  const lacking: string[] = [];
  for (const [name, amount] of pod.requests) {
    if (amount === 0) continue;
    const free = (node.allocatable.get(name) ?? 0) - (node.requested.get(name) ?? 0);
    if (amount > free) lacking.push(name);
  }
  for (const name of lacking.sort(inOrder)) reasons.push(`Insufficient ${name}`);
  return reasons;
}

const NONE: readonly string[] = [];

/** Asked of every node that is looked at, mostly with the answer yes. */
function hasRoom(pod: PodInfo, node: NodeInfo): boolean {
  if (node.pods.size + 1 > (node.allocatable.get('pods') ?? 0)) return false;
  for (const [name, amount] of pod.requests) {
    if (amount > 0 && amount > (node.allocatable.get(name) ?? 0) - (node.requested.get(name) ?? 0))
      return false;
  }
  return true;
}

/** In the order in which a node's shortages are told. */
const FIRST = ['cpu', 'memory', 'ephemeral-storage'];

const inOrder = (a: string, b: string): number => rank(a) - rank(b) || (a < b ? -1 : 1);
const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

/** True if the node has more of something that the pod wants. */
function grows(requests: Resources, old: Node, node: Node): boolean {
  const before = resourcesOf(old.status?.allocatable);
  const after = resourcesOf(node.status?.allocatable);
  return ['pods', ...requests.keys()].some((name) => (after.get(name) ?? 0) > (before.get(name) ?? 0));
}
