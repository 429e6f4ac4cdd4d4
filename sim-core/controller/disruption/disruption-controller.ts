import type { Pod } from 'kubernetes-types/core/v1';
import type { Condition, LabelSelector } from 'kubernetes-types/meta/v1';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from 'kubernetes-types/policy/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { labelSelectorAsSelector } from '../../apimachinery/labels/selector.ts';
import { formatTime } from '../../apimachinery/object.ts';
import { isReason } from '../../apimachinery/status.ts';
import { withPodCondition } from '../../client-go/component-helpers/pod/conditions.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { isServerError } from '../util/pod-control.ts';
import { scaledValue } from '../util/int-or-string.ts';
import { controllerOf } from '../util/owner.ts';
import { isPodReady, isPodTerminal, podCondition } from '../util/pods.ts';
import { ExpectedScale, ScaleError } from './expected-scale.ts';

/** A pod whose eviction was allowed has so long to go; what is said of it counts so long. */
const DELETION_TIMEOUT = 120_000;
const STALE_DISRUPTION_TIMEOUT = 120_000;
const DISRUPTION_TARGET = 'DisruptionTarget';

/** How many pods there should be, how many of them must be healthy, and how many nobody controls. */
interface ExpectedCounts {
  readonly expected: number;
  readonly desired: number;
  readonly unmanaged?: number;
}

