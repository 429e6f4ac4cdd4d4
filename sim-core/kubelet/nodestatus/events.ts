import type { Node, NodeStatus } from 'kubernetes-types/core/v1';

/** A condition and the reasons of the events when it begins and when it ends. */
const PRESSURES = [
  ['MemoryPressure', 'NodeHasInsufficientMemory', 'NodeHasSufficientMemory'],
  ['DiskPressure', 'NodeHasDiskPressure', 'NodeHasNoDiskPressure'],
  ['PIDPressure', 'NodeHasInsufficientPID', 'NodeHasSufficientPID'],
] as const;

/**
 * The reasons of the events that a new status calls for, in order.
 * Models pkg/kubelet/nodestatus MemoryPressureCondition and its like, and ReadyCondition.
 */
export function statusEvents({ status: before }: Node, after: NodeStatus): string[] {
  const statusOf = ({ conditions = [] }: NodeStatus, type: string) =>
    conditions.find((condition) => condition.type === type)?.status;
  const changes = (type: string) => statusOf(before ?? {}, type) !== statusOf(after, type);
  const reasons: string[] = PRESSURES.filter(([type]) => changes(type)).map(([type, begins, ends]) =>
    statusOf(after, type) === 'True' ? begins : ends,
  );
  // A node that was never ready before says nothing.
  if (statusOf(before ?? {}, 'Ready') !== undefined && changes('Ready')) {
    reasons.push(statusOf(after, 'Ready') === 'True' ? 'NodeReady' : 'NodeNotReady');
  }
  return reasons;
}
