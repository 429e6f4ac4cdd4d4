import { MAX_NODE_SCORE, type Plugin } from '../../framework/interface.ts';

/**
 * Prefers nodes whose cpu and memory would be used to the same degree.
 * Models pkg/scheduler/framework/plugins/noderesources BalancedAllocation.
 */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  preScore: ({ pod }) => pod.requests.has('cpu') || pod.requests.has('memory'),
  score({ pod }, node) {
    const [cpu, memory] = ['cpu', 'memory'].map((name) => {
      const allocatable = node.allocatable.get(name) ?? 0;
      const requested = (node.requested.get(name) ?? 0) + (pod.requests.get(name) ?? 0);
      return allocatable === 0 ? undefined : Math.min(1, requested / allocatable);
    });
    const deviation = cpu === undefined || memory === undefined ? 0 : Math.abs(cpu - memory) / 2;
    return Math.floor((1 - deviation) * MAX_NODE_SCORE);
  },
};
