import type { Node, Taint } from 'kubernetes-types/core/v1';
import { formatTime } from '../../apimachinery/object.ts';

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';

/** Which taint stands for which status of which condition. */
const CONDITION_TAINTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

const MANAGED = new Set([
  UNSCHEDULABLE,
  ...Object.values(CONDITION_TAINTS).flatMap((byStatus) => Object.values(byStatus)),
]);

/**
 * The taints that the node should have: the reader's own, and those that its conditions call for.
 * Models pkg/controller/nodelifecycle doNoScheduleTaintingPass and processNoExecuteTaint.
 */
export function wantedTaints(node: Node, now: number): Taint[] {
  const known = node.spec?.taints ?? [];
  const wanted = calledFor(node);
  const time = formatTime(now);
  const isWanted = ({ key, effect }: Taint) =>
    wanted.some((taint) => taint.key === key && taint.effect === effect);
  const isManaged = ({ key, effect }: Taint) =>
    effect === 'NoSchedule'
      ? MANAGED.has(key)
      : effect === 'NoExecute' && [NOT_READY, UNREACHABLE].includes(key);
  const kept = known.filter((taint) => !isManaged(taint) || isWanted(taint));
  const added = wanted.filter(
    ({ key, effect }) => !kept.some((taint) => taint.key === key && taint.effect === effect),
  );
  return [...kept, ...added.map((taint) => ({ ...taint, timeAdded: time }))];
}

function calledFor(node: Node): Taint[] {
  const taints: Taint[] = [];
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = CONDITION_TAINTS[type]?.[status];
    if (key === undefined) continue;
    taints.push({ key, effect: 'NoSchedule' });
    if (type === 'Ready') taints.push({ key, effect: 'NoExecute' });
  }
  if (node.spec?.unschedulable) taints.push({ key: UNSCHEDULABLE, effect: 'NoSchedule' });
  return taints;
}
