import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerBehavior,
  HPAScalingPolicy,
  HPAScalingRules,
} from 'kubernetes-types/autoscaling/v2';
import type { ScalingHistory } from './scaling-history.ts';

/** --horizontal-pod-autoscaler-downscale-stabilization, in seconds. */
const DOWNSCALE_STABILIZATION = 300;
/** What rules that say nothing stand for. Models GenerateHPAScaleUpRules and GenerateHPAScaleDownRules. */
const UP_POLICIES: HPAScalingPolicy[] = [
  { type: 'Pods', value: 4, periodSeconds: 15 },
  { type: 'Percent', value: 100, periodSeconds: 15 },
];
const DOWN_POLICIES: HPAScalingPolicy[] = [{ type: 'Percent', value: 100, periodSeconds: 15 }];

interface Verdict {
  readonly reason: string;
  readonly message: string;
}

/** The size that a workload gets, and what is to be said of it. */
export interface Normalized {
  readonly replicas: number;
  readonly able: Verdict;
  readonly limited: Verdict & { readonly isLimited: boolean };
}

const READY: Verdict = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' };
const DOWN_STABILIZED: Verdict = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};
const UP_STABILIZED: Verdict = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
};
const WITHIN_RANGE: Verdict = {
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
};
const UP_LIMIT: Verdict = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
};
const TOO_MANY: Verdict = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
};
const DOWN_LIMIT: Verdict = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
};
const TOO_FEW: Verdict = {
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
};

/**
 * What becomes of the number that metrics call for: not less than was called for of late, not faster than allowed,
 * and within the limits. `current` is the present number. The recommendation is kept in `history`.
 *
 * Models normalizeDesiredReplicas and normalizeDesiredReplicasWithBehaviors of pkg/controller/podautoscaler.
 */
export function normalize(
  { spec }: HorizontalPodAutoscaler,
  current: number,
  desired: number,
  history: ScalingHistory,
  now: number,
): Normalized {
  const { behavior, minReplicas = 1, maxReplicas } = spec!;
  const stabilized = stabilize(behavior, current, desired, history, now);
  const limits =
    behavior === undefined
      ? { ceiling: Math.max(2 * current, 4), floor: -Infinity }
      : {
          ceiling: Math.max(current, upLimit(behavior.scaleUp, current, history, now)),
          floor: Math.min(current, downLimit(behavior.scaleDown, current, history, now)),
        };
  const most = Math.min(maxReplicas, limits.ceiling);
  const least = Math.max(minReplicas, limits.floor);
  const replicas =
    stabilized > most && (behavior === undefined || stabilized > current)
      ? most
      : stabilized < least && (behavior === undefined || stabilized < current)
        ? least
        : stabilized;
  const verdict =
    replicas === stabilized
      ? WITHIN_RANGE
      : stabilized > replicas
        ? maxReplicas > limits.ceiling
          ? UP_LIMIT
          : TOO_MANY
        : minReplicas < limits.floor
          ? DOWN_LIMIT
          : TOO_FEW;
  const able =
    stabilized === desired
      ? READY
      : behavior === undefined || desired < current
        ? DOWN_STABILIZED
        : UP_STABILIZED;
  return { replicas, able, limited: { ...verdict, isLimited: replicas !== stabilized } };
}

/** Models stabilizeRecommendation and stabilizeRecommendationWithBehaviors. */
function stabilize(
  behavior: HorizontalPodAutoscalerBehavior | undefined,
  current: number,
  desired: number,
  history: ScalingHistory,
  now: number,
): number {
  const upWindow = (behavior?.scaleUp?.stabilizationWindowSeconds ?? 0) * 1000;
  const downWindow = (behavior?.scaleDown?.stabilizationWindowSeconds ?? DOWNSCALE_STABILIZATION) * 1000;
  const highest = Math.max(desired, ...history.recommendedSince(now - downWindow));
  const lowest = Math.min(desired, ...history.recommendedSince(now - upWindow));
  history.recommend(desired, now, now - Math.max(upWindow, downWindow));
  if (behavior === undefined) return highest;
  return Math.min(Math.max(current, lowest), highest);
}

/** Models calculateScaleUpLimitWithScalingRules. */
function upLimit(
  { selectPolicy = 'Max', policies = UP_POLICIES }: HPAScalingRules = {},
  current: number,
  history: ScalingHistory,
  now: number,
): number {
  if (selectPolicy === 'Disabled') return current;
  const proposals = policies.map(({ type, value, periodSeconds }) => {
    const before = current - history.changedSince(now - periodSeconds * 1000);
    return type === 'Pods' ? before + value : Math.ceil(before * (1 + value / 100));
  });
  return selectPolicy === 'Min' ? Math.min(...proposals) : Math.max(...proposals);
}

/** Models calculateScaleDownLimitWithBehaviors: the larger change is the smaller number. */
function downLimit(
  { selectPolicy = 'Max', policies = DOWN_POLICIES }: HPAScalingRules = {},
  current: number,
  history: ScalingHistory,
  now: number,
): number {
  if (selectPolicy === 'Disabled') return current;
  const proposals = policies.map(({ type, value, periodSeconds }) => {
    const before = current - history.changedSince(now - periodSeconds * 1000);
    return type === 'Pods' ? before - value : Math.trunc(before * (1 - value / 100));
  });
  return selectPolicy === 'Min' ? Math.max(...proposals) : Math.min(...proposals);
}

/** For how many milliseconds the changes of a workload matter. Models getLongestPolicyPeriod. */
export function longestPeriod(behavior: HorizontalPodAutoscalerBehavior): number {
  const policies = [
    ...(behavior.scaleUp?.policies ?? UP_POLICIES),
    ...(behavior.scaleDown?.policies ?? DOWN_POLICIES),
  ];
  return Math.max(...policies.map(({ periodSeconds }) => periodSeconds)) * 1000;
}
