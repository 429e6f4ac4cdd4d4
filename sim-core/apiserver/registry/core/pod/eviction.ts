import type { Pod } from 'kubernetes-types/core/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import { deepCopy } from '../../../../apimachinery/copy.ts';
import { labelSelectorAsSelector } from '../../../../apimachinery/labels/selector.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { formatTime } from '../../../../apimachinery/object.ts';
import {
  badRequestError,
  conflictError,
  forbiddenError,
  invalidError,
  isReason,
  StatusError,
  unknownError,
} from '../../../../apimachinery/status.ts';
import { validateDeleteOptions } from '../../../../apimachinery/validation/object-meta.ts';
import type { DeleteOptions } from '../../rest/object-store.ts';
import { successStatus } from '../../rest-status.ts';
import type { SubresourceContext } from '../../rest/subresource.ts';

const BUDGETS = { group: 'policy', resource: 'poddisruptionbudgets' };
/** As its refusals name it. */
const BUDGET = { group: 'policy', resource: 'poddisruptionbudget' };
const MAX_DISRUPTED_PODS = 2000;

/** How often a deletion that insists on the version just read is tried again. Models EvictionsRetry. */
const MAX_ATTEMPTS = 20;

/** Models pkg/registry/core/pod/storage/eviction.go EvictionREST Create. */
export async function evict(object: KubeObject, request: SubresourceContext): Promise<KubeObject> {
  if (object.metadata.name !== request.name) {
    throw badRequestError('name in URL does not match name in Eviction object');
  }
  const { options, dryRun } = deletionAsked(object, request);
  // Request and body may each ask for a dry run; from here on there is one answer, for all that is written.
  const context: SubresourceContext = { ...request, dryRun };
  await context.validate(object, undefined);
  const insists = options.preconditions?.resourceVersion !== undefined;
  for (let attempt = 1; ; attempt++) {
    const pod = await context.store.get(context.name, context);
    if (!canIgnoreBudget(pod)) {
      await evictWithinBudget(pod, options, context);
      return successStatus(201);
    }
    try {
      // A pod that waits could become healthy meanwhile, and count.
      const isFixed = !insists && !isOver(pod);
      await deletePod(isFixed ? atVersionOf(pod, options) : options, context);
      return successStatus(201);
    } catch (error) {
      if (insists || attempt === MAX_ATTEMPTS || !isReason(error, 'Conflict')) throw error;
    }
  }
}

/** The options as an Eviction has them: nobody has looked at them yet. */
type AskedOptions = DeleteOptions & { readonly dryRun?: readonly string[] };

/** What the eviction says of the deletion, and whether it is a dry run. Models propagateDryRun. */
function deletionAsked(object: KubeObject, request: SubresourceContext) {
  const options = (object.deleteOptions ?? {}) as AskedOptions;
  const { dryRun: inBody = [] } = options;
  const inQuery = request.query('dryRun');
  if (inBody.length > 0 && inQuery.length > 0 && inBody.join(' ') !== inQuery.join(' ')) {
    throw unknownError(
      `Non-matching dry-run options in request and content: [${inQuery.join(' ')}] and [${inBody.join(' ')}]`,
    );
  }
  return { options, dryRun: request.dryRun || inBody.length > 0 };
}

/** Deletes a pod that counts for a budget, if there is one and it allows that. */
async function evictWithinBudget(
  pod: KubeObject,
  options: AskedOptions,
  context: SubresourceContext,
): Promise<void> {
  const budget = await budgetOf(pod, context);
  const isFree = budget !== undefined && costsNothing(pod, budget);
  if (budget !== undefined && !isFree) await spendBudget(budget, pod, context);
  try {
    await deletePod(isFree ? atVersionOf(pod, options) : options, context);
  } catch (error) {
    // The pod changed since its health was looked at: the client may ask again.
    const wasOurs = isFree && options.preconditions?.resourceVersion === undefined;
    throw wasOurs && isReason(error, 'Conflict') ? stillProcessed(budget.metadata!.name!) : error;
  }
}

