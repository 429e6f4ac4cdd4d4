import type { HorizontalPodAutoscalerBehavior } from 'kubernetes-types/autoscaling/v2';
import { describe, expect, it } from 'vitest';
import { normalize } from './normalize.ts';
import { ScalingHistory } from './scaling-history.ts';

const SECOND = 1000;
const autoscaler = (behavior?: HorizontalPodAutoscalerBehavior) => ({
  spec: {
    scaleTargetRef: { kind: 'Deployment', name: 'web' },
    minReplicas: 2,
    maxReplicas: 20,
    ...(behavior && { behavior }),
  },
});
/** What becomes of `desired` at `now`, in seconds, and the reasons. */
const result = (
  current: number,
  desired: number,
  now: number,
  history = new ScalingHistory(),
  behavior?: HorizontalPodAutoscalerBehavior,
) => {
  const { replicas, able, limited } = normalize(
    autoscaler(behavior),
    current,
    desired,
    history,
    now * SECOND,
  );
  return [replicas, able.reason, limited.reason, limited.isLimited];
};

describe('normalize', () => {
  it.each([
    [5, 7, [7, 'ReadyForNewScale', 'DesiredWithinRange', false]],
    [5, 11, [10, 'ReadyForNewScale', 'ScaleUpLimit', true]],
    [1, 9, [4, 'ReadyForNewScale', 'ScaleUpLimit', true]],
    [15, 28, [20, 'ReadyForNewScale', 'TooManyReplicas', true]],
    [5, 1, [2, 'ReadyForNewScale', 'TooFewReplicas', true]],
  ])('without rules: from %d to %d', (current, desired, wanted) => {
    expect(result(current, desired, 0)).toEqual(wanted);
  });

  it('takes nothing away that was called for in the last five minutes', () => {
    const history = new ScalingHistory();
    history.begin(8, 0);
    const stabilized = [8, 'ScaleDownStabilized', 'DesiredWithinRange', false];
    expect(result(8, 3, 15, history)).toEqual(stabilized);
    expect(result(8, 3, 299, history)).toEqual(stabilized);
    expect(result(8, 3, 301, history)).toEqual([3, 'ReadyForNewScale', 'DesiredWithinRange', false]);
  });

  it('grows no faster than the rules say, and waits with it', () => {
    const behavior = {
      scaleUp: { stabilizationWindowSeconds: 60, policies: [{ type: 'Pods', value: 2, periodSeconds: 30 }] },
    };
    const history = new ScalingHistory();
    history.begin(4, 0);
    expect(result(4, 9, 15, history, behavior)).toEqual([
      4,
      'ScaleUpStabilized',
      'DesiredWithinRange',
      false,
    ]);
    expect(result(4, 9, 61, history, behavior)).toEqual([6, 'ReadyForNewScale', 'ScaleUpLimit', true]);
    history.changed(2, 61 * SECOND, 0);
    expect(result(6, 9, 76, history, behavior)[0]).toBe(6);
    expect(result(6, 9, 92, history, behavior)[0]).toBe(8);
  });

  it.each([
    ['Max', 5],
    ['Min', 8],
    ['Disabled', 10],
  ])('shrinks by the rule that is picked: %s', (selectPolicy, replicas) => {
    const policies = [
      { type: 'Percent', value: 50, periodSeconds: 60 },
      { type: 'Pods', value: 2, periodSeconds: 60 },
    ];
    const behavior = { scaleDown: { stabilizationWindowSeconds: 0, selectPolicy, policies } };
    expect(result(10, 3, 0, new ScalingHistory(), behavior)).toEqual([
      replicas,
      'ReadyForNewScale',
      'ScaleDownLimit',
      true,
    ]);
  });
});
