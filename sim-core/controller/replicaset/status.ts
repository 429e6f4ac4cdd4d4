import type { ReplicaSet, ReplicaSetCondition, ReplicaSetStatus } from 'kubernetes-types/apps/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { formatTime, type GroupVersionResource } from '../../apimachinery/object.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { isPodAvailable, isPodReady } from '../util/pods.ts';
import { updateStatus as writeStatus } from '../util/update-status.ts';

/** Models pkg/controller/replicaset/replica_set_utils.go calculateStatus. */
export function calculateStatus(
  set: ReplicaSet,
  pods: readonly Pod[],
  now: number,
  failure: unknown,
): ReplicaSetStatus {
  const template = Object.entries(set.spec!.template?.metadata?.labels ?? {});
  const minReadySeconds = set.spec!.minReadySeconds ?? 0;
  let [fullyLabeledReplicas, readyReplicas, availableReplicas] = [0, 0, 0];
  for (const pod of pods) {
    const labels = pod.metadata?.labels;
    if (template.every(([key, value]) => labels?.[key] === value)) fullyLabeledReplicas++;
    if (!isPodReady(pod)) continue;
    readyReplicas++;
    if (minReadySeconds === 0 || isPodAvailable(pod, minReadySeconds, now)) availableReplicas++;
  }
  return {
    ...set.status,
    replicas: pods.length,
    fullyLabeledReplicas,
    readyReplicas,
    availableReplicas,
    conditions: conditionsOf(set, pods.length, now, failure),
  };
}

/** ReplicaFailure while pods cannot be made or deleted. */
function conditionsOf(set: ReplicaSet, pods: number, now: number, failure: unknown): ReplicaSetCondition[] {
  const known = set.status?.conditions ?? [];
  const failed = known.some(({ type }) => type === 'ReplicaFailure');
  const others = known.filter(({ type }) => type !== 'ReplicaFailure');
  if (!(failure instanceof Error)) return failed ? others : known;
  if (failed) return known;
  const condition: ReplicaSetCondition = {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: formatTime(now),
    reason: pods < (set.spec!.replicas ?? 1) ? 'FailedCreate' : 'FailedDelete',
    message: failure.message,
  };
  return [...others, condition];
}

/** Writes the status if it differs. */
export async function updateStatus(
  client: RestClient,
  resource: GroupVersionResource,
  set: ReplicaSet,
  status: ReplicaSetStatus,
): Promise<ReplicaSet> {
  const known = withoutZeros(set.status ?? {});
  const next = withoutZeros({ ...status, observedGeneration: set.metadata!.generation ?? 0 });
  if (semanticEqual(known, next)) return set;
  return writeStatus(client, resource, set, (current) => ({ ...current, status: next }));
}

/** As Go leaves empty fields out; `replicas` is always there. */
function withoutZeros(status: Partial<ReplicaSetStatus>): ReplicaSetStatus {
  const entries = Object.entries(status).filter(
    ([key, value]) => key === 'replicas' || (value !== 0 && !(Array.isArray(value) && value.length === 0)),
  );
  return Object.fromEntries(entries) as unknown as ReplicaSetStatus;
}