/**
 * Says on the pod why it goes, and deletes it. Options that cannot be are refused last, with 422.
 * Models addConditionAndDeletePod, and of BeforeDelete what handlers of deletions have seen to.
 */
async function deletePod(options: AskedOptions, context: SubresourceContext): Promise<void> {
  const { store, name } = context;
  const faults = validateDeleteOptions(options);
  const refuse = () => invalidError({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', faults);
  if (context.dryRun) {
    if (faults.length > 0) throw refuse();
    await store.delete(name, options, context);
    return;
  }
  const marked = await store.guaranteedUpdate(
    name,
    (current) => withReason(current, options, context),
    context,
  );
  if (faults.length > 0) throw refuse();
  const hasVersion = options.preconditions?.resourceVersion !== undefined;
  // The mark itself is no change that the client did not expect.
  await store.delete(name, hasVersion ? atVersionOf(marked, options) : options, context);
}

const atVersionOf = ({ metadata }: KubeObject, options: AskedOptions): AskedOptions => ({
  ...options,
  preconditions: { ...options.preconditions, resourceVersion: metadata.resourceVersion! },
});

/** The pod with the condition DisruptionTarget. Rejects with 409 a pod that the client did not mean. */
function withReason(current: KubeObject, options: DeleteOptions, context: SubresourceContext): KubeObject {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const { metadata } = current;
  const refuse = (reason: string) => conflictError({ group: '', resource: 'Pod' }, metadata.name!, reason);
  if (uid && uid !== metadata.uid) {
    throw refuse(
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    throw refuse(
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
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
}

const isOver = ({ status, metadata }: KubeObject) =>
  ['Succeeded', 'Failed'].includes(status?.phase) || metadata.deletionTimestamp !== undefined;

/** A pod that is over, waiting or already on its way out costs no budget. Models canIgnorePDB. */
const canIgnoreBudget = (pod: KubeObject) => isOver(pod) || pod.status?.phase === 'Pending';

/** A pod that is not ready does not count as healthy, so its end disrupts nothing. */
function costsNothing(pod: KubeObject, { spec, status }: PodDisruptionBudget): boolean {
  const conditions = (pod as Pod).status?.conditions ?? [];
  if (conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True')) return false;
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const desired = status?.desiredHealthy ?? 0;
  return desired > 0 && (status?.currentHealthy ?? 0) >= desired;
}

/** The budget that guards a pod. Rejects with 500 if there are several. */
async function budgetOf(
  pod: KubeObject,
  context: SubresourceContext,
): Promise<PodDisruptionBudget | undefined> {
  const budgets = (await context.services.reader.list(BUDGETS, context.namespace)).filter((budget) =>
    labelSelectorAsSelector(budget.spec?.selector).matches(pod.metadata.labels ?? {}),
  );
  if (budgets.length > 1) {
    throw new StatusError(
      500,
      '',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  return budgets[0] as unknown as PodDisruptionBudget | undefined;
}

async function spendBudget(
  { metadata }: PodDisruptionBudget,
  pod: KubeObject,
  context: SubresourceContext,
): Promise<void> {
  await context.services.registry
    .storeFor(BUDGETS)
    .guaranteedUpdate(
      metadata!.name!,
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
    throw stillProcessed(name);
  }
  const allowed = status?.disruptionsAllowed ?? 0;
  if (allowed < 0) throw forbiddenError(BUDGET, name, 'pdb disruptions allowed is negative');
  if (Object.keys(status?.disruptedPods ?? {}).length > MAX_DISRUPTED_PODS) {
    throw forbiddenError(
      BUDGET,
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

const stillProcessed = (budget: string) =>
  tooManyEvictions(`The disruption budget ${budget} is still being processed by the server.`, 10);

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
