import type { Node, NodeCondition, Taint } from 'kubernetes-types/core/v1';

export const NOT_READY = 'node.kubernetes.io/not-ready';
export const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';
const NO_SCHEDULE = 'NoSchedule';

/** Which taint stands for which status of which condition. */
const CONDITION_TAINTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};

const MANAGED = new Set([
  UNSCHEDULABLE,
  ...Object.values(CONDITION_TAINTS).flatMap((byStatus) => Object.values(byStatus)),
]);

export const readyCondition = (node: Node): NodeCondition | undefined =>
  node.status?.conditions?.find(({ type }) => type === 'Ready');

/**
 * The NoSchedule taints that the node's conditions call for and that it lacks, and those that it has for nothing;
 * the reader's own stay out of it. Models pkg/controller/nodelifecycle doNoScheduleTaintingPass.
 */
export function noScheduleDifference(node: Node): { readonly added: Taint[]; readonly removed: Taint[] } {
  const wanted = (node.status?.conditions ?? []).flatMap(({ type, status }) => {
    const key = CONDITION_TAINTS[type]?.[status];
    return key === undefined ? [] : [key];
  });
  if (node.spec?.unschedulable) wanted.push(UNSCHEDULABLE);
  const known = (node.spec?.taints ?? []).flatMap(({ key, effect }) =>
    effect === NO_SCHEDULE && MANAGED.has(key) ? [key] : [],
  );
  const taints = (keys: readonly string[]) => keys.map((key) => ({ key, effect: NO_SCHEDULE }));
  return {
    added: taints(wanted.filter((key) => !known.includes(key))),
    removed: taints(known.filter((key) => !wanted.includes(key))),
  };
}
