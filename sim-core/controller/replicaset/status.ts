import type { ReplicaSet, ReplicaSetCondition, ReplicaSetStatus } from 'kubernetes-types/apps/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { formatTime, type GroupVersionResource } from '../../apimachinery/object.ts';
import { isReason } from '../../apimachinery/status.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { isPodAvailable, isPodReady } from '../util/pods.ts';

/** Models pkg/controller/replicaset/replica_set_utils.go calculateStatus. */
export function calculateStatus(
  set: ReplicaSet,
  pods: readonly Pod[],
  now: number,
  failure: unknown,
): ReplicaSetStatus {
  const template = Object.entries(set.spec!.template?.metadata?.labels ?? {});
  const count = (fits: (pod: Pod) => boolean) => pods.filter(fits).length;
  return {
    ...set.status,
    replicas: pods.length,
    fullyLabeledReplicas: count((pod) =>
      template.every(([key, value]) => pod.metadata?.labels?.[key] === value),
    ),
    readyReplicas: count(isPodReady),
    availableReplicas: count((pod) => isPodAvailable(pod, set.spec!.minReadySeconds ?? 0, now)),
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

/** Writes the status if it differs; tries once more on the newest object after a conflict. */
export async function updateStatus(
  client: RestClient,
  resource: GroupVersionResource,
  set: ReplicaSet,
  status: ReplicaSetStatus,
): Promise<ReplicaSet> {
  const generation = set.metadata!.generation ?? 0;
  const known = withoutZeros(set.status ?? {});
  const next = { ...status, observedGeneration: generation };
  if (semanticEqual(known, withoutZeros(next))) return set;
  const { namespace, name } = set.metadata!;
  const write = (to: ReplicaSet) =>
    client.update<ReplicaSet>(
      resource,
      { ...to, status: withoutZeros(next) } as { metadata: { name: string } },
      { namespace, subresource: 'status' },
    );
  try {
    return await write(set);
  } catch (error) {
    if (!isReason(error, 'Conflict')) throw error;
  }
  return write(await client.get<ReplicaSet>(resource, name!, { namespace }));
}

/** As Go leaves empty fields out; `replicas` is always there. */
function withoutZeros(status: Partial<ReplicaSetStatus>): ReplicaSetStatus {
  const entries = Object.entries(status).filter(
    ([key, value]) => key === 'replicas' || (value !== 0 && !(Array.isArray(value) && value.length === 0)),
  );
  return Object.fromEntries(entries) as unknown as ReplicaSetStatus;
}
