import { expect, test } from 'vitest';
import { claimSpecWarnings, nameWarnings, podWarnings, templateWarnings } from './warnings.ts';

test.each([
  [{}, []],
  [
    { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } },
    ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
  ],
  [{ volumes: [{ name: 'a', gitRepo: {} }] }, ['spec.volumes[0].gitRepo: deprecated in v1.11']],
  [
    {
      containers: [
        {
          name: 'a',
          env: [
            { name: 'X', value: '1' },
            { name: 'X', value: '$(X)2' },
            { name: 'X', value: '3' },
          ],
          resources: { limits: { memory: '100m' } },
        },
      ],
    },
    [
      'spec.containers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer',
      'spec.containers[0].env[2]: hides previous definition of "X"',
    ],
  ],
  [
    {
      containers: [
        { name: 'a', ports: [{ containerPort: 80, protocol: 'TCP' }] },
        { name: 'b', ports: [{ containerPort: 80, protocol: 'TCP' }] },
      ],
    },
    ['spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]'],
  ],
  [
    { imagePullSecrets: [{ name: 'a' }, { name: 'a' }, {}] },
    [
      'spec.imagePullSecrets[1].name: duplicate name "a"',
      'spec.imagePullSecrets[2].name: invalid empty name ""',
    ],
  ],
  [
    { terminationGracePeriodSeconds: -1 },
    [
      'spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1',
    ],
  ],
])('%j', (spec, want) => {
  expect(podWarnings(spec as never, undefined)).toEqual(want);
});

test('a template is warned of under its own path', () => {
  const template = {
    metadata: { annotations: { 'scheduler.alpha.kubernetes.io/critical-pod': '' } },
    spec: {},
  };
  expect(templateWarnings(template as never)).toEqual([
    'spec.template.metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
  ]);
});

test('a name that is no label, and a claim of half a byte', () => {
  expect(nameWarnings('a')).toEqual([]);
  expect(nameWarnings('a.b')).toEqual([
    'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]',
  ]);
  expect(claimSpecWarnings({ resources: { requests: { storage: '500m' } } }, 'spec')).toEqual([
    'spec.resources.requests[storage]: fractional byte value "500m" is invalid, must be an integer',
  ]);
});
