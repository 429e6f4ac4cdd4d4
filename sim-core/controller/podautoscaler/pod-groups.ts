import type { Pod } from 'kubernetes-types/core/v1';
import { podCondition } from '../util/pods.ts';
import type { PodMetric } from './metrics.ts';

/** --horizontal-pod-autoscaler-cpu-initialization-period and -initial-readiness-delay, in milliseconds. */
const CPU_INITIALIZATION_PERIOD = 300_000;
const INITIAL_READINESS_DELAY = 30_000;

/** Pods by what their metrics are good for; names. */
export interface PodGroups {
  readonly ready: number;
  /** On their way up: what they use says nothing yet. */
  readonly unready: ReadonlySet<string>;
  /** Nobody measured them. */
  readonly missing: ReadonlySet<string>;
  /** Gone, or as good as. */
  readonly ignored: ReadonlySet<string>;
}

/** Models pkg/controller/podautoscaler/replica_calculator.go groupPods. */
export function groupPods(
  pods: readonly Pod[],
  metrics: ReadonlyMap<string, PodMetric>,
  resource: string,
  now: number,
): PodGroups {
  const [unready, missing, ignored] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let ready = 0;
  for (const pod of pods) {
    const name = pod.metadata!.name!;
    const metric = metrics.get(name);
    if (pod.metadata!.deletionTimestamp !== undefined || pod.status?.phase === 'Failed') ignored.add(name);
    else if (pod.status?.phase === 'Pending') unready.add(name);
    else if (metric === undefined) missing.add(name);
    else if (resource === 'cpu' && isUnready(pod, metric, now)) unready.add(name);
    else ready++;
  }
  return { ready, unready, missing, ignored };
}

/** A pod that starts needs more than one that runs. */
function isUnready(pod: Pod, metric: PodMetric, now: number): boolean {
  const condition = podCondition(pod, 'Ready');
  const start = pod.status?.startTime;
  if (condition === undefined || start === undefined) return true;
  const changed = Date.parse(condition.lastTransitionTime ?? '') || 0;
  const isFalse = condition.status === 'False';
  if (Date.parse(start) + CPU_INITIALIZATION_PERIOD > now) {
    return isFalse || (metric.at ?? now) < changed + metric.window;
  }
  // It was never ready.
  return isFalse && Date.parse(start) + INITIAL_READINESS_DELAY > changed;
}
