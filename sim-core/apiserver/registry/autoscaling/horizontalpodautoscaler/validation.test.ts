import { expect, test } from 'vitest';
import { defaultBehavior } from './defaults.ts';
import { validateAutoscalerSpec } from './validation.ts';

const spec = (rest: object) => ({
  minReplicas: 1,
  maxReplicas: 3,
  scaleTargetRef: { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' },
  ...rest,
});
const resource = (target: object) => ({ metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] });

test.each([
  [{}, []],
  [
    { maxReplicas: 0 },
    [
      'spec.maxReplicas: Invalid value: 0: must be greater than 0',
      'spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`',
    ],
  ],
  [
    { scaleTargetRef: { kind: 'a/b' } },
    [
      `spec.scaleTargetRef.kind: Invalid value: "a/b": may not contain '/'`,
      'spec.scaleTargetRef.name: Required value',
    ],
  ],
  [resource({ type: 'Utilization', averageUtilization: 50 }), []],
  [
    resource({ type: 'Utilization' }),
    [
      'spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization',
    ],
  ],
  [
    resource({ type: 'AverageValue', averageValue: '-1' }),
    [
      'spec.metrics[0].resource.target.averageValue: Invalid value: resource.Quantity{i:resource.int64Amount{value:-1, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"-1", Format:"DecimalSI"}: must be positive',
    ],
  ],
  [
    { metrics: [{ type: 'Pods' }] },
    ['spec.metrics[0].pods: Required value: must populate information for the given metric source'],
  ],
  [
    { metrics: [{ type: 'Cpu' }] },
    [
      'spec.metrics[0].type: Unsupported value: "Cpu": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
      'spec.metrics[0].type: Unsupported value: "Cpu": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
    ],
  ],
  [
    {
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: 4000,
          policies: [{ type: 'Percent', value: 0, periodSeconds: 15 }],
        },
      },
    },
    [
      'spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600',
      'spec.behavior.scaleDown.policies[0].value: Invalid value: 0: must be greater than zero',
    ],
  ],
])('%j', (rest, want) => {
  expect(validateAutoscalerSpec(spec(rest) as never).map(({ message }) => message)).toEqual(want);
});

test('a behavior gets both directions', () => {
  const behavior = { scaleDown: { stabilizationWindowSeconds: 60 } };
  defaultBehavior(behavior);
  expect(behavior).toEqual({
    scaleUp: {
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [
        { type: 'Pods', value: 4, periodSeconds: 15 },
        { type: 'Percent', value: 100, periodSeconds: 15 },
      ],
    },
    scaleDown: {
      stabilizationWindowSeconds: 60,
      selectPolicy: 'Max',
      policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
    },
  });
});