/** Keeps what PodDisruptionBudgets allow up to date. Models pkg/controller/disruption DisruptionController. */
export class DisruptionController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  /** Pods that were to go and may not have gone. */
  readonly #stale: WorkQueue;
  readonly #recorder: EventRecorder;
  readonly #budgets: Lister<PodDisruptionBudget>;
  readonly #newest: MutationCache<PodDisruptionBudget>;
  readonly #pods: Lister<Pod>;
  readonly #scale: ExpectedScale;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    this.#stale = new WorkQueue(context.clock, context.context);
    this.#recorder = recorderFor(context, 'controllermanager');
    this.#scale = new ExpectedScale(context.client, context.informers);
    const budgets = context.informers.for<PodDisruptionBudget>(RESOURCES.podDisruptionBudgets);
    const pods = context.informers.for<Pod>(RESOURCES.pods);
    this.#budgets = budgets.lister;
    this.#newest = new MutationCache(budgets.lister);
    this.#pods = pods.lister;
    budgets.addHandler({
      onAdd: (budget) => this.#queue.add(keyOf(budget)),
      onUpdate: (_, budget) => this.#queue.add(keyOf(budget)),
    });
    pods.addHandler({
      onAdd: (pod) => {
        this.#onPod(pod);
        this.#planCleanup(pod);
      },
      onUpdate: (_, pod) => {
        this.#onPod(pod);
        this.#planCleanup(pod);
      },
      onDelete: (pod) => this.#onPod(pod),
    });
  }

  async run(): Promise<void> {
    await Promise.all([
      runWorkers(this.#queue, 1, (key) => this.#sync(key)),
      runWorkers(this.#stale, 1, (key) => this.#cleanup(key)),
    ]);
  }

  #planCleanup(pod: Pod): void {
    const left = this.#untilStale(pod);
    if (left !== undefined) this.#stale.addAfter(keyOf(pod), left, { periodic: true });
  }

  /**
   * Milliseconds until a pod's DisruptionTarget is no longer true of it; undefined: it has none, or it goes.
   * Models nonTerminatingPodHasStaleDisruptionCondition.
   */
  #untilStale(pod: Pod): number | undefined {
    if (pod.metadata!.deletionTimestamp !== undefined || isPodTerminal(pod)) return undefined;
    const condition = podCondition(pod, DISRUPTION_TARGET);
    // A kubelet takes the time that it needs.
    if (condition?.status !== 'True' || condition.reason === 'TerminationByKubelet') return undefined;
    const since = Date.parse(condition.lastTransitionTime ?? '') || 0;
    return Math.max(0, since + STALE_DISRUPTION_TIMEOUT - this.#context.clock.now());
  }

  /** Models syncStalePodDisruption. */
  async #cleanup(key: string): Promise<void> {
    const pod = this.#pods.getByKey(key);
    const left = pod && this.#untilStale(pod);
    if (pod === undefined || left === undefined) return;
    if (left > 0) return this.#planCleanup(pod);
    const { client, clock } = this.#context;
    const condition = { type: DISRUPTION_TARGET, status: 'False' };
    const body = { ...pod, status: withPodCondition(pod, condition, clock.now()) };
    await client.update(RESOURCES.pods, body as { metadata: { name: string } }, {
      namespace: pod.metadata!.namespace,
      subresource: 'status',
    });
  }

  #onPod(pod: Pod): void {
    const budgets = this.#budgets
      .list(pod.metadata!.namespace)
      .filter((budget) => matches(budget, pod))
      .sort((a, b) => (a.metadata!.name! < b.metadata!.name! ? -1 : 1));
    const [chosen] = budgets;
    if (chosen === undefined) return;
    if (budgets.length > 1) {
      const { namespace, name } = pod.metadata!;
      const message = `Pod "${namespace}"/"${name}" matches multiple PodDisruptionBudgets.  Chose "${chosen.metadata!.name}" arbitrarily.`;
      this.#recorder.event(
        subjectOf(pod, RESOURCES.pods),
        'Warning',
        'MultiplePodDisruptionBudgets',
        message,
      );
    }
    this.#queue.addSettled(keyOf(chosen));
  }

  async #sync(key: string): Promise<void> {
    const budget = this.#newest.getByKey(key);
    if (budget === undefined) return;
    try {
      await this.#trySync(key, budget);
    } catch (error) {
      if (isReason(error, 'Conflict')) throw error;
      if (!isServerError(error) && !(error instanceof ScaleError)) throw error;
      await this.#failSafe(budget, error.message);
    }
  }

  async #trySync(key: string, budget: PodDisruptionBudget): Promise<void> {
    const now = this.#context.clock.now();
    const pods = this.#pods.list(budget.metadata!.namespace).filter((pod) => matches(budget, pod));
    if (pods.length === 0) {
      const subject = subjectOf(budget, RESOURCES.podDisruptionBudgets);
      this.#recorder.event(subject, 'Normal', 'NoPods', 'No matching pods found');
    }
    const { expected, desired, unmanaged = 0 } = await this.#countsOrTell(budget, pods);
    if (unmanaged > 0) {
      const selector = goSelectorText(budget.spec!.selector!);
      const message = `Pods selected by this PodDisruptionBudget (selector: ${selector}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
      const subject = subjectOf(budget, RESOURCES.podDisruptionBudgets);
      this.#recorder.event(subject, 'Warning', 'UnmanagedPods', message);
    }
    const disrupted = this.#stillDisrupted(key, budget, pods, now);
    const healthy = pods.filter(
      (pod) =>
        pod.metadata!.deletionTimestamp === undefined &&
        disrupted[pod.metadata!.name!] === undefined &&
        isPodReady(pod),
    ).length;
    const generation = budget.metadata!.generation!;
    const allowed = expected > 0 ? Math.max(0, healthy - desired) : 0;
    await this.#writeStatus(budget, {
      ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
      currentHealthy: healthy,
      desiredHealthy: desired,
      disruptionsAllowed: allowed,
      expectedPods: expected,
      observedGeneration: generation,
      conditions: [
        this.#condition(
          budget,
          generation,
          allowed > 0,
          allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
          '',
        ),
      ],
    });
  }

  async #countsOrTell(budget: PodDisruptionBudget, pods: readonly Pod[]): Promise<ExpectedCounts> {
    try {
      return await this.#counts(budget, pods);
    } catch (error) {
      if (isServerError(error) || error instanceof ScaleError) {
        const subject = subjectOf(budget, RESOURCES.podDisruptionBudgets);
        const message = `Failed to calculate the number of expected pods: ${error.message}`;
        this.#recorder.event(subject, 'Warning', 'CalculateExpectedPodCountFailed', message);
      }
      throw error;
    }
  }

  /** Models getExpectedPodCount. */
  async #counts({ spec }: PodDisruptionBudget, pods: readonly Pod[]): Promise<ExpectedCounts> {
    const { minAvailable, maxUnavailable } = spec!;
    const unmanaged = pods.filter((pod) => controllerOf(pod) === undefined).length;
    if (maxUnavailable !== undefined) {
      const expected = await this.#scale.of(pods);
      const desired = Math.max(0, expected - scaledValue(maxUnavailable, expected, 'up'));
      return { expected, desired, unmanaged };
    }
    if (typeof minAvailable === 'number' || minAvailable === undefined) {
      return { expected: pods.length, desired: Number(minAvailable ?? 0) };
    }
    const expected = await this.#scale.of(pods);
    return { expected, desired: scaledValue(minAvailable, expected, 'up'), unmanaged };
  }

  /** Pods whose eviction was allowed and that are not gone yet. Models buildDisruptedPodMap. */
  #stillDisrupted(
    key: string,
    budget: PodDisruptionBudget,
    pods: readonly Pod[],
    now: number,
  ): Record<string, string> {
    const disrupted: Record<string, string> = {};
    for (const [name, time] of Object.entries(budget.status?.disruptedPods ?? {})) {
      const pod = pods.find(({ metadata }) => metadata!.name === name);
      if (pod === undefined || pod.metadata!.deletionTimestamp !== undefined) continue;
      const left = Date.parse(time as string) + DELETION_TIMEOUT - now;
      if (left <= 0) {
        // Upstream says the namespace twice.
        const { namespace } = budget.metadata!;
        const message = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`;
        this.#recorder.event(subjectOf(pod, RESOURCES.pods), 'Warning', 'NotDeleted', message);
        continue;
      }
      disrupted[name] = time as string;
      this.#queue.addAfter(key, left, { periodic: true });
    }
    return disrupted;
  }

  #condition(
    budget: PodDisruptionBudget,
    generation: number | undefined,
    isAllowed: boolean,
    reason: string,
    message: string,
  ): Condition {
    const status = isAllowed ? 'True' : 'False';
    const known = budget.status?.conditions?.find(({ type }) => type === 'DisruptionAllowed');
    return {
      type: 'DisruptionAllowed',
      status,
      reason,
      message,
      ...(generation !== undefined && { observedGeneration: generation }),
      lastTransitionTime:
        known?.status === status ? known.lastTransitionTime : formatTime(this.#context.clock.now()),
    };
  }

  /** Nothing may be disrupted while nobody knows how much there should be. */
  #failSafe(budget: PodDisruptionBudget, message: string): Promise<void> {
    const { currentHealthy = 0, desiredHealthy = 0, expectedPods = 0 } = budget.status ?? {};
    return this.#writeStatus(budget, {
      ...budget.status,
      currentHealthy,
      desiredHealthy,
      expectedPods,
      disruptionsAllowed: 0,
      conditions: [this.#condition(budget, budget.status?.observedGeneration, false, 'SyncFailed', message)],
    });
  }

  async #writeStatus(budget: PodDisruptionBudget, status: PodDisruptionBudgetStatus): Promise<void> {
    if (semanticEqual(status, budget.status)) return;
    const { namespace } = budget.metadata!;
    const body = { ...budget, status };
    this.#newest.mutation(
      await this.#context.client.update<PodDisruptionBudget>(
        RESOURCES.podDisruptionBudgets,
        body as { metadata: { name: string } },
        { namespace, subresource: 'status' },
      ),
    );
  }
}

/** A budget without a selector is for no pod, one with an empty selector for all. */
function matches({ spec }: PodDisruptionBudget, pod: Pod): boolean {
  return spec?.selector !== undefined && labelSelectorAsSelector(spec.selector).matches(pod.metadata!.labels);
}

/** As Go prints a *LabelSelector. */
function goSelectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.entries(matchLabels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`);
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
