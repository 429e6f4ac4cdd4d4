import { MAX_NODE_SCORE, type Plugin } from '../../framework/interface.ts';
import type { NodeInfo, PodInfo } from '../../framework/node-info.ts';

/**
 * Prefers nodes whose cpu and memory would be used to the same degree.
 * Models pkg/scheduler/framework/plugins/noderesources BalancedAllocation.
 */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  preScore: ({ pod }) => pod.requests.has('cpu') || pod.requests.has('memory'),
  score({ pod }, node) {
    const cpu = usedPart('cpu', pod, node);
    const memory = usedPart('memory', pod, node);
    const deviation = cpu === undefined || memory === undefined ? 0 : Math.abs(cpu - memory) / 2;
    return Math.floor((1 - deviation) * MAX_NODE_SCORE);
  },
};

/** How much of a resource would be taken with the pod, from 0 to 1; undefined if the node has none. */
function usedPart(name: string, pod: PodInfo, node: NodeInfo): number | undefined {
  const allocatable = node.allocatable.get(name) ?? 0;
  if (allocatable === 0) return undefined;
  const requested = (node.requested.get(name) ?? 0) + (pod.requests.get(name) ?? 0);
  return Math.min(1, requested / allocatable);
}
