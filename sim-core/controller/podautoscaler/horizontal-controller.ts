import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerStatus,
  MetricStatus,
} from 'kubernetes-types/autoscaling/v2';
import type { Pod } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { parseSelector } from '../../apimachinery/labels/selector.ts';
import { formatTime, parseApiVersion } from '../../apimachinery/object.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { MutationCache } from '../../client-go/tools/cache/mutation-cache.ts';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { type Controller, type ControllerContext, recorderFor } from '../controller-context.ts';
import { isServerError } from '../util/pod-control.ts';
import { Conditions } from './conditions.ts';
import { longestPeriod, normalize } from './normalize.ts';
import { desiredReplicas } from './replica-calculator.ts';
import { ScalingHistory } from './scaling-history.ts';

/** --horizontal-pod-autoscaler-sync-period */
const SYNC_PERIOD = 15_000;

interface Scale {
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number; readonly selector?: string };
}

/** The size that a workload should have, why, and what was measured for it. */
interface Wish {
  readonly replicas: number;
  readonly reason: string;
  readonly metrics?: MetricStatus[];
}

/** Sizes workloads by what their pods use. Models pkg/controller/podautoscaler HorizontalController. */
export class HorizontalController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #recorder: EventRecorder;
  readonly #newest: MutationCache<HorizontalPodAutoscaler>;
  readonly #pods: Lister<Pod>;
  readonly #histories = new Map<string, ScalingHistory>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.clock, context.context);
    this.#recorder = recorderFor(context, 'horizontal-pod-autoscaler');
    const autoscalers = context.informers.for<HorizontalPodAutoscaler>(RESOURCES.horizontalPodAutoscalers);
    this.#newest = new MutationCache(autoscalers.lister);
    this.#pods = context.informers.for<Pod>(RESOURCES.pods).lister;
    const later = (autoscaler: HorizontalPodAutoscaler) =>
      this.#queue.addAfter(keyOf(autoscaler), SYNC_PERIOD, { periodic: true });
    autoscalers.addHandler({ onAdd: later, onUpdate: (_, autoscaler) => later(autoscaler) });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, 5, (key) => this.#sync(key));
  }

  async #sync(key: string): Promise<void> {
    const autoscaler = this.#newest.getByKey(key);
    if (autoscaler === undefined) {
      this.#histories.delete(key);
      return;
    }
    this.#queue.addAfter(key, SYNC_PERIOD, { periodic: true });
    const history = this.#histories.get(key) ?? new ScalingHistory();
    this.#histories.set(key, history);
    const status = await this.#reconcile(autoscaler, history);
    if (semanticEqual(status, autoscaler.status)) return;
    const body = { ...autoscaler, status };
    this.#newest.mutation(
      await this.#context.client.update<HorizontalPodAutoscaler>(
        RESOURCES.horizontalPodAutoscalers,
        body as { metadata: { name: string } },
        { namespace: autoscaler.metadata!.namespace, subresource: 'status' },
      ),
    );
  }

  /** Models reconcileAutoscaler; gives the new status. */
  async #reconcile(
    autoscaler: HorizontalPodAutoscaler,
    history: ScalingHistory,
  ): Promise<HorizontalPodAutoscalerStatus> {
    const { clock } = this.#context;
    const { minReplicas = 1 } = autoscaler.spec!;
    const conditions = new Conditions(autoscaler, clock);
    const scale = await this.#currentScale(autoscaler, conditions);
    if (scale === undefined) return { ...baseStatus(autoscaler), conditions: conditions.list };
    const current = scale.spec?.replicas ?? 0;
    const now = clock.now();
    history.begin(current, now);
    // What was measured counts once; the rest of the status stays as it was.
    const { currentMetrics: _, ...known } = baseStatus(autoscaler);
    const status = { ...known, currentReplicas: current };
    if (current === 0 && minReplicas !== 0) {
      const message = 'scaling is disabled since the replica count of the target is zero';
      conditions.set('ScalingActive', 'False', 'ScalingDisabled', message);
      return { ...status, desiredReplicas: 0, conditions: conditions.list };
    }
    const wish =
      outOfRange(autoscaler, current) ?? (await this.#measure(autoscaler, scale, history, conditions, now));
    const failed = () => ({
      ...baseStatus(autoscaler),
      currentReplicas: current,
      conditions: conditions.list,
    });
    if (wish === undefined) return failed();
    const { replicas: desiredReplicas, metrics: currentMetrics } = wish;
    const measured = { ...status, ...(currentMetrics && { currentMetrics }), desiredReplicas };
    if (desiredReplicas === current) return { ...measured, conditions: conditions.list };
    if (!(await this.#rescale(autoscaler, scale, wish, conditions))) return failed();
    const { behavior } = autoscaler.spec!;
    if (behavior !== undefined)
      history.changed(desiredReplicas - current, now, now - longestPeriod(behavior));
    return { ...measured, conditions: conditions.list, lastScaleTime: formatTime(now) };
  }

  /** The scale of the target; undefined, with condition and event, if it cannot be had. */
  async #currentScale(
    autoscaler: HorizontalPodAutoscaler,
    conditions: Conditions,
  ): Promise<Scale | undefined> {
    const { resource, name, options } = targetOf(autoscaler);
    try {
      const scale = await this.#context.client.get<Scale>(resource, name, options);
      const message = "the HPA controller was able to get the target's current scale";
      conditions.set('AbleToScale', 'True', 'SucceededGetScale', message);
      return scale;
    } catch (error) {
      if (!isServerError(error)) throw error;
      this.#event(autoscaler, 'Warning', 'FailedGetScale', error.message);
      const message = `the HPA controller was unable to get the target's current scale: ${error.message}`;
      conditions.set('AbleToScale', 'False', 'FailedGetScale', message);
      return undefined;
    }
  }

  /**
   * The size that the metrics call for, within what spec and behavior allow; undefined, with condition and events, if
   * nobody can say. Models computeReplicasForMetrics.
   */
  async #measure(
    autoscaler: HorizontalPodAutoscaler,
    scale: Scale,
    history: ScalingHistory,
    conditions: Conditions,
    now: number,
  ): Promise<Wish | undefined> {
    const current = scale.spec?.replicas ?? 0;
    const selector = scale.status?.selector ?? '';
    if (selector === '') {
      this.#event(autoscaler, 'Warning', 'SelectorRequired', 'selector is required');
      const message = "the HPA target's scale is missing a selector";
      conditions.set('ScalingActive', 'False', 'InvalidSelector', message);
      this.#event(autoscaler, 'Warning', 'FailedComputeMetricsReplicas', 'selector is required');
      return undefined;
    }
    const parsed = parseSelector(selector);
    const pods = this.#pods
      .list(autoscaler.metadata!.namespace)
      .filter(({ metadata }) => parsed.matches(metadata!.labels));
    const { client } = this.#context;
    const { failures, metrics, best, message } = await desiredReplicas(
      client,
      autoscaler,
      selector,
      pods,
      current,
      now,
    );
    for (const failure of failures) this.#event(autoscaler, 'Warning', failure.reason, failure.message);
    if (best === undefined) {
      const [first] = failures;
      const why = `the HPA was unable to compute the replica count: ${first!.message}`;
      conditions.set('ScalingActive', 'False', first!.reason, why);
      this.#event(autoscaler, 'Warning', 'FailedComputeMetricsReplicas', message!);
      return undefined;
    }
    const found = `the HPA was able to successfully calculate a replica count from ${best.metric}`;
    conditions.set('ScalingActive', 'True', 'ValidMetricFound', found);
    const { replicas, able, limited } = normalize(autoscaler, current, best.replicas, history, now);
    conditions.set('AbleToScale', 'True', able.reason, able.message);
    conditions.set('ScalingLimited', limited.isLimited ? 'True' : 'False', limited.reason, limited.message);
    const reason = best.replicas > current ? `${best.metric} above target` : 'All metrics below target';
    return { replicas, reason, metrics };
  }

  /** Gives the target another size; false, with condition and event, if the server refuses. */
  async #rescale(
    autoscaler: HorizontalPodAutoscaler,
    scale: Scale,
    { replicas, reason }: Wish,
    conditions: Conditions,
  ): Promise<boolean> {
    const { resource, options } = targetOf(autoscaler);
    const sized: Scale = { ...scale, spec: { ...scale.spec, replicas } };
    const what = `New size: ${replicas}; reason: ${reason}`;
    try {
      await this.#context.client.update(resource, sized, options);
    } catch (error) {
      if (!isServerError(error)) throw error;
      this.#event(autoscaler, 'Warning', 'FailedRescale', `${what}; error: ${error.message}`);
      const message = `the HPA controller was unable to update the target scale: ${error.message}`;
      conditions.set('AbleToScale', 'False', 'FailedUpdateScale', message);
      return false;
    }
    this.#event(autoscaler, 'Normal', 'SuccessfulRescale', what);
    const message = `the HPA controller was able to update the target scale to ${replicas}`;
    conditions.set('AbleToScale', 'True', 'SucceededRescale', message);
    return true;
  }

  #event(
    autoscaler: HorizontalPodAutoscaler,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void {
    this.#recorder.event(subjectOf(autoscaler, RESOURCES.horizontalPodAutoscalers), type, reason, message);
  }
}

