import { expect, test } from 'vitest';
import { applyDefaults, violations } from './limits.ts';

test('applyDefaults fills what is missing and says so', () => {
  const pod = {
    metadata: {} as { annotations?: Record<string, string> },
    spec: { containers: [{ name: 'a' }, { name: 'b', resources: { limits: { cpu: '1' } } }] },
  };
  applyDefaults(pod, [{ type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '100m' } }]);
  expect(pod.spec.containers).toEqual([
    { name: 'a', resources: { requests: { cpu: '100m' }, limits: { cpu: '500m' } } },
    { name: 'b', resources: { requests: { cpu: '100m' }, limits: { cpu: '1' } } },
  ]);
  expect(pod.metadata.annotations!['kubernetes.io/limit-ranger']).toBe(
    'LimitRanger plugin set: cpu request for container a; cpu limit for container a; cpu request for container b',
  );
});

test.each([
  [
    'below the least',
    { min: { cpu: '50m' } },
    { cpu: '10m' },
    {},
    ['minimum cpu usage per Container is 50m, but request is 10m'],
  ],
  [
    'nothing asked for',
    { min: { cpu: '50m' } },
    {},
    {},
    ['minimum cpu usage per Container is 50m.  No request is specified'],
  ],
  [
    'above the most',
    { max: { cpu: '1' } },
    {},
    { cpu: '2' },
    ['maximum cpu usage per Container is 1, but limit is 2'],
  ],
  [
    'no limit',
    { max: { cpu: '1' } },
    {},
    {},
    ['maximum cpu usage per Container is 1.  No limit is specified'],
  ],
  ['within', { min: { cpu: '50m' }, max: { cpu: '1' } }, { cpu: '100m' }, { cpu: '1' }, []],
  [
    'too far apart',
    { maxLimitRequestRatio: { cpu: '2' } },
    { cpu: '100m' },
    { cpu: '500m' },
    ['cpu max limit to request ratio per Container is 2, but provided ratio is 5.000000'],
  ],
])('violations: %s', (_name, item, requests, limits, want) => {
  expect(violations({ type: 'Container', ...item } as never, requests as never, limits as never)).toEqual(
    want,
  );
});
