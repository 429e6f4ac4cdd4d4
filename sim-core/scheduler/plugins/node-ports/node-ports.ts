import type { ContainerPort } from 'kubernetes-types/core/v1';
import type { Plugin } from '../../framework/interface.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import { hostPortsOf } from '../../framework/node-info.ts';

/** Refuses nodes where a wanted host port is taken. Models pkg/scheduler/framework/plugins/nodeports. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  preFilter: ({ pod }) => (pod.hostPorts.length === 0 ? { skip: true } : undefined),
  filter({ pod }, node) {
    if (!pod.hostPorts.some((port) => isTaken(port, node))) return undefined;
    return {
      code: 'Unschedulable',
      reasons: ["node(s) didn't have free ports for the requested pod ports"],
    };
  },
  mayHelp(pod, event) {
    if (event.type === 'node-added') return true;
    if (event.type !== 'assigned-pod-deleted') return false;
    const freed = hostPortsOf(event.pod);
    return hostPortsOf(pod).some((port) => freed.some((other) => collide(port, other)));
  },
};

function isTaken(port: ContainerPort, node: NodeInfo): boolean {
  for (const { hostPorts } of node.podsWithHostPorts.values()) {
    if (hostPorts.some((taken) => collide(port, taken))) return true;
  }
  return false;
}

/** The same port and protocol on the same address, where 0.0.0.0 is every address. */
function collide(a: ContainerPort, b: ContainerPort): boolean {
  if (a.hostPort !== b.hostPort || (a.protocol ?? 'TCP') !== (b.protocol ?? 'TCP')) return false;
  const [left, right] = [a.hostIP || '0.0.0.0', b.hostIP || '0.0.0.0'];
  return left === right || left === '0.0.0.0' || right === '0.0.0.0';
}