/** Where the scale of what an autoscaler sizes is. */
function targetOf({ metadata, spec }: HorizontalPodAutoscaler) {
  const { apiVersion = 'v1', kind, name } = spec!.scaleTargetRef;
  const { group, version } = parseApiVersion(apiVersion);
  return {
    resource: { group, version, resource: `${kind.toLowerCase()}s` },
    name,
    options: { namespace: metadata!.namespace, subresource: 'scale' },
  };
}

/** A size beyond the limits is brought back without asking for metrics. */
function outOfRange({ spec }: HorizontalPodAutoscaler, current: number): Wish | undefined {
  const { minReplicas = 1, maxReplicas } = spec!;
  if (current > maxReplicas)
    return { replicas: maxReplicas, reason: 'Current number of replicas above Spec.MaxReplicas' };
  if (current < minReplicas)
    return { replicas: minReplicas, reason: 'Current number of replicas below Spec.MinReplicas' };
  return undefined;
}

/** What of the status stays as it was. */
function baseStatus({ status }: HorizontalPodAutoscaler): HorizontalPodAutoscalerStatus {
  return {
    ...status,
    currentReplicas: status?.currentReplicas ?? 0,
    desiredReplicas: status?.desiredReplicas ?? 0,
    conditions: status?.conditions ?? [],
  };
}
