import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { fromStored, toStored } from './version-v1.ts';

const cpu = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
};
const others = [
  { type: 'Pods', pods: { metric: { name: 'm' }, target: { type: 'AverageValue', averageValue: '10' } } },
  { type: 'External', external: { metric: { name: 'q' }, target: { type: 'Value', value: '30' } } },
  {
    type: 'Object',
    object: {
      describedObject: { kind: 'Ingress', name: 'i', apiVersion: 'networking.k8s.io/v1' },
      target: { type: 'Value', value: '5' },
      metric: { name: 'hits', selector: { matchLabels: { a: 'b' } } },
    },
  },
];
const stored = (
  metrics: object[],
  status: object = { desiredReplicas: 0, currentMetrics: null },
): KubeObject => ({
  kind: 'HorizontalPodAutoscaler',
  apiVersion: 'autoscaling/v2',
  metadata: { name: 'h' },
  spec: { scaleTargetRef: { kind: 'Deployment', name: 'd' }, minReplicas: 1, maxReplicas: 3, metrics },
  status,
});

test('the share of the processor has a field of its own', () => {
  const shown = fromStored(stored([cpu]));
  expect(shown.apiVersion).toBe('autoscaling/v1');
  expect(shown.spec).toMatchObject({ maxReplicas: 3, targetCPUUtilizationPercentage: 50 });
  expect(shown.status).toEqual({ desiredReplicas: 0, currentReplicas: 0 });
  expect(shown.metadata.annotations).toBeUndefined();
});

test('everything else stands in annotations, in the words of the older version', () => {
  const shown = fromStored(stored([others[0]!, cpu]));
  expect(shown.metadata.annotations).toEqual({
    'autoscaling.alpha.kubernetes.io/metrics':
      '[{"type":"Pods","pods":{"metricName":"m","targetAverageValue":"10"}}]',
  });
});

test('what was read is written back as it was', () => {
  const conditions = [{ type: 'AbleToScale', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }];
  const current = {
    type: 'Resource',
    resource: { name: 'cpu', current: { averageUtilization: 40, averageValue: '400m' } },
  };
  const object = stored([...others, cpu], {
    currentReplicas: 2,
    desiredReplicas: 2,
    currentMetrics: [current],
    conditions,
  });
  object.spec.behavior = { scaleUp: { policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }] } };
  const shown = fromStored(object);
  expect(shown.status).toMatchObject({ currentCPUUtilizationPercentage: 40 });
  expect(shown.metadata.annotations!['autoscaling.alpha.kubernetes.io/behavior']).toBe(
    '{"ScaleUp":{"Policies":[{"Type":"Pods","Value":4,"PeriodSeconds":15}]}}',
  );
  expect(toStored(shown)).toEqual(object);
});

test('without any metric it is the default share of the processor', () => {
  const bare = fromStored(stored([]));
  expect(bare.spec).not.toHaveProperty('targetCPUUtilizationPercentage');
  expect(fromStored(toStored(bare)).spec).toMatchObject({ targetCPUUtilizationPercentage: 80 });
});

test('an annotation that cannot be read counts for nothing', () => {
  const object = fromStored(stored([]));
  object.metadata.annotations = { 'autoscaling.alpha.kubernetes.io/metrics': '{', a: 'b' };
  expect(toStored(object)).toMatchObject({ metadata: { annotations: { a: 'b' } }, spec: { maxReplicas: 3 } });
});
