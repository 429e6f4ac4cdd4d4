import type { HorizontalPodAutoscalerBehavior, HPAScalingRules } from 'kubernetes-types/autoscaling/v2';

const PERCENT = { type: 'Percent', value: 100, periodSeconds: 15 };
const PODS = { type: 'Pods', value: 4, periodSeconds: 15 };
const SCALE_UP: HPAScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [PODS, PERCENT],
};
const SCALE_DOWN: HPAScalingRules = { selectPolicy: 'Max', policies: [PERCENT] };

/** Fills in what a behavior leaves open. Models pkg/apis/autoscaling/v2/defaults.go GenerateHPAScaleUpRules. */
export function defaultBehavior(behavior: HorizontalPodAutoscalerBehavior): void {
  behavior.scaleUp = withDefaults(behavior.scaleUp, SCALE_UP);
  behavior.scaleDown = withDefaults(behavior.scaleDown, SCALE_DOWN);
}

function withDefaults(rules: HPAScalingRules = {}, defaults: HPAScalingRules): HPAScalingRules {
  const policies = rules.policies ?? defaults.policies!.map((policy) => ({ ...policy }));
  return { ...defaults, ...rules, policies };
}
