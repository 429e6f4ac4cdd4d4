import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import { deepCopy } from '../../../../apimachinery/copy.ts';
import { labelSelectorAsSelector } from '../../../../apimachinery/labels/selector.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { formatTime } from '../../../../apimachinery/object.ts';
import {
  badRequestError,
  forbiddenError,
  internalError,
  StatusError,
} from '../../../../apimachinery/status.ts';
import type { DeleteOptions } from '../../rest/object-store.ts';
import { successStatus } from '../../rest-status.ts';
import type { SubresourceContext } from '../../rest/subresource.ts';

const BUDGETS = { group: 'policy', resource: 'poddisruptionbudgets' };
const MAX_DISRUPTED_PODS = 2000;

/** Models pkg/registry/core/pod/storage/eviction.go EvictionREST Create. */
export async function evict(object: KubeObject, context: SubresourceContext): Promise<KubeObject> {
  if (object.metadata.name !== context.name) {
    throw badRequestError('name in URL does not match name in Eviction object');
  }
  const pod = await context.store.get(context.name, context);
  await context.validate(object, undefined);
  if (!canIgnoreBudget(pod)) await spendBudget(pod, context);
  const options = (object.deleteOptions ?? {}) as DeleteOptions & { dryRun?: string[] };
  if (!context.dryRun && !options.dryRun?.includes('All')) await markEvicted(context);
  await context.store.delete(context.name, { ...options }, context);
  return successStatus(201);
}

/** Says on the pod why it goes. Models addConditionAndDeletePod. */
async function markEvicted(context: SubresourceContext): Promise<void> {
  await context.store.guaranteedUpdate(
    context.name,
    (current) => {
      const pod = deepCopy(current);
      const conditions: { type: string }[] = pod.status?.conditions ?? [];
      const evicted = {
        type: 'DisruptionTarget',
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: formatTime(context.now),
        reason: 'EvictionByEvictionAPI',
        message: 'Eviction API: evicting',
      };
      pod.status = {
        ...pod.status,
        conditions: [...conditions.filter(({ type }) => type !== evicted.type), evicted],
      };
      return pod;
    },
    context,
  );
}

/** A pod that is over, waiting or already on its way out costs no budget. Models canIgnorePDB. */
function canIgnoreBudget(pod: KubeObject): boolean {
  return (
    ['Succeeded', 'Failed', 'Pending'].includes(pod.status?.phase) ||
    pod.metadata.deletionTimestamp !== undefined
  );
}

async function spendBudget(pod: KubeObject, context: SubresourceContext): Promise<void> {
  const budgets = (await context.services.reader.list(BUDGETS, context.namespace)).filter((budget) =>
    labelSelectorAsSelector(budget.spec?.selector).matches(pod.metadata.labels ?? {}),
  );
  if (budgets.length === 0) return;
  if (budgets.length > 1) {
    throw internalError(
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  const store = context.services.registry.storeFor(BUDGETS);
  await store.guaranteedUpdate(
    budgets[0]!.metadata.name!,
    (current) => checkAndDecrement(current, pod.metadata.name!, context),
    context,
  );
}

/** Models checkAndDecrement: one disruption less, and the pod is on the list of the disrupted. */
function checkAndDecrement(current: KubeObject, podName: string, context: SubresourceContext): KubeObject {
  const budget = current as unknown as PodDisruptionBudget;
  const name = current.metadata.name!;
  const status = budget.status;
  if ((status?.observedGeneration ?? 0) < (current.metadata.generation ?? 0)) {
    throw tooManyEvictions(`The disruption budget ${name} is still being processed by the server.`, 10);
  }
  const allowed = status?.disruptionsAllowed ?? 0;
  if (allowed < 0) throw forbiddenError(BUDGETS, name, 'pdb disruptions allowed is negative');
  if (Object.keys(status?.disruptedPods ?? {}).length > MAX_DISRUPTED_PODS) {
    throw forbiddenError(
      BUDGETS,
      name,
      'DisruptedPods map too big - too many evictions not confirmed by PDB controller',
    );
  }
  if (allowed === 0) {
    throw tooManyEvictions(
      `The disruption budget ${name} needs ${status?.desiredHealthy ?? 0} healthy pods and has ${status?.currentHealthy ?? 0} currently`,
      0,
    );
  }
  const next = deepCopy(current);
  next.status.disruptionsAllowed = allowed - 1;
  next.status.disruptedPods = { ...next.status.disruptedPods, [podName]: formatTime(context.now) };
  return next;
}

function tooManyEvictions(message: string, retryAfterSeconds: number): StatusError {
  return new StatusError(
    429,
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    {
      causes: [{ reason: 'DisruptionBudget', message }],
      ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
    },
  );
}
