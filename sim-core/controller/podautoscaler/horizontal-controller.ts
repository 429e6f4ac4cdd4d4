import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscalerStatus,
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
    const { client, clock } = this.#context;
    const { namespace } = autoscaler.metadata!;
    const { scaleTargetRef, minReplicas = 1, maxReplicas } = autoscaler.spec!;
    const { group, version } = parseApiVersion(scaleTargetRef.apiVersion ?? 'v1');
    const resource = { group, version, resource: `${scaleTargetRef.kind.toLowerCase()}s` };
    const target = { namespace, subresource: 'scale' };
    let conditions = autoscaler.status?.conditions ?? [];
    const say = (type: string, status: 'True' | 'False', reason: string, message: string) => {
      conditions = withCondition(conditions, { type, status, reason, message }, clock.now());
    };
    let scale: Scale;
    try {
      scale = await client.get<Scale>(resource, scaleTargetRef.name, target);
    } catch (error) {
      if (!isServerError(error)) throw error;
      this.#event(autoscaler, 'Warning', 'FailedGetScale', error.message);
      const message = `the HPA controller was unable to get the target's current scale: ${error.message}`;
      say('AbleToScale', 'False', 'FailedGetScale', message);
      return { ...baseStatus(autoscaler), conditions };
    }
    say(
      'AbleToScale',
      'True',
      'SucceededGetScale',
      "the HPA controller was able to get the target's current scale",
    );
    const current = scale.spec?.replicas ?? 0;
    const now = clock.now();
    history.begin(current, now);
    // What was measured counts once; the rest of the status stays as it was.
    const { currentMetrics: _, ...known } = baseStatus(autoscaler);
    const status: HorizontalPodAutoscalerStatus = { ...known, currentReplicas: current };
    if (current === 0 && minReplicas !== 0) {
      const message = 'scaling is disabled since the replica count of the target is zero';
      say('ScalingActive', 'False', 'ScalingDisabled', message);
      return { ...status, desiredReplicas: 0, conditions };
    }
    let desired: number;
    let reason: string;
    if (current > maxReplicas) {
      desired = maxReplicas;
      reason = 'Current number of replicas above Spec.MaxReplicas';
    } else if (current < minReplicas) {
      desired = minReplicas;
      reason = 'Current number of replicas below Spec.MinReplicas';
    } else {
      const selector = scale.status?.selector ?? '';
      if (selector === '') {
        this.#event(autoscaler, 'Warning', 'SelectorRequired', 'selector is required');
        const message = "the HPA target's scale is missing a selector";
        say('ScalingActive', 'False', 'InvalidSelector', message);
        this.#event(autoscaler, 'Warning', 'FailedComputeMetricsReplicas', 'selector is required');
        return { ...baseStatus(autoscaler), currentReplicas: current, conditions };
      }
      const parsed = parseSelector(selector);
      const pods = this.#pods.list(namespace).filter(({ metadata }) => parsed.matches(metadata!.labels));
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
        say('ScalingActive', 'False', first!.reason, why);
        this.#event(autoscaler, 'Warning', 'FailedComputeMetricsReplicas', message!);
        return { ...baseStatus(autoscaler), currentReplicas: current, conditions };
      }
      const found = `the HPA was able to successfully calculate a replica count from ${best.metric}`;
      say('ScalingActive', 'True', 'ValidMetricFound', found);
      reason = best.replicas > current ? `${best.metric} above target` : 'All metrics below target';
      status.currentMetrics = metrics;
      const { replicas, able, limited } = normalize(autoscaler, current, best.replicas, history, now);
      say('AbleToScale', 'True', able.reason, able.message);
      say('ScalingLimited', limited.isLimited ? 'True' : 'False', limited.reason, limited.message);
      desired = replicas;
    }
    if (desired === current) return { ...status, desiredReplicas: current, conditions };
    const sized: Scale = { ...scale, spec: { ...scale.spec, replicas: desired } };
    try {
      await client.update(resource, sized, target);
    } catch (error) {
      if (!isServerError(error)) throw error;
      const text = `New size: ${desired}; reason: ${reason}; error: ${error.message}`;
      this.#event(autoscaler, 'Warning', 'FailedRescale', text);
      const why = `the HPA controller was unable to update the target scale: ${error.message}`;
      say('AbleToScale', 'False', 'FailedUpdateScale', why);
      return { ...baseStatus(autoscaler), currentReplicas: current, conditions };
    }
    const { behavior } = autoscaler.spec!;
    if (behavior !== undefined) history.changed(desired - current, now, now - longestPeriod(behavior));
    this.#event(autoscaler, 'Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${reason}`);
    const message = `the HPA controller was able to update the target scale to ${desired}`;
    say('AbleToScale', 'True', 'SucceededRescale', message);
    return { ...status, desiredReplicas: desired, conditions, lastScaleTime: formatTime(now) };
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

/** What of the status stays as it was. */
function baseStatus({ status }: HorizontalPodAutoscaler): HorizontalPodAutoscalerStatus {
  return {
    ...status,
    currentReplicas: status?.currentReplicas ?? 0,
    desiredReplicas: status?.desiredReplicas ?? 0,
    conditions: status?.conditions ?? [],
  };
}

/** Models setConditionInList: a condition keeps its place, and its time while its status is the same. */
function withCondition(
  conditions: readonly HorizontalPodAutoscalerCondition[],
  condition: HorizontalPodAutoscalerCondition,
  now: number,
): HorizontalPodAutoscalerCondition[] {
  const known = conditions.find(({ type }) => type === condition.type);
  const lastTransitionTime = known?.status === condition.status ? known.lastTransitionTime! : formatTime(now);
  const next = { ...condition, lastTransitionTime };
  return known === undefined
    ? [...conditions, next]
    : conditions.map((other) => (other === known ? next : other));
}
